#!/usr/bin/env python3
"""A filter for doxygen's input (FILTER_PATTERNS in Doxyfile); prints the file with the same number of lines.

Headers: without the inline namespace of version and ABI, which doxygen 1.9.4 would make part of every name.
A declaration directly below another one, without an empty line, shares its text.
Headers of layers: the members that every layer has are documented once, in LayerDefaults; each layer's own declaration of
such a member gets that text. Headers of optimizers: the same of the members of a rule, which Optimizer documents.
Documents: each heading gets the anchor that GitHub gives it, and a link to a file without a page becomes plain text.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Members that LayerDefaults cannot declare, because each layer declares its own.
CONTRACT = {
    "out": "The shape of the output; declared for exactly the input shapes that the layer takes, never defined.",
    "prepare": "What a Frozen network computes once, with a PreparePass.",
    "forward": "The formula above for a batch; Network calls it with a ForwardPass.",
    "backward": "The gradients of the formula; Network calls it with a BackwardPass.",
    "tangent": "The derivative of the output along a direction; Slopes calls it with a TangentPass.",
    "tangent_gradient": "Its gradients with respect to the parameters, with a TangentGradientPass.",
    "curvature": "Its gradient with respect to the input, with a CurvaturePass.",
}
DEFAULTS = ("Takes", "parameters", "buffers", "saved", "scratch", "multiplications", "reads_input", "reads_output",
            "draws", "patterns", "ArgumentError")
MEMBER = re.compile(r"^    (?:static auto (out)\(|static void (prepare|forward|backward|tangent|tangent_gradient|curvature)\(|using (\w+) =|"
                    r"static constexpr bool (draws)\(|static constexpr .*?\b(\w+)(?: =|\{))")

# Members of a rule of an optimizer (optim/optimizer.hpp).
RULE = {
    "name": "The optimizer's name in messages.",
    "Options": "The learning rate and the other options.",
    "state_names": "The names of the values that the rule keeps for each parameter.",
    "squares": "The number of the state that is never negative, or -1.",
    "Update": "What a step does to a parameter.",
    "check": "Throws std::invalid_argument if an option is out of range.",
}
RULE_MEMBER = re.compile(r"^    (?:using (\w+) =|static constexpr .*?\b(\w+)(?: =|\{)|static void (check)\()")


def layer_header(lines):
    documented = template = None
    for i, line in enumerate(lines):
        if line.lstrip().startswith("///"):
            documented = True
        elif re.match(r"^    (template <|    requires)", line):
            template = i if template is None else template
        else:
            found = MEMBER.match(line)
            name = found and next((group for group in found.groups() if group), None)
            if name and not documented:
                text = CONTRACT.get(name) or (name in DEFAULTS and f"@copydoc ctgan::LayerDefaults::{name}")
                if text:
                    at = i if template is None else template
                    lines[at] = f"/** {text} */ " + lines[at]
            documented = template = None
    return lines


def optimizer_header(lines):
    inside = False
    for i, line in enumerate(lines):
        inside = re.match(r"struct \w+Rule\b", line) is not None or inside and line != "};"
        found = inside and RULE_MEMBER.match(line)
        text = found and RULE.get(next(group for group in found.groups() if group))
        at = i - 1 if lines[i - 1].lstrip().startswith("template <") else i
        if text and not lines[at - 1].lstrip().startswith("///"):
            lines[at] = f"/** {text} */ " + lines[at]
    return lines


def shared_texts(lines):
    for i in range(1, len(lines)):
        indent = re.match(r"(?:    )?(?=template <)", lines[i])
        above = lines[i - 1]
        if indent and above.startswith(indent.group(0)) and re.match(r"\}|inline constexpr .*;", above[indent.end():]):
            lines[i] = "/** Shares the text of the declaration above. */ " + lines[i]
    return lines


def slug(heading):
    """The anchor that GitHub gives a heading."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower())
    return words.strip().replace(" ", "-")


def page(path):
    """The prefix of a document's anchors, which makes them unique; None for a file without a page."""
    if re.fullmatch(r"(docs/)?\w+\.md", path):
        return os.path.splitext(os.path.basename(path))[0].lower()
    return None


def document(path, lines):
    folder = os.path.dirname(path)

    def link(found):
        text, target = found.groups()
        if re.match(r"[a-z]+:", target):
            return found.group(0)
        file, _, anchor = target.partition("#")
        full = os.path.normpath(os.path.join(folder, file)) if file else path
        if page(full):
            return f"[{text}](@ref {page(full)}-{anchor})" if anchor else f"[{text}](@ref page-{page(full)})"
        if full.startswith("docs/images/"):
            return found.group(0).replace(target, os.path.basename(full))
        return text
    fenced = False
    for i, line in enumerate(lines):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            line = re.sub(r"!?\[([^]]*)\]\(([^)\s]+)\)", link, line)
            line = re.sub(r"`::(\w[^`]*)`", r"<code>\\::\1</code>", line) # or doxygen looks the name up
            heading = re.match(r"^(#+) (.*)$", line)
            if heading and len(heading.group(1)) == 1:
                line = f"# {heading.group(2)} {{#page-{page(path)}}}"
            elif heading:
                line = f"{line} {{#{page(path)}-{slug(heading.group(2))}}}"
            lines[i] = line
    return lines


def main():
    path = os.path.relpath(os.path.abspath(sys.argv[1]), ROOT)
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    if path.endswith(".md"):
        lines = document(path, lines)
    else:
        lines = [line.replace("::inline CTGAN_ABI", "") if line.startswith("namespace ctgan") else line for line in lines]
        if path.startswith("include/ctgan/layers/"):
            lines = layer_header(lines)
        elif path.startswith("include/ctgan/optim/"):
            lines = optimizer_header(lines)
        lines = shared_texts(lines)
    print("\n".join(lines), end="")


main()
