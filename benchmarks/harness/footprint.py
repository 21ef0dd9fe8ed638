"""Peak memory and start-up time, each measured in a process of its own."""

import os
import subprocess
import tempfile

from harness import machine
from harness.rounds import spread
from harness.worker import Failed, Worker

batch = 4


def of_worker(rival, batch, repeats, most=0):
    """The first step of a process, in seconds from the start of the process to its end and in milliseconds of the step alone, and
    peak memory after more steps. Starts `repeats` processes, and up to `most` if that takes seconds only.
    """
    seconds, first_steps, peaks = [], [], []
    while len(seconds) < repeats or (len(seconds) < most and sum(seconds) < 3):
        worker = Worker(rival.command, rival.environment)
        try:
            first_steps += worker.ask(batch, 1)
            seconds.append(worker.seconds_since_start())
            worker.ask(batch, 20)
            peaks.append(worker.peak_bytes() / 1e6)
        finally:
            worker.close()
    return {"name": rival.name, "first_step_s": spread(seconds), "first_step_ms": spread(first_steps), "peak_mb": spread(peaks)}


def of_trainer(repeats):
    """Peak memory of the whole program, with the data set: 200 steps of 4 images."""
    peaks = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as out:
            command = [machine.programs / "train_dcgan", "--max-steps", 200, "--batch-size", batch, "--out", out]
            process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise subprocess.CalledProcessError(process.returncode, process.args)
            peaks.append(usage.ru_maxrss * 1024 / 1e6)
    return {"name": "train_dcgan --max-steps 200 --batch-size 4", "peak_mb": spread(peaks)}


def of_workers(rivals, batch, repeats, most=0):
    rows = []
    for rival in rivals:
        try:
            rows.append(of_worker(rival, batch, repeats, most))
        except Failed as failed:
            print(f"{rival.name} is left out: {failed}", flush=True)
    return rows


def measure(steps, generators, repeats):
    """Rows for training, and rows for the generator at batch 1: of rivals `steps` and `generators`."""
    return {"rows": [of_trainer(repeats), *of_workers(steps, batch, repeats)], "inference": of_workers(generators, 1, repeats)}
