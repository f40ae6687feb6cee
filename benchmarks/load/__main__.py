"""What members wait for under load, beside a bare discord.py bot in the same run.

Real time, the real process against the sandbox. Exits 1 when a bound is broken. One command:
python -m benchmarks.load [--json] [--database sqlite postgresql]
    [--only answers slow-x memory announcements pushed]
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from benchmarks.load import announcements, answers, memory, pushed
from benchmarks.load.answers import PING, Answers
from benchmarks.load.bounds import Figures, broken_bounds
from benchmarks.load.databases import POSTGRESQL, SQLITE, NewDatabase, databases

_PARTS = ("answers", "slow-x", "memory", "announcements", "pushed")


def main() -> None:
    options = _parser().parse_args()
    is_any_broken = False
    for engine in options.database:
        with databases(engine) as new_database:
            figures = asyncio.run(measure(options, new_database))
        broken = [*broken_bounds(figures)]
        is_any_broken = is_any_broken or bool(broken)
        if options.json:
            told = {"database": engine, **asdict(figures), "broken": broken}
            print(json.dumps(told), flush=True)
        else:
            lines = [*_lines(figures), *(f"Broken: {what}" for what in broken)]
            print(f"## {engine}", *lines, sep="\n", flush=True)
    sys.exit(int(is_any_broken))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print an object for each database")
    engines = (SQLITE, POSTGRESQL)
    parser.add_argument("--database", choices=engines, nargs="+", default=engines)
    parser.add_argument("--only", choices=_PARTS, nargs="+", default=_PARTS)
    parser.add_argument("--times", type=int, default=200, help="each command is used (200)")
    parser.add_argument("--members", type=int, default=200, help="at once, while X is slow (200)")
    parser.add_argument("--interactions", type=int, default=10_000, help="for memory (10000)")
    parser.add_argument("--announcements", type=int, default=2_000, help="that wait (2000)")
    parser.add_argument("--events-a-second", type=float, default=20, help="X pushes (20)")
    parser.add_argument("--burst", type=int, default=2_000, help="of events at once (2000)")
    parser.add_argument("--channels", type=int, default=500, help="for them (500)")
    return parser


async def measure(options: argparse.Namespace, new: NewDatabase) -> Figures:
    figures = Figures()
    if "answers" in options.only:
        figures.one_by_one, figures.at_once = await answers.beside_the_barest(options.times, new)
    if "slow-x" in options.only:
        figures.slow = await answers.while_x_is_slow(options.members, 5.0, new)
    if "memory" in options.only:
        figures.memory = await memory.over(options.interactions, new)
    if "announcements" in options.only:
        figures.delivered = await announcements.deliver(
            options.announcements, options.channels, new
        )
    if "pushed" in options.only:
        figures.pushed = await pushed.pushed(options.events_a_second, 600, options.burst, new)
    return figures


def _lines(figures: Figures) -> Iterator[str]:
    for title, some in (
        ("one at a time", figures.one_by_one),
        (f"{answers.AT_ONCE} at once", figures.at_once),
    ):
        if some:
            yield f"| {title} | first sign, p50 ms | times | whole answer, p50 ms | times |"
            yield "| --- | --- | --- | --- | --- |"
            yield from (_row(each) for each in some)
            yield ""
    if (slow := figures.slow) is not None:
        yield (
            f"{slow.asked} at once while X takes {slow.x_takes_s:g} s: {slow.answered} had a first "
            f"answer, p50 {slow.p50_ms} ms, p99 {slow.p99_ms} ms"
        )
    if (used := figures.memory) is not None:
        yield (
            f"{used.interactions:,} interactions: {used.warm_mb} MB after a fifth of them, "
            f"{used.end_mb} MB at the end ({used.growth:.3f} times)"
        )
    if (sent := figures.delivered) is not None:
        yield (
            f"{sent.announcements:,} announcements over {sent.channels} channels: {sent.seconds} s "
            f"in {sent.messages:,} messages, {sent.limited} refused with 429; Discord's limit of "
            f"{announcements.REQUESTS_A_SECOND} a second allows {sent.allowed_s:g} s"
        )
    if (push := figures.pushed) is not None:
        yield (
            f"{push.events:,} events of X at {push.a_second:g} a second: a message p50 "
            f"{push.p50_s} s, p95 {push.p95_s} s after the like. {push.burst:,} at once: "
            f"{push.burst_messages:,} messages in {push.burst_s} s, {push.before_mb} MB before and "
            f"{push.after_mb} MB after ({push.growth:.2f} times); {push.missing} missing, "
            f"{push.twice} twice"
        )


def _row(each: Answers) -> str:
    name = "the barest bot" if each.command == PING else f"`/{each.command}`"
    cells: list[Any] = [name, each.first_ms, each.first_times, each.whole_ms, each.whole_times]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


if __name__ == "__main__":
    main()
