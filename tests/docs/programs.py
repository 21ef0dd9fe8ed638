"""Turns the C++ blocks of a document into programs and compiles them."""
import os
import platform
import re
import subprocess
import tempfile

from documents import complain


class Program:
    """A program made of blocks: the text outside main() and the text inside."""

    def __init__(self):
        self.outside, self.inside = "", ""
        self.printed = None  # what it has to print

    @staticmethod
    def of(block):
        return f'#line {block.line + 1} "{block.place.rpartition(":")[0]}"\n{block.text}'

    def text(self):
        return self.outside + (f"int main() {{\n{self.inside}}}\n" if self.inside else "")


def programs_of(project, blocks):
    """The programs (place, text, lines of the expected message or None) that a document's C++ blocks make."""
    programs, current = [], None
    for block, after in zip(blocks, blocks[1:] + [None]):
        if block.language != "cpp":
            file = re.fullmatch(r"printed for (.*)", block.directive or "")
            if file and not block.language and project.text(file.group(1)):
                mistaken = Program()
                mistaken.outside = project.text(file.group(1))
                programs.append((block.place, mistaken, block.text))
            elif block.directive == "printed by the program" and not block.language and current:
                running = Program()
                running.outside, running.inside, running.printed = current.outside, current.inside, block.text
                programs.append((block.place, running, None))
            elif block.directive is not None:
                complain(block.place, f"'{block.directive}', expected it in front of another block, or another file")
            continue
        if block.directive is None:
            current = Program()
            current.outside = Program.of(block)
            programs.append((block.place, current, None))
        elif block.directive.startswith("not compiled: "):
            continue
        elif block.directive not in ("continues", "inside main", "fails"):
            complain(block.place, f"unknown comment '{block.directive}'")
        elif current is None:
            complain(block.place, f"'{block.directive}', expected a block before it")
        elif block.directive == "continues":
            current.outside += Program.of(block)
        elif block.directive == "inside main":
            current.inside += Program.of(block)
        elif after is None or after.language:
            complain(block.place, "'fails', expected the compiler's words in the next block, of no language")
        else:
            mistaken = Program()
            mistaken.outside = current.outside + Program.of(block)
            programs.append((block.place, mistaken, after.text))
    return programs


def run_program(compiler, place, program):
    """Compares what a program prints, but for sizes of workspaces on other processors, whose vectors have other lengths."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program")
        built = subprocess.run([*compiler, "-std=c++20", "-pthread", "-o", path, "-x", "c++", "-"],
                               input=program.text(), capture_output=True, text=True, check=False)
        if built.returncode:
            complain(place, "does not compile:\n" + built.stderr[:2000])
            return
        result = subprocess.run([path], capture_output=True, text=True, check=False)
    same_vectors = platform.machine() in ("x86_64", "AMD64")

    def lines(text):
        return [line for line in text.strip().split("\n") if same_vectors or not line.startswith("Workspace ")]
    if result.returncode or lines(result.stdout) != lines(program.printed):
        complain(place, "the program prints something else:\n" + result.stdout[:4000])


def compile_program(compiler, place, program, message):
    if program.printed is not None:
        run_program(compiler, place, program)
        return
    # Without the caret lines no source text is echoed, so what is found is in the messages.
    result = subprocess.run(
        [*compiler, "-std=c++20", "-fno-diagnostics-show-caret", "-fsyntax-only", "-x", "c++", "-"],
        input=program.text(), capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    directive = result.stderr
    if message is None:
        if result.returncode or directive:
            complain(place, "does not compile without a word:\n" + directive[:2000])
        return
    errors = directive.count("error:")
    if result.returncode == 0 or errors != 1:
        complain(place, f"{errors} errors, expected one:\n" + directive[:2000])
    for line in message.strip().split("\n"):
        pattern = ".*".join(re.escape(part) for part in line.strip().split("..."))
        if not re.search(pattern, directive):
            complain(place, f"not printed: {line}\n" + directive[:2000])
