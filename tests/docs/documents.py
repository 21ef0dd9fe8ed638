"""Splits a document into blocks and prose, and collects complaints."""
import re

COMPLAINTS = []


def complain(place, text):
    COMPLAINTS.append(f"{place}: {text}")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Block:
    """A fenced block: its language, its text, the comment before it, and where it begins."""

    def __init__(self, document, line, language, directive):
        self.place = f"{document}:{line}"
        self.line, self.language, self.directive, self.text = line, language, directive, ""


def parse(document, text):
    """The blocks of a document, and its lines of prose with their numbers."""
    blocks, prose, block, directive = [], [], None, None
    for_all = re.search(r"^<!-- code: no block of this document is compiled: .* -->$", text, re.MULTILINE)
    for number, line in enumerate(text.split("\n"), 1):
        if block is None and line.lstrip().startswith("```"):
            block = Block(document, number, line.strip("` ").split(" ")[0], directive)
            if for_all and block.language == "cpp":
                block.directive = "not compiled: " + for_all.group(0)
        elif block is not None and line.strip() == "```":
            blocks.append(block)
            block = directive = None
        elif block is not None:
            block.text += line + "\n"
        else:
            comment = re.match(r"<!-- code: (?!no block of )(.*) -->$", line)
            if comment and directive is not None:
                complain(f"{document}:{number}", "a comment, expected the block of the one before it")
            directive = comment.group(1) if comment else directive
            if not comment and line and directive is not None:
                complain(f"{document}:{number}", f"text, expected a block for '{directive}'")
                directive = None
            prose.append((number, line))
    if block is not None:
        complain(block.place, "a block without end")
    return blocks, prose


def slug(heading):
    """The anchor that GitHub gives a heading."""
    heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
