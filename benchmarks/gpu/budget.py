"""Runs commands one after the other or side by side, within a time limit."""

import json
import os
import pathlib
import signal
import subprocess
import time


class Part:
    """A command that starts at once and writes its output to a file."""

    def __init__(self, name, command, folder, seconds, environment=None):
        self.name, self.command, self.seconds = name, list(map(str, command)), seconds
        self.log = pathlib.Path(folder) / f"{name.replace(' ', '_').replace(':', '')}.log"
        self.began = time.monotonic()
        with open(self.log, "w") as log:
            # In a process group of its own, so that its children can be ended with it.
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})}, start_new_session=True)

    def wait(self):
        """Waits for the end and returns a dict with name, command, outcome, seconds, JSON lines and last lines of the output."""
        late = False
        try:
            self.process.wait(timeout=max(0.1, self.began + self.seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            late = True
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        took = time.monotonic() - self.began
        lines = self.log.read_text(errors="replace").splitlines()
        status = self.process.returncode
        if late:
            outcome = f"ended after its {self.seconds:.0f} s"
        else:
            outcome = "ok" if status == 0 else f"failed with status {status}"
        return {"name": self.name, "command": self.command, "outcome": outcome, "seconds": round(took, 1),
                "log": str(self.log), "lines": parsed(lines), "tail": lines[-40:]}


def parsed(lines):
    """The JSON objects among the lines. Ignores a line that was cut off."""
    found = []
    for line in lines:
        if line.startswith("{"):
            try:
                found.append(json.loads(line))
            except ValueError:
                pass
    return found


class Budget:
    """Runs parts and keeps their results in `results`, with a reason for each part that it skips."""

    def __init__(self, seconds, folder, dry):
        self.ends, self.folder, self.dry = time.monotonic() + seconds, folder, dry
        self.results = []
        self.after_each = lambda: None
        self.brief = lambda part: []  # lines to print about a part

    def left(self):
        return self.ends - time.monotonic()

    def start(self, name, command, at_least, at_most, environment=None):
        """Starts a part. Returns None, and skips the part, if less than `at_least` seconds are left."""
        if self.dry:
            words = [f"{key}={value}" for key, value in (environment or {}).items()] + list(map(str, command))
            print(f"[{name}, at most {at_most} s] {' '.join(words)}")
            return None
        if self.left() < at_least:
            self.skip(name, f"skipped: {max(0, self.left()):.0f} s left, needs {at_least} s")
            return None
        try:
            return Part(name, command, self.folder, min(at_most, self.left()), environment)
        except OSError as error:
            self.skip(name, f"failed: {error}")
            return None

    def skip(self, name, reason):
        self.note({"name": name, "outcome": reason, "seconds": 0.0, "lines": [], "tail": []})

    def note(self, result):
        self.results.append(result)
        self.after_each()
        print(f"{result['seconds']:6.1f} s  {result['name']}: {result['outcome']}", flush=True)
        for line in self.brief(result):
            print(f"          {line}", flush=True)
        if result["outcome"].startswith(("failed", "ended")):
            print("\n".join("          " + line for line in result["tail"][-25:]), flush=True)

    def finish(self, *parts):
        """Waits for the parts, except those that were not started. Returns whether all succeeded."""
        succeeded = True
        for part in parts:
            if part:
                self.note(part.wait())
                succeeded = succeeded and self.results[-1]["outcome"] == "ok"
        return succeeded

    def run(self, name, command, at_least, at_most, environment=None):
        """Runs a part to its end. Returns whether it ran and succeeded."""
        part = self.start(name, command, at_least, at_most, environment)
        return self.dry or (part is not None and self.finish(part))
