"""A document as blocks and prose, and the list of what is wrong."""
import re

COMPLAINTS = []


def complain(place, text):
    COMPLAINTS.append(f"{place}: {text}")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Block:
    """A fenced block: its language, its text, what the comment in front of it says, and where it begins."""

    def __init__(self, document, line, language, said):
        self.place = f"{document}:{line}"
        self.line, self.language, self.said, self.text = line, language, said, ""


def parse(document, text):
    """The blocks of a document, and its lines of prose with their numbers."""
    blocks, prose, block, said = [], [], None, None
    for_all = re.search(r"^<!-- code: no block of this document is compiled: .* -->$", text, re.MULTILINE)
    for number, line in enumerate(text.split("\n"), 1):
        if block is None and line.lstrip().startswith("```"):
            block = Block(document, number, line.strip("` ").split(" ")[0], said)
            if for_all and block.language == "cpp":
                block.said = "not compiled: " + for_all.group(0)
        elif block is not None and line.strip() == "```":
            blocks.append(block)
            block = said = None
        elif block is not None:
            block.text += line + "\n"
        else:
            comment = re.match(r"<!-- code: (?!no block of )(.*) -->$", line)
            if comment and said is not None:
                complain(f"{document}:{number}", "a comment, expected the block of the one before it")
            said = comment.group(1) if comment else said
            if not comment and line and said is not None:
                complain(f"{document}:{number}", f"text, expected a block for '{said}'")
                said = None
            prose.append((number, line))
    if block is not None:
        complain(block.place, "a block without end")
    return blocks, prose


def slug(heading):
    """The anchor that GitHub gives a heading."""
    heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
