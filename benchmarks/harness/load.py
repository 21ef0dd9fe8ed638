"""What else the machine does while one process is measured."""

import os
import time

ticks = os.sysconf("SC_CLK_TCK")


def of_all():
    """Seconds of all cores that were not idle, those that a host took for others included."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _waiting, irq, soft_irq, stolen = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + soft_irq + stolen) / ticks


def of_process(pid):
    """Seconds of all of its threads."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / ticks


class Busy:
    """Begins to count at once."""

    def __init__(self, pid):
        self.pid = pid
        self.began, self.all, self.own = time.perf_counter(), of_all(), of_process(pid)

    def elsewhere(self):
        """How many cores something other than the process kept busy since then."""
        seconds = time.perf_counter() - self.began
        return max(0.0, of_all() - self.all - (of_process(self.pid) - self.own)) / seconds
