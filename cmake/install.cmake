# What `cmake --install` installs: headers, files for CMake's find_package and for pkg-config, license and documents. The prefix
# may be moved afterwards. Nothing is compiled, so nothing depends on the machine.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# ---- find_package(ctgan). The files are in share/ctgan, where vcpkg expects them and CMake finds them.
set(package_dir ${CMAKE_INSTALL_DATADIR}/ctgan)
install(DIRECTORY include/ctgan DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ctgan EXPORT ctgan INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ctgan_io EXPORT ctgan_io)
install(TARGETS ctgan_score EXPORT ctgan_score)
install(EXPORT ctgan NAMESPACE ctgan:: DESTINATION ${package_dir})
install(EXPORT ctgan_io NAMESPACE ctgan:: DESTINATION ${package_dir})
install(EXPORT ctgan_score NAMESPACE ctgan:: DESTINATION ${package_dir})

set(find_eigen)
if(CTGAN_EIGEN)
    set(find_eigen "find_dependency(Eigen3 CONFIG)\n")
endif()
configure_file(cmake/ctganConfig.cmake.in ctganConfig.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ctganConfigVersion.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/ctganConfig.cmake ${PROJECT_BINARY_DIR}/ctganConfigVersion.cmake cmake/threads.cmake
    DESTINATION ${package_dir})

# ---- pkg-config. meson.build uses the same two templates.
set(pkgconfig_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(RELATIVE_PATH up /prefix/${pkgconfig_dir} /prefix)
string(REGEX REPLACE "/$" "" up "${up}")
set(prefix "\${pcfiledir}/${up}")
set(includedir ${CMAKE_INSTALL_INCLUDEDIR})
set(thread_library -pthread)
if(CTGAN_HAS_OPENMP)
    set(thread_library "${CTGAN_OPENMP_FLAGS}")
endif()
set(flags "${thread_library} -DCTGAN_OPENMP=${CTGAN_HAS_OPENMP}")
set(requires)
if(CTGAN_EIGEN)
    set(requires "Requires: eigen3\n")
    string(APPEND flags " -DCTGAN_EIGEN=1")
endif()
foreach(name ctgan ctgan-io ctgan-jpeg ctgan-score)
    configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_dir})
endforeach()

# ---- License, documents and examples.
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md CONTRIBUTING.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN *.md PATTERN *.svg PATTERN *.png)
file(GLOB examples CONFIGURE_DEPENDS examples/[0-9]*.cpp)
install(FILES ${examples} examples/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
