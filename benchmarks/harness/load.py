"""How busy other processes keep the machine during a measurement."""

import os
import time

ticks = os.sysconf("SC_CLK_TCK")


def of_all():
    """Seconds for which cores were not idle, summed over all cores; includes time that the host gave to other machines."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _waiting, irq, soft_irq, stolen = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + soft_irq + stolen) / ticks


def of_process(pid):
    """Processor seconds of a process, in all of its threads."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / ticks


def of_children():
    """Processor seconds of the processes that we started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


class Busy:
    """Counts, from now on, the processor time of other processes; `own` returns the seconds of our own."""

    def __init__(self, own=of_children):
        self.of_own = own
        self.began, self.all, self.own = time.perf_counter(), of_all(), own()

    def elsewhere(self):
        """The mean number of cores that other processes have kept busy."""
        seconds = time.perf_counter() - self.began
        return max(0.0, of_all() - self.all - (self.of_own() - self.own)) / seconds


def noted(elsewhere):
    """A warning, or an empty string. A quiet system keeps up to a tenth of a core busy."""
    return f"NOT QUIET: something else kept {elsewhere:.2f} cores busy" if elsewhere > 0.1 else ""


def warn(where, elsewhere):
    if noted(elsewhere):
        print(f"{where} {noted(elsewhere)}", flush=True)
