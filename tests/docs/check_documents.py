#!/usr/bin/env python3
"""Checks the code, commands, flags, files and links of the documents.   check_documents.py g++ [FLAG...] ROOT

In README.md, CONTRIBUTING.md, SECURITY.md, docs/*.md and examples/**/*.md,
  - ```cpp blocks compile. A block is a program by itself, unless a comment on the line before it says otherwise:
        <!-- code: continues -->             it follows the document's blocks before it
        <!-- code: inside main -->           the same, inside main()
        <!-- code: fails -->                 after the blocks before it, it must not compile, with one error, and
                                             the next block shows lines of g++'s output ("..." stands for anything)
        <!-- code: not compiled: REASON -->
    and a comment "code: no block of this document is compiled: REASON" applies to a whole document,
  - an output block after <!-- code: printed for FILE.cpp --> shows lines of g++'s output for that file, and one after
    <!-- code: printed by the program --> all that the document's last program prints;
  - ```python blocks are Python, and the lines of ```cmake and ```meson blocks are in a consumer of tests/consumers;
  - commands, in ```sh blocks and where `...` begins with ./run or build/release/bin/, name existing programs, files and flags;
  - files, flags and CTGAN_... in `...` exist, and links lead to existing files and headings.
"""
import concurrent.futures
import glob
import os
import re
import sys

from commands import Project, check_shell, has_flag
from documents import COMPLAINTS, complain, parse, read, slug
from programs import compile_program, programs_of


def check_prose(project, document, prose, anchors):
    folders = ("include", "tests", "docs", "examples", "benchmarks", "cmake", "packaging")
    for number, line in prose:
        place = f"{document}:{number}"
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(document), file)) if file else document
            if not project.exists(path):
                complain(place, f"link to {target}: no such file")
            elif anchor and anchor not in anchors.get(path, ()):
                complain(place, f"link to {target}: no such heading")
        codes = re.findall(r"`([^`]+)`", line)
        program = codes[0].split(" ")[0] if codes and line.startswith("| `") else ""
        program = project.source_of(program) if re.fullmatch(r"\w+", program) else ""
        for code in codes:
            if code.startswith(("./run ", "build/release/bin/")):
                check_shell(project, place, code)
                continue
            path = code.split(" ")[0]
            if path.split("/")[0] in folders and re.fullmatch(r"[\w./*-]+", path) and not project.exists(path):
                complain(place, f"{code}: no such file")
            for macro in set(re.findall(r"\bCTGAN_\w+", code)) - project.macros:
                complain(place, f"{macro}: no macro or option of anything here")
            for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", code):
                if flag not in project.flags:
                    complain(place, f"{flag}: no flag of anything here")
                elif program and not has_flag(program, flag):
                    complain(place, f"{flag}: no flag of the program in this row")


def check_consumers(project, block, name):
    wanted = [line.strip() for line in block.text.split("\n") if line.strip()]
    for path in glob.glob(os.path.join(project.root, "tests", "consumers", "*", name)):
        lines = iter([line.strip() for line in read(path).split("\n")])
        if all(line in lines for line in wanted):  # in this order
            return
    complain(block.place, f"no {name} of tests/consumers has these lines")


def check(compiler, root):
    project = Project(root)
    names = ["README.md", "CONTRIBUTING.md", "SECURITY.md"]
    documents = [name for name in names if project.exists(name)]
    for pattern in ("docs/*.md", "examples/**/*.md"):
        found = glob.glob(os.path.join(root, pattern), recursive=True)
        documents += sorted(os.path.relpath(path, root) for path in found)
    parsed = {document: parse(document, project.text(document)) for document in documents}
    anchors = {document: {slug(line.lstrip("#")) for _, line in prose if line.startswith("#")}
               for document, (_, prose) in parsed.items()}
    programs, counts = [], {}
    for document, (blocks, prose) in parsed.items():
        check_prose(project, document, prose, anchors)
        programs += programs_of(project, blocks)
        for block in blocks:
            counts[block.language or "output"] = counts.get(block.language or "output", 0) + 1
            if block.language == "sh":
                check_shell(project, block.place, block.text)
            elif block.language == "python":
                try:
                    compile(block.text, block.place, "exec")
                except SyntaxError as error:
                    complain(block.place, f"line {error.lineno} is not Python: {error.msg}")
            elif block.language in ("cmake", "meson"):
                check_consumers(project, block, {"cmake": "CMakeLists.txt", "meson": "meson.build"}[block.language])
            elif block.language not in ("cpp", ""):
                complain(block.place, f"a block of '{block.language}', which nobody checks")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda program: compile_program(compiler, *program), programs))
    blocks = ", ".join(f"{count} {language}" for language, count in sorted(counts.items()))
    return f"{len(documents)} documents; blocks: {blocks}; {len(programs)} programs"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    SUMMARY = check(sys.argv[1:-1], sys.argv[-1])
    for complaint in COMPLAINTS:
        print(complaint)
    print(f"{SUMMARY}; {len(COMPLAINTS)} complaints")
    sys.exit(1 if COMPLAINTS else 0)
