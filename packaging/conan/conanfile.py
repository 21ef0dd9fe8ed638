"""Recipe for Conan 2: `conan create packaging/conan` in a clone puts ctgan into Conan's cache."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class Ctgan(ConanFile):
    name = "ctgan"
    description = "GAN training with networks whose shapes are types"
    license = "MIT"
    topics = ("gan", "dcgan", "deep-learning", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    # io: data sets, pictures and weight files, and the libraries that they need. jpeg: io with folders of JPEG files. eigen: Eigen's
    # packets instead of ctgan's own.
    options = {"io": [True, False], "jpeg": [True, False], "eigen": [True, False]}
    default_options = {"io": False, "jpeg": False, "eigen": False}
    no_copy_source = True
    implements = ["auto_header_only"]

    @property
    def _clone(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        numbers = re.findall(r"define CTGAN_VERSION_\w+ (\d+)",
                             load(self, os.path.join(self._clone, "include", "ctgan", "version.hpp")))
        self.version = ".".join(numbers)

    def export_sources(self):
        for pattern in ("include/*", "LICENSE"):
            copy(self, pattern, self._clone, self.export_sources_folder)

    def requirements(self):
        if self.options.eigen:
            self.requires("eigen/[>=3.4 <4]", transitive_headers=True)
        if self.options.jpeg:
            self.requires("libjpeg-turbo/[>=2.1 <4]", transitive_headers=True)
        if self.options.io or self.options.jpeg:
            self.requires("zlib/[>=1.2.11 <2]", transitive_headers=True)
            self.requires("libpng/[>=1.6 <2]", transitive_headers=True)
            self.requires("nlohmann_json/[>=3.9 <4]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "include/*", self.source_folder, self.package_folder)
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        # The target of all components together. Its default name would be that of the networks alone, which would then need io's
        # libraries, too.
        self.cpp_info.set_property("cmake_target_name", "ctgan::all")
        self.cpp_info.set_property("pkg_config_name", "ctgan-all")
        networks = self.cpp_info.components["ctgan"]
        networks.set_property("cmake_target_name", "ctgan::ctgan")
        networks.set_property("pkg_config_name", "ctgan")
        if self.options.eigen:
            networks.requires = ["eigen::eigen"]
            networks.defines = ["CTGAN_EIGEN=1"]
        networks.bindirs = []
        networks.libdirs = []
        if self.settings.get_safe("os") in ("Linux", "FreeBSD"):
            networks.system_libs = ["pthread"]
        if self.options.io or self.options.jpeg:
            io = self.cpp_info.components["io"]
            io.set_property("cmake_target_name", "ctgan::io")
            io.set_property("pkg_config_name", "ctgan-io")
            io.requires = ["ctgan", "zlib::zlib", "libpng::libpng", "nlohmann_json::nlohmann_json"]
            io.bindirs = []
            io.libdirs = []
        if self.options.jpeg:
            jpeg = self.cpp_info.components["jpeg"]
            jpeg.set_property("cmake_target_name", "ctgan::jpeg")
            jpeg.set_property("pkg_config_name", "ctgan-jpeg")
            jpeg.requires = ["io", "libjpeg-turbo::libjpeg-turbo"]
            jpeg.defines = ["CTGAN_WITH_JPEG"]
            jpeg.bindirs = []
            jpeg.libdirs = []
