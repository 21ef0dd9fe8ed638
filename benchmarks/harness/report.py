"""Formats the results as Markdown."""

from harness.load import noted


def figure(value):
    """The value with three significant digits, or with all digits before the decimal point."""
    decimals = next((d for d, least in enumerate((100, 10, 1)) if value >= least), 3)
    return f"{value:.{decimals}f}"


def ranged(spread):
    return f"{figure(spread['median'])} [{figure(spread['least'])} – {figure(spread['most'])}]"


def table(*rows):
    head, *body = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])


def of_machine(result):
    rows = [["", "threads", "median [range]"]]
    for threads, limit in result["limits"].items():
        rows.append(["multiply-adds, GFLOP/s", threads, ranged(limit["gflops"])])
    for size in result["limits"]["1"]["bandwidth"]:
        for threads, limit in result["limits"].items():
            kinds = limit["bandwidth"][size]
            rows.append([f"{', '.join(kinds)} in {size} MB, GB/s", threads, "; ".join(map(ranged, kinds.values()))])
    heading = f"### {result['processor']}, {result['cores']} cores, {result['compiler']}"
    return "\n\n".join(filter(None, [heading, table(*rows), noted(result["busy_elsewhere"])]))


def of_rounds(heading, result, level="###"):
    rows = [["batch", "", "threads", "ms", "times ctgan's", "peak memory, MB"]]
    notes = []
    for batch, compared in result["batches"].items():
        for row in compared["rows"]:
            marked = f"**{row['name']}**" if row["name"] in compared["best"].values() else row["name"]
            rows.append([batch, marked, row["threads"], ranged(row["ms"]), ranged(row["ratio"]), figure(row["peak_mb"])])
        note = f"- batch {batch}:"
        if compared["one_thread_to_all"]:
            note += f" ctgan with one thread takes {compared['one_thread_to_all']:.2f} times as long as with all"
        if "floor_ms" in compared:
            note += (f"; the roofline's floor is {figure(compared['floor_ms'])} ms, "
                     f"{compared['share_of_floor']:.0%} of its time with all")
        notes.append("; ".join(filter(None, [note, noted(compared["busy_elsewhere"])])))
    return f"{level} {heading}\n\nBold: the best setting of each library.\n\n{table(*rows)}\n\n" + "\n".join(notes)


def of_threads(result):
    tables = [of_rounds(condition, {"batches": table}, level="####") for condition, table in result["tables"].items()]
    text = "`ctgan` has OpenMP's threads. A core is held by a shell that loops, which counts as something else that keeps it busy."
    return "\n\n".join(["### Threads", text, *tables])


def of_layers(result):
    """A table with a row for each layer and direction and a column for each batch and number of threads."""
    columns = sorted({(row["batch"], row["threads"]) for row in result["rows"] if row["batch"]})
    cells = {}
    for row in result["rows"]:
        rate, unit = (row["gflops"], "GFLOP/s") if "gflops" in row else (row["gb_per_s"], "GB/s")
        share = row.get("share_of_peak", row.get("share_of_bandwidth"))
        words = figure(rate["median"]) + (f" ({share:.0%})" if share else "")
        line = cells.setdefault((f"{row['layer']} {row['direction'].replace('_', ' ')}", unit), {})
        for column in columns:
            if column == (row["batch"], row["threads"]) or (row["batch"] is None and column[1] == row["threads"]):
                line[column] = words
    head = ["", "", *(f"batch {batch}, {threads} thread{'s' * (threads > 1)}" for batch, threads in columns)]
    body = [[*name, *(line[column] for column in columns)] for name, line in cells.items()]
    text = (
        "In brackets: the share of the measured peak of multiply-adds, or, for Adam, which moves 28 bytes per parameter "
        "at any batch size, the share of the bandwidth of the same traffic without the arithmetic."
    )
    return "\n\n".join(filter(None, ["### Layers", text, table(head, *body), noted(result["busy_elsewhere"])]))


def of_latency(result):
    """Percentiles of all calls, with the range of the turns."""
    ours = next(row for row in result["rows"] if row["name"] == "ctgan")
    rows = [["", "threads", "calls", "p50, ms", "p99, ms", "p99.9, ms", "p50, times ctgan's", "start to end of first call, ms",
             "first call, ms", "peak memory, MB"]]
    for row in result["rows"]:
        spreads = [row[name] | {"median": row[name]["all"]} for name in ("p50", "p99", "p99_9")]
        started = {name: 1000 * seconds for name, seconds in row["first_step_s"].items()}
        rows.append([row["name"], row["threads"], f"{row['calls']:,}", *map(ranged, spreads),
                     figure(row["p50"]["all"] / ours["p50"]["all"]), ranged(started), ranged(row["first_step_ms"]),
                     ranged(row["peak_mb"])])
    text = (
        "Percentiles of all calls; in brackets, the range of the turns' percentiles. From start to end: the process starts, loads "
        "the network and makes its first call. PyTorch reads what it has compiled from its cache."
    )
    heading = "### Single calls of the generator at batch 1"
    return "\n\n".join(filter(None, [heading, text, table(*rows), noted(result["busy_elsewhere"])]))


def of_memory(result):
    parts = ["### Memory and start-up", "PyTorch reads what it has compiled from its cache."]
    for title, measured in (("training at batch 4", result["rows"]), ("the generator alone at batch 1", result["inference"])):
        rows = [[title, "peak memory, MB", "start to end of first step, s"]]
        for row in measured:
            rows.append([row["name"], ranged(row["peak_mb"]), ranged(row["first_step_s"]) if "first_step_s" in row else ""])
        parts.append(table(*rows))
    return "\n\n".join(parts)


def summary(results):
    """The results of all sections."""
    write = {
        "machine": of_machine,
        "step": lambda result: of_rounds("The training step", result),
        "generator": lambda result: of_rounds("The generator alone, evaluation mode", result),
        "latency": of_latency,
        "dense": lambda result: of_rounds("A training step of a dense classifier of 784, 256, 256 and 10 values", result),
        "resnet": lambda result: of_rounds("A training step of a ResNet generator of 32 x 32 images, 128 channels", result),
        "unet": lambda result: of_rounds("A training step of a U-Net on 28 x 28 images, 32 to 128 channels", result),
        "threads": of_threads,
        "layers": of_layers,
        "memory": of_memory,
    }
    return "\n\n".join(["", *(write[section](result) for section, result in results.items())])
