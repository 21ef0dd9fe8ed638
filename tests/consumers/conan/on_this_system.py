"""A recipe for a library that the system's package manager has installed, in place of the recipe of ConanCenter."""

from conan import ConanFile


class OnThisSystem(ConanFile):
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    package_type = "header-library"

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.includedirs = []
        self.cpp_info.system_libs = {"zlib": ["z"], "libpng": ["png"]}.get(self.name, [])
