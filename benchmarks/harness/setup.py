"""Installs the rivals: a Python with PyTorch and ONNX Runtime, and dlib, onnx2c's code and rl-tools compiled for this machine."""

import os
import pathlib
import subprocess
import sys
import tarfile

from harness import compiled, machine
from harness.shell import ran

environment = machine.root / "build/bench-venv"
dlib_folder = machine.root / "build/bench-dlib"
# The packages that each rival in Python needs; pip needs setuptools to read dlib's archive.
packages = {"PyTorch": ["setuptools", "numpy", "torch"], "ONNX Runtime": ["numpy", "onnx", "onnxruntime"]}


class Setup:
    """`python` is the interpreter for the rivals in Python; `versions` holds the versions of all that is available.

    `onnx2c` and `rl_tools` hold the programs of these rivals by setting, and are empty if the sections do not need them.
    """

    def __init__(self, options):
        install = not options.no_install
        self.python = self.find_python(install)
        self.versions = self.python_versions()
        for rival, needed in packages.items():
            missing = [name for name in needed if name not in self.versions and name != "setuptools"]
            if missing:
                print(f"{rival} is left out: {self.python} has no {', '.join(missing)}")
        self.build_dlib(install)
        self.onnx2c, self.rl_tools = {}, {}
        if {"latency", "memory"} & set(options.sections):
            self.onnx2c = compiled.onnx2c(options.onnx2c, self.python, self.versions)
        if "dense" in options.sections:
            self.rl_tools = compiled.rl_tools(options.rl_tools, self.versions)

    def find_python(self, install):
        """The interpreter that CTGAN_PYTHON names, or one in an environment of our own with the newest packages."""
        named = os.environ.get("CTGAN_PYTHON")
        if named:
            return named
        python = environment / "bin/python"
        if install:
            if not python.exists() and not ran([sys.executable, "-m", "venv", environment]):
                print("python -m venv failed; set CTGAN_PYTHON to a Python that has the packages")
                return sys.executable
            for needed in packages.values():
                ran([python, "-m", "pip", "install", "--quiet", "--upgrade", *needed])
        return str(python) if python.exists() else sys.executable

    def python_versions(self):
        """The versions of the packages that can be imported; it is not enough that they are installed."""
        versions = {}
        for name in dict.fromkeys(sum(packages.values(), [])):
            code = f"import {name}; print({name}.__version__)"
            found = subprocess.run([self.python, "-c", code], capture_output=True, text=True)
            if found.returncode == 0:
                versions[name] = found.stdout.strip()
        return versions

    def build_dlib(self, install):
        """Builds dlib from its newest source archive on the Python package index, or else uses the installed library."""
        flags = []
        source = self.dlib_source(install)
        if source:
            flags = [f"-DCTGAN_DLIB_SOURCE={source}"]
        built = ran(["cmake", "--preset", "release", *flags], cwd=machine.root) and ran(
            ["cmake", "--build", "build/release", "--target", "rivals"], cwd=machine.root)
        if not built or not (machine.programs / "bench_dlib").exists():
            print("dlib is left out: found no libdlib-dev, or it cannot be built")
            return
        self.versions["dlib"] = f"{source.name.split('-')[-1]}, compiled for this machine" if source else "the installed library"

    def dlib_source(self, install):
        """The folder of dlib's newest downloaded sources, or None."""
        def folders():
            return [f for f in dlib_folder.glob("dlib-*") if (f / "dlib/all/source.cpp").exists()]

        if not folders() and install:
            dlib_folder.mkdir(parents=True, exist_ok=True)
            ran([self.python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
                 "--no-build-isolation", "--dest", dlib_folder, "dlib"])
            for archive in dlib_folder.glob("dlib-*.tar.gz"):
                with tarfile.open(archive) as files:
                    files.extractall(dlib_folder, filter="data")
        return max(folders(), default=None)
