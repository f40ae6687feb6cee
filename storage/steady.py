"""Time for measuring: nobody sets it, and it passes while the machine sleeps too."""

import time


def steady_s() -> float:
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)
