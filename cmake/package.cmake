# `cpack -G DEB` in the build folder makes libctgan-dev_VERSION_all.deb, which installs into /usr like Debian's own packages.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libctgan-dev)
set(CPACK_PACKAGE_CONTACT "the ctgan authors <ctgan@packages.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
if(CTGAN_EIGEN)
    set(CPACK_DEBIAN_PACKAGE_DEPENDS libeigen3-dev)
endif()
# For ctgan::io. They are not needed to use the networks alone.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "zlib1g-dev, libpng-dev, libjpeg-dev, nlohmann-json3-dev, libeigen3-dev")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"ctgan is a header-only C++20 library for training generative networks. A
network is a type, and if two layers do not fit together, the compiler reports
which ones and why. This package holds the headers and the files for CMake
and pkg-config.")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian/documents.cmake)
include(CPack)
