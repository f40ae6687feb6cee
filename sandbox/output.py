"""What the sandbox's commands share: lines for the person at the terminal, and how they end."""

import asyncio
import signal
import sys


def say(line: str) -> None:
    """Tell the person at the terminal something; results alone go to standard output."""
    print(line, file=sys.stderr, flush=True)


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop
