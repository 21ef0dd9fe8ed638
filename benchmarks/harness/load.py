"""What else the machine does while something is measured."""

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


def of_children():
    """Seconds of those processes that we started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


class Busy:
    """What is busy that is not ours, `own` telling the seconds that are. Begins to count at once."""

    def __init__(self, own=of_children):
        self.of_own = own
        self.began, self.all, self.own = time.perf_counter(), of_all(), own()

    def elsewhere(self):
        """How many cores something else kept busy since then."""
        seconds = time.perf_counter() - self.began
        return max(0.0, of_all() - self.all - (self.of_own() - self.own)) / seconds


def noted(elsewhere):
    """A tenth of a core is what a quiet system does beside us."""
    return f"NOT QUIET: something else kept {elsewhere:.2f} cores busy" if elsewhere > 0.1 else ""


def warn(where, elsewhere):
    if noted(elsewhere):
        print(f"{where} {noted(elsewhere)}", flush=True)
