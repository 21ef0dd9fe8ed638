# find_package(ctgan) gives ctgan::ctgan; find_package(ctgan COMPONENTS io) gives ctgan::io as well.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/ctgan)
install(TARGETS ctgan EXPORT ctgan FILE_SET HEADERS)
install(TARGETS ctgan_io EXPORT ctgan_io FILE_SET HEADERS)
install(EXPORT ctgan NAMESPACE ctgan:: DESTINATION ${package_dir})
install(EXPORT ctgan_io NAMESPACE ctgan:: DESTINATION ${package_dir})

write_basic_package_version_file(${PROJECT_BINARY_DIR}/ctganConfigVersion.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/ctganConfig.cmake ${PROJECT_BINARY_DIR}/ctganConfigVersion.cmake
    DESTINATION ${package_dir})
