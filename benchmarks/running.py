"""The bot as a process of its own, against the sandbox, and what Linux says that it uses."""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.bot_process import bot_process
from sandbox.stage import Stage

_UP_WITHIN_S = 120.0
_CLOCK_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_KB_IN_MB = 1024


@dataclass(frozen=True, slots=True)
class Course:
    """How long to look: ticks to settle, then so many windows of so many ticks."""

    probe_s: float = 5.0
    settle_ticks: int = 4
    windows: int = 3
    window_ticks: int = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What one run used; of the windows' CPU time the least, which other work disturbed least."""

    ready_s: float
    memory_mb: float
    peak_mb: float
    tick_cpu_s: float
    requests_a_tick: float


@dataclass(frozen=True, slots=True)
class _Window:
    cpu_s: float
    requests: int


class _Requests:
    """Counts what is asked of X."""

    def __init__(self, stage: Stage) -> None:
        self.count = 0
        stage.x.listeners.append(self._hear)

    def _hear(self, _: object) -> None:
        self.count += 1


async def run_bot(
    stage: Stage, settings: Mapping[str, str], folder: Path, likes_a_minute: float, course: Course
) -> Run:
    """Run the bot while people like the watched posts, and see what that takes."""
    requests = _Requests(stage)
    posts = [post.id for post in stage.x.world.posts.values()]
    crowd = stage.crowd(likes_a_minute, lambda: posts)
    env = {
        **stage.settings(),
        "LOG_LEVEL": "WARNING",
        "PROBE_SECONDS": f"{course.probe_s:g}",
        **settings,
    }
    async with AsyncExitStack() as stack:
        news = await stack.enter_async_context(stage.discord.events.listen())
        began = time.perf_counter()
        process = await stack.enter_async_context(bot_process(env, folder))
        async with asyncio.timeout(_UP_WITHIN_S):
            async for event in news:
                if event.type == "bot.connected":
                    break
        ready_s = time.perf_counter() - began
        liking = asyncio.create_task(crowd.run())
        stack.callback(liking.cancel)
        await asyncio.sleep(course.settle_ticks * course.probe_s)
        windows = [
            await _window(process.pid, requests, course.window_ticks * course.probe_s)
            for _ in range(course.windows)
        ]
        if process.returncode is not None:
            raise RuntimeError(f"the bot ended with {process.returncode}")
        memory = memory_mb(process.pid)
    return Run(
        ready_s=ready_s,
        memory_mb=memory["VmRSS"],
        peak_mb=memory["VmHWM"],
        tick_cpu_s=min(window.cpu_s for window in windows) / course.window_ticks,
        requests_a_tick=sum(window.requests for window in windows)
        / (course.windows * course.window_ticks),
    )


async def _window(pid: int, requests: _Requests, seconds: float) -> _Window:
    cpu_s, asked = _cpu_s(pid), requests.count
    await asyncio.sleep(seconds)
    return _Window(_cpu_s(pid) - cpu_s, requests.count - asked)


def _cpu_s(pid: int) -> float:
    """Return the seconds of CPU, the process's own and the system's for it."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    # The name, in brackets, may hold anything; utime and stime are fields 14 and 15 of proc(5).
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _CLOCK_TICK_S


def memory_mb(pid: int) -> dict[str, float]:
    """Return what the process holds in RAM now (VmRSS), and the most it ever held (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return {name: int(values[name].split()[0]) / _KB_IN_MB for name in ("VmRSS", "VmHWM")}
