"""Runs commands that may fail."""

import pathlib
import subprocess


def ran(command, **keywords):
    """Whether the command succeeded. If not, prints its last line of output."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(list(map(str, command)), text=True, **(streams | keywords))
    if done.returncode != 0:
        words = (done.stderr.strip() or (done.stdout or "").strip()).splitlines()
        print(f"{pathlib.Path(str(command[0])).name} {command[1]} failed: {words[-1] if words else done.returncode}")
    return done.returncode == 0
