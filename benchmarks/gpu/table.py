"""Formats the measurements as tables in Markdown."""

import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness.report import figure, table  # noqa: E402

graphs_of_ours = ["ctgan graph", "ctgan cuBLAS"]
ours = [*graphs_of_ours, "ctgan plain"]


def lines_of(result, what):
    return [line for part in result["parts"] for line in part["lines"] if line.get("what") == what]


def column_of(line):
    if line["what"] == "pytorch":
        return line["mode"]
    if not line["graph"]:
        return "ctgan plain"
    return "ctgan cuBLAS" if line["cublas"] else "ctgan graph"


def steps(result):
    """{(batch, tf32): {column: ms, or the reason why it is missing}}, with the median of several rounds."""
    times, reasons = {}, {}
    for line in lines_of(result, "step") + lines_of(result, "pytorch"):
        place = (line["batch"], line["tf32"]), column_of(line)
        if "ms" in line:
            if line["finite"]:
                times.setdefault(place, []).append(line["ms"]["median"])
            else:
                reasons[place] = "the losses are not finite"
        elif "reason" in line:
            reasons[place] = line["reason"]
    cells = {}
    for (row, column), reason in reasons.items():
        cells.setdefault(row, {})[column] = reason
    for (row, column), values in times.items():
        cells.setdefault(row, {})[column] = statistics.median(values)
    return cells


def brief(part):
    """The times of a part as lines of text, for a run that may be cut off before its tables."""
    lines = [line for line in part["lines"] if line.get("what") in ("step", "pytorch") and "ms" in line]
    return [f"batch {line['batch']}, TF32 {'on' if line['tf32'] else 'off'}, {column_of(line)}: {line['ms']['median']:.4f} ms"
            for line in lines]


def measured(cells, columns):
    return [cells[column] for column in columns if isinstance(cells.get(column), float)]


def of_steps(result, modes):
    """A table with a row for each batch size, without and with TF32; the ratios are PyTorch's time divided by ctgan's faster graph's."""
    rows = [["batch", "TF32", *ours, *modes, "eager / ctgan", "best graph / ctgan", "best of all / ctgan"]]
    notes = []
    for (batch, tf32), cells in sorted(steps(result).items()):
        own = min(measured(cells, graphs_of_ours), default=None)
        words = []
        for column in [*ours, *modes]:
            value = cells.get(column)
            words.append(f"{value:.4f}" if isinstance(value, float) else "–")
            if isinstance(value, str):
                notes.append(f"- batch {batch}, TF32 {'on' if tf32 else 'off'}, {column}: {value}")
        graphs = [mode for mode in modes if mode.startswith("graph")]
        for rivals in (["eager"], graphs, modes):
            times = measured(cells, rivals)
            words.append(f"{min(times) / own:.2f}" if times and own else "–")
        rows.append([batch, "on" if tf32 else "off", *words])
    text = "Milliseconds of a training step. The last columns are PyTorch's time divided by that of ctgan's faster graph."
    return "\n\n".join(filter(None, [text, table(*rows), "\n".join(notes)]))


def by(line):
    """What multiplies: cuBLAS or the backend's own tiles."""
    return "cuBLAS in TF32" if line["tf32"] else "cuBLAS" if line["cublas"] else "tiles"


def of_epochs(result):
    found = []
    for line in lines_of(result, "epoch"):
        how = "measured" if line["all_epochs_measured"] else "extrapolated"
        found.append(
            f"- {line['images']} images at batch {line['batch']}, {by(line)}: {line['seconds']:.2f} s "
            f"per epoch; {line['epochs']} epochs {line['all_epochs_seconds']:.1f} s ({how})")
    return "\n".join(found)


def of_layers(result):
    rows = [["", "", "batch", "by", "us", "GFLOP/s"]]
    for line in lines_of(result, "layer"):
        rows.append([line["layer"], line["direction"].replace("_", " "), line["batch"], by(line),
                     figure(line["us"]["median"]), f"{line['gflops']:.0f}"])
    return table(*rows) if len(rows) > 1 else ""


def report(result, modes, with_layers=False):
    head = ", ".join(f"{name} {value}" for name, value in result["machine"].items())
    sections = [f"### {head}", of_steps(result, modes), of_epochs(result), of_layers(result) if with_layers else "",
                f"{result['seconds']:.0f} s in total; {result['outcome']}"]
    return "\n\n".join(section for section in sections if section)
