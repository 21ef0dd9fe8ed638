"""The results as Markdown."""


def ranged(spread, digits=3):
    return f"{spread['median']:#.{digits}g} [{spread['least']:#.{digits}g} – {spread['most']:#.{digits}g}]"


def table(*rows):
    head, *body = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])


def of_machine(result):
    rows = [["threads", "multiply-adds, GFLOP/s", *(f"triad {size} MB, GB/s" for size in result["limits"]["1"]["bandwidth"])]]
    for threads, limit in result["limits"].items():
        rows.append([threads, ranged(limit["gflops"]), *(ranged(b["triad"]) for b in limit["bandwidth"].values())])
    return f"### {result['processor']}, {result['cores']} cores, {result['compiler']}\n\n" + table(*rows)


def of_rounds(heading, result):
    rows = [["batch", "", "threads", "ms", "times ctgan's"]]
    notes = []
    for batch, compared in result["batches"].items():
        for row in compared["rows"]:
            marked = f"**{row['name']}**" if row["name"] in compared["best"].values() else row["name"]
            rows.append([batch, marked, row["threads"], ranged(row["ms"]), ranged(row["ratio"])])
        note = f"- batch {batch}:"
        if compared["one_thread_to_all"]:
            note += f" ctgan on one thread takes {compared['one_thread_to_all']:.2f} times as long as on all"
        if "floor_ms" in compared:
            note += f"; its floor is {compared['floor_ms']:.3g} ms, of which the step reaches {compared['share_of_floor']:.0%}"
        notes.append(note)
    return f"### {heading}\n\nBold: the best setting of each.\n\n{table(*rows)}\n\n" + "\n".join(notes)


def of_layers(result):
    rows = [["layer", "direction", "batch", "threads", "rate", "of the machine's"]]
    for row in result["rows"]:
        share = ""
        if "share_of_peak" in row:
            share = f"{row['share_of_peak']:.0%} of the peak"
        elif "share_of_bandwidth" in row:
            share = f"{row['share_of_bandwidth']:.0%} of the triad"
        rate = f"{ranged(row['gflops'])} GFLOP/s" if "gflops" in row else f"{ranged(row['gb_per_s'])} GB/s"
        rows.append([row["layer"], row["direction"].replace("_", " "), row["batch"] or "", row["threads"], rate, share])
    return f"### Layers\n\nAdam moves 28 bytes a parameter.\n\n{table(*rows)}"


def of_memory(result):
    rows = [["", "peak memory, MB", "start to first step done, s"]]
    for row in result["rows"]:
        rows.append([row["name"], ranged(row["peak_mb"]), ranged(row["first_step_s"]) if "first_step_s" in row else ""])
    return f"### Memory and start-up at batch 4\n\nWhat PyTorch compiles comes from its cache.\n\n{table(*rows)}"


def summary(machine, step, generator, layers, memory):
    """What there is of them."""
    parts = []
    if machine:
        parts.append(of_machine(machine))
    if step:
        parts.append(of_rounds("The training step", step))
    if generator:
        parts.append(of_rounds("The generator alone, evaluation mode", generator))
    if layers:
        parts.append(of_layers(layers))
    if memory:
        parts.append(of_memory(memory))
    return "\n\n".join(["", *parts])
