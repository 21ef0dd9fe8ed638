"""Measures the layers one at a time, with bench_layers, and compares them with the limits of the machine."""

from harness import machine
from harness.rounds import spread


def measure(limits, repetitions):
    """A row for each layer, direction, batch and number of threads: a rate and its share of the limit."""
    program = machine.programs / "bench_layers"
    if not program.exists():
        print("The layers are left out: found no Google Benchmark (libbenchmark-dev)")
        return []
    rows = []
    for threads in sorted({1, machine.threads()}):
        found = machine.json_of(
            [program, threads, "--benchmark_format=json", "--benchmark_min_time=0.05",
             f"--benchmark_repetitions={repetitions}", "--benchmark_enable_random_interleaving=true"])
        # Interleaved runs are listed in the order in which they ran; sort them by layer.
        runs = sorted(found["benchmarks"], key=lambda run: (run["family_index"], run["per_family_instance_index"]))
        repeats = {}
        for run in runs:
            if run["run_type"] == "iteration":
                repeats.setdefault(run["run_name"], []).append(run)
        rows += [row_of(name, runs, threads, limits[str(threads)]) for name, runs in repeats.items()]
    return rows


def row_of(name, runs, threads, limit):
    parts = name.removesuffix("/real_time").split("/")
    row = {
        "layer": parts[0],
        "direction": parts[1],
        "batch": int(parts[2]) if len(parts) > 2 else None,
        "threads": threads,
        "us": spread([run["real_time"] * 1e-3 for run in runs]),
    }
    if "flops" in runs[0]:
        row["gflops"] = spread([run["flops"] * 1e-9 for run in runs])
        row["share_of_peak"] = row["gflops"]["median"] / limit["gflops"]["most"]
    else:
        row["gb_per_s"] = spread([run["bytes"] * 1e-9 for run in runs])
    if row["layer"] == "adam" and row["direction"] == "generator":
        # Its four arrays have 28 MB in total. Compare with the same traffic without the arithmetic.
        row["share_of_bandwidth"] = row["gb_per_s"]["median"] / limit["bandwidth"]["28"]["update"]["median"]
    return row
