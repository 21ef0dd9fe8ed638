"""Checks that commands name existing programs, files and flags."""
import glob
import json
import os
import re
import shlex

from documents import complain, read


class Project:
    """What a command may name."""

    def __init__(self, root):
        self.root = root
        run = self.text("run")
        self.run_commands = set(re.findall(r"^([a-z]+)\)$", run, re.MULTILINE))
        presets = self.text("CMakePresets.json")
        self.presets = {preset["name"] for preset in json.loads(presets or "{}").get("workflowPresets", [])}
        code = []
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in ("build", "out", ".git", "corpus", "data")]
            code += [os.path.join(folder, name) for name in files
                     if re.search(r"\.(py|sh|[ch]pp|cu|json|txt|build|cmake)$|^(run|profile)$", name)]
        self.flags, self.macros = set(), set()
        for path in code:
            text = read(path)
            self.flags.update(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))
            self.macros.update(re.findall(r"\bCTGAN_\w+", text))
        self.flags |= {"--run_test", "--log_level"}  # Boost.Test's
        self.flags |= {"--mpi", "--bind-to"}  # of Slurm's srun and of Open MPI's mpirun
        self.options = set(re.findall(r"\bCTGAN_\w+", self.text("CMakeLists.txt") + self.text("cmake/cuda.cmake")))

    def text(self, path):
        path = os.path.join(self.root, path)
        return read(path) if os.path.isfile(path) else ""

    def exists(self, path):
        return bool(glob.glob(os.path.join(self.root, path)))

    def source_of(self, program):
        """The text of a program's source, of our files that it includes, and of those headers' .cpp files; empty if there is none."""
        without_kind = program.removeprefix("thrust_").removeprefix("gpu_")
        text, seen = "", set()
        left = [f"examples/{program}.cpp", f"benchmarks/{program}.cpp", f"tests/gpu/{without_kind}.cu",
                f"benchmarks/gpu/{without_kind}.cu"]
        left += ["benchmarks/scaling/measure.cpp"] if program == "bench_scaling" else []
        while left:
            path = os.path.normpath(left.pop())
            if path in seen:
                continue
            seen.add(path)
            found = self.text(path)
            text += found
            for name in re.findall(r'#include "([^"]*)"', found):
                places = [os.path.join(os.path.dirname(path), name), os.path.join("examples", name)]
                left += places + [os.path.splitext(place)[0] + ".cpp" for place in places]
        return text


# Third-party programs, whose flags are not checked.
OTHERS = {"apt-get", "cd", "clang++", "cmake", "conan", "cpack", "ctest", "dpkg", "g++", "git", "meson", "mkdir", "ninja",
          "nvcc", "pip", "pkg-config", "sudo", "vcpkg"}
# They start the program whose path is one of their arguments.
LAUNCHERS = {"exec", "mpiexec", "mpirun", "srun"}


def has_flag(source, flag):
    return flag == "--help" or re.search(re.escape(flag) + r"(?![\w-])", source)


def check_command(project, place, words):
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        words = words[1:]  # variables of the command
    if words and words[0] in ("sh", "python3") and len(words) > 1:
        words = words[1:]
    while words and words[0] in LAUNCHERS:
        words = words[1:]
        while words and words[0] not in LAUNCHERS and "/" not in words[0]:
            words = words[1:]
    if not words or words[0] == "export":
        return
    for word in words[1:]:
        if re.match(r"(benchmarks|cmake|docs|examples|include|tests)/", word) and not project.exists(word):
            complain(place, f"{word}: no such file")
    name, rest = words[0], words[1:]
    flags = [word.split("=")[0] for word in rest if re.match(r"--[a-z]", word)]
    if name == "./run":
        if not rest or rest[0] not in project.run_commands:
            complain(place, f"./run {' '.join(rest[:1])}: no command of run")
            return
        source = {"mnist": project.source_of("train_dcgan"), "digits": project.source_of("train_gan"),
                  "bench": project.text("benchmarks/run")}.get(rest[0])
        source = project.text("benchmarks/gpu/run") if rest[0] == "gpu" else source
    elif name == "build/release/bin/":
        return
    elif name.startswith("build/release/bin/"):
        source = project.source_of(os.path.basename(name))
        if not source:
            complain(place, f"{name}: no program of that name")
    elif "/" in name:
        if not project.exists(name):
            complain(place, f"{name}: no such file")
        source = project.text(name)
    elif name in OTHERS:
        for word in rest:
            option = re.match(r"-D(CTGAN_\w+)", word)
            if option and option.group(1) not in (project.options if name == "cmake" else project.macros):
                complain(place, f"{word}: no option of CMakeLists.txt, or no macro")
        if name == "cmake" and "--workflow" in rest and rest[-1] not in project.presets:
            complain(place, f"{rest[-1]}: no workflow of CMakePresets.json")
        return
    else:
        complain(place, f"{name}: neither a file nor a program known here")
        return
    for flag in flags:
        if source is not None and not has_flag(source, flag):
            complain(place, f"{name} {flag}: no flag of it")


def check_shell(project, place, text):
    for line in text.replace("\\\n", " ").split("\n"):
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            complain(place, f"{line}: {error}")
            continue
        command = []
        for word in words + ["&&"]:
            if word in ("&&", "||", "|", ";"):
                check_command(project, place, command)
                command = []
            else:
                command.append(word)
