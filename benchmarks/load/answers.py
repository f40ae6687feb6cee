"""How soon members see something: each command beside the barest bot's, in turn, in one run."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks.load.databases import NewDatabase
from benchmarks.load.scene import Running, Used, bare_bot, likecord

PING = "ping"
# How many times as long as the barest bot's a whole answer may take, at the median.
MOST_TIMES = {"config show": 1.3, "account status": 1.3, "watch list": 1.8, "status": 2.5}
_WARM_UP = 20
_WATCHES = 5
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Answers:
    """A command's medians, and how many times as long as the barest bot's they are."""

    command: str
    first_ms: float
    whole_ms: float
    first_times: float
    whole_times: float


@dataclass(frozen=True, slots=True)
class Slow:
    """What `asked` members at once saw first while X took `x_takes_s` for each answer."""

    asked: int
    answered: int
    x_takes_s: float
    p50_ms: float
    p99_ms: float


async def beside_the_barest(
    times: int, new_database: NewDatabase
) -> tuple[list[Answers], list[Answers]]:
    """Return the answers one at a time, and those of many members at once."""
    async with likecord(new_database) as bot, bare_bot() as bare:
        await _watch_some(bot)
        for _ in range(_WARM_UP):
            await _each_once(bot, bare)
        one_by_one: dict[str, list[Used]] = defaultdict(list)
        for _ in range(times):
            for command, used in (await _each_once(bot, bare)).items():
                one_by_one[command].append(used)
        at_once = {PING: await _many(bare, PING)}
        for command in MOST_TIMES:
            at_once[command] = await _many(bot, command)
    return _held_against(one_by_one), _held_against(at_once)


async def while_x_is_slow(asked: int, x_takes_s: float, new_database: NewDatabase) -> Slow:
    """Let many look up a post at once while X takes its time."""
    async with likecord(new_database) as bot:
        posts = list(bot.stage.x.world.posts)
        await bot.must("post", post=_address(posts[0]))
        bot.stage.x.faults.add({"match": "* /2/*", "times": 10 * asked, "delay_s": x_takes_s})
        used = await asyncio.gather(
            *(bot.use("post", post=_address(posts[n % len(posts)])) for n in range(asked))
        )
    first = sorted(each.first_ms for each in used)
    return Slow(
        asked=asked,
        answered=sum(each.error != "The application did not respond" for each in used),
        x_takes_s=x_takes_s,
        p50_ms=round(median(first), 1),
        p99_ms=round(quantiles(first, n=100, method="inclusive")[98], 1),
    )


async def _watch_some(bot: Running) -> None:
    await bot.must("config channel", channel="likes")
    for post_id in list(bot.stage.x.world.posts)[:_WATCHES]:
        await bot.must("watch add", post=_address(post_id))


async def _each_once(bot: Running, bare: Running) -> dict[str, Used]:
    used = {PING: await bare.must(PING)}
    for command in MOST_TIMES:
        used[command] = await bot.must(command)
    return used


async def _many(bot: Running, command: str) -> Sequence[Used]:
    return await asyncio.gather(*(bot.must(command) for _ in range(AT_ONCE)))


def _held_against(used: dict[str, list[Used]] | dict[str, Sequence[Used]]) -> list[Answers]:
    first = {name: median(each.first_ms for each in some) for name, some in used.items()}
    whole = {name: median(each.whole_ms for each in some) for name, some in used.items()}
    return [
        Answers(
            command=name,
            first_ms=round(first[name], 1),
            whole_ms=round(whole[name], 1),
            first_times=round(first[name] / first[PING], 2),
            whole_times=round(whole[name] / whole[PING], 2),
        )
        for name in used
    ]


def _address(post_id: int) -> str:
    return f"https://x.com/i/status/{post_id}"
