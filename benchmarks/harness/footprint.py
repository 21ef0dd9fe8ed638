"""Peak memory and start-up time, each measured in a process of its own."""

import os
import subprocess
import tempfile

from harness import machine
from harness.rounds import spread
from harness.worker import Failed, Worker

batch = 4


def of_worker(rival, repeats):
    """Seconds from the start of the process to the end of its first step, and its peak memory after more steps."""
    seconds, peaks = [], []
    for _ in range(repeats):
        worker = Worker(rival.command, rival.environment)
        try:
            worker.ask(batch, 1)
            seconds.append(worker.seconds_since_start())
            worker.ask(batch, 20)
            peaks.append(worker.peak_bytes() / 1e6)
        finally:
            worker.close()
    return {"name": rival.name, "first_step_s": spread(seconds), "peak_mb": spread(peaks)}


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


def measure(rivals, repeats):
    rows = [of_trainer(repeats)]
    for rival in rivals:
        try:
            rows.append(of_worker(rival, repeats))
        except Failed as failed:
            print(f"{rival.name} is left out: {failed}")
    return rows
