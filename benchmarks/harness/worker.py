"""The process of one rival, which stays alive for the whole run."""

import os
import signal
import subprocess
import tempfile
import time


class Failed(Exception):
    """A worker gave an unexpected answer; the message is the last line of its standard error."""


class Worker:
    """Starts at once. Is stopped between its turns, so that none of its threads spins while another rival is measured."""

    def __init__(self, command, environment):
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.began = time.perf_counter()
        # In a process group of its own: signals then reach its children, and the system wakes the group if we die.
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, **environment},
            text=True,
            process_group=0,
        )
        self.expect("ready")

    def expect(self, start=""):
        """The next line of its output. Raises Failed if the line does not begin with `start`."""
        line = self.process.stdout.readline()
        if not line or not line.startswith(start):
            self.close()
            self.errors.seek(0)
            said = [text for text in self.errors.read().splitlines() if text.strip()]
            raise Failed(said[-1] if said else f"it ended with status {self.process.returncode}")
        return line

    def ask(self, batch, count):
        """The milliseconds of each of `count` steps."""
        self.process.stdin.write(f"{batch} {count}\n")
        self.process.stdin.flush()
        return [float(ms) for ms in self.expect().split()]

    def turn(self, batch, count):
        """The same as ask(), for a worker that is stopped before and after."""
        self.wake()
        times = self.ask(batch, count)
        self.stop()
        return times

    def stop(self):
        os.killpg(self.process.pid, signal.SIGSTOP)

    def wake(self):
        os.killpg(self.process.pid, signal.SIGCONT)

    def seconds_since_start(self):
        return time.perf_counter() - self.began

    def peak_bytes(self):
        """The peak of the process's resident memory."""
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024

    def close(self):
        if self.process.poll() is None:
            self.wake()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
