"""Whether the bot's memory stays as it is, however many interactions there were."""

import asyncio
from dataclasses import dataclass

from benchmarks.load.answers import MOST_TIMES
from benchmarks.load.databases import NewDatabase
from benchmarks.load.scene import Running, likecord
from benchmarks.running import memory_mb

_AT_ONCE = 10
# After so much of them everything that is kept once is there: caches, connections, compiled SQL.
_WARM = 0.2
# What the allocator's own ups and downs come to.
MOST_GROWTH = 1.05


@dataclass(frozen=True, slots=True)
class Memory:
    interactions: int
    warm_mb: float
    end_mb: float

    @property
    def growth(self) -> float:
        return self.end_mb / self.warm_mb


async def over(interactions: int, new_database: NewDatabase) -> Memory:
    """Use commands so often, and look at the process's memory when it is warm and at the end."""
    async with likecord(new_database) as bot:
        warm = int(interactions * _WARM)
        await _use(bot, warm)
        warm_mb = memory_mb(bot.process.pid)["VmRSS"]
        await _use(bot, interactions - warm)
        end_mb = memory_mb(bot.process.pid)["VmRSS"]
    return Memory(interactions, round(warm_mb, 1), round(end_mb, 1))


async def _use(bot: Running, times: int) -> None:
    commands = list(MOST_TIMES)
    left = iter(range(times))

    async def member() -> None:
        for number in left:
            await bot.must(commands[number % len(commands)])

    await asyncio.gather(*(member() for _ in range(_AT_ONCE)))
