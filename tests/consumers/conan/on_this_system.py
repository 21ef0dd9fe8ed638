"""Stands in for a library of Conan's centre: the one that the system's own package manager has installed."""

from conan import ConanFile


class OnThisSystem(ConanFile):
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    package_type = "header-library"

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.includedirs = {"eigen": ["/usr/include/eigen3"]}.get(self.name, [])
        self.cpp_info.system_libs = {"zlib": ["z"], "libpng": ["png"]}.get(self.name, [])
