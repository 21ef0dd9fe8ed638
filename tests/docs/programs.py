"""The C++ blocks of a document as programs, and what a compiler says to them."""
import os
import re
import subprocess

from documents import complain


class Program:
    """A program made of blocks: what stands outside of main and what within."""

    def __init__(self):
        self.outside, self.inside = "", ""

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
            file = re.fullmatch(r"said of (.*)", block.said or "")
            if file and not block.language and project.text(file.group(1)):
                mistaken = Program()
                mistaken.outside = project.text(file.group(1))
                programs.append((block.place, mistaken, block.text))
            elif block.said is not None:
                complain(block.place, f"'{block.said}', expected it in front of another block, or another file")
            continue
        if block.said is None:
            current = Program()
            current.outside = Program.of(block)
            programs.append((block.place, current, None))
        elif block.said.startswith("not compiled: "):
            continue
        elif block.said not in ("continues", "inside main", "fails"):
            complain(block.place, f"unknown comment '{block.said}'")
        elif current is None:
            complain(block.place, f"'{block.said}', expected a block before it")
        elif block.said == "continues":
            current.outside += Program.of(block)
        elif block.said == "inside main":
            current.inside += Program.of(block)
        elif after is None or after.language:
            complain(block.place, "'fails', expected the compiler's words in the next block, of no language")
        else:
            mistaken = Program()
            mistaken.outside = current.outside + Program.of(block)
            programs.append((block.place, mistaken, after.text))
    return programs


def compile_program(compiler, place, program, message):
    # Without the caret lines no source text is echoed: what is found was said by the compiler.
    result = subprocess.run(
        [*compiler, "-std=c++20", "-fno-diagnostics-show-caret", "-fsyntax-only", "-x", "c++", "-"],
        input=program.text(), capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    said = result.stderr
    if message is None:
        if result.returncode or said:
            complain(place, "does not compile without a word:\n" + said[:2000])
        return
    errors = said.count("error:")
    if result.returncode == 0 or errors != 1:
        complain(place, f"{errors} errors, expected one:\n" + said[:2000])
    for line in message.strip().split("\n"):
        pattern = ".*".join(re.escape(part) for part in line.strip().split("..."))
        if not re.search(pattern, said):
            complain(place, f"not said: {line}\n" + said[:2000])
