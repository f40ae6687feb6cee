"""What 10,000 watched posts with 500,000 stored likers take: memory, time, disk.

Real time, the real process against the sandbox; a size takes about a minute and a half. Exits 1
when a bound is broken. One command: python -m benchmarks.scale [--json] [--posts 1000 10000]
"""

import argparse
import asyncio
import gc
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.difference import reading_ms
from benchmarks.liked import LIKERS, MOST_LIKERS, LikedPost, fill_database, fill_x, make_posts
from benchmarks.running import Course, Run, run_bot
from bot.run.clock import Clock
from sandbox.stage import Ports, open_stage

MOST_MEMORY_MB = 250.0
# What may be more at the second of two measurements only because others use this machine too.
NOISE = 1.25
# In a table of ten times the size an index may be a level deeper: not more than that.
DEEPER = 1.5
# As in the other benchmark, where posts get 28 likes in their first week.
_LIKES_A_MINUTE_AND_POST = 28 / (7 * 24 * 60)
_READ_POSTS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """What so many posts take; the last two are for a post with 50, and with 100 stored likers."""

    posts: int
    stored_likers: int
    ready_s: float
    memory_mb: float
    peak_mb: float
    tick_cpu_s: float
    requests_a_tick: float
    kb_a_thousand_likers: float
    read_50_ms: float
    read_100_ms: float


def main() -> None:
    options = _parser().parse_args()
    rows = [asyncio.run(measure(posts)) for posts in sorted(options.posts)]
    broken = [*broken_bounds(rows)]
    if options.json:
        print(json.dumps({"rows": [asdict(row) for row in rows], "broken": broken}))
    else:
        print("\n".join([_table(rows), *(f"\nBroken: {what}" for what in broken)]))
    sys.exit(1 if broken else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 10_000])
    return parser


async def measure(count: int) -> Row:
    """Fill a database and an X with so many posts, and run the bot between the two."""
    began = Clock().now()
    posts = make_posts(count, began)
    likers = sum(len(post.liker_ids) for post in posts)
    with tempfile.TemporaryDirectory(prefix="likecord-scale-") as name:
        folder = Path(name)
        file = folder / "likecord.db"
        await fill_database(_url(file), posts, began)
        _tell(f"{count} posts: the database is filled")
        size_kb = file.stat().st_size / 1024
        read_50_ms, read_100_ms = await _reading_ms(file, posts)
        _tell(f"{count} posts: readings are measured")
        run = await _run(posts, _url(file), folder)
        _tell(f"{count} posts: the bot has run")
    return Row(
        posts=count,
        stored_likers=likers,
        ready_s=round(run.ready_s, 2),
        memory_mb=round(run.memory_mb, 1),
        peak_mb=round(run.peak_mb, 1),
        tick_cpu_s=round(run.tick_cpu_s, 3),
        requests_a_tick=round(run.requests_a_tick, 1),
        kb_a_thousand_likers=round(size_kb / likers * 1_000, 1),
        read_50_ms=round(read_50_ms, 2),
        read_100_ms=round(read_100_ms, 2),
    )


async def _reading_ms(file: Path, posts: Sequence[LikedPost]) -> tuple[float, float]:
    """Read posts in a copy of the database, so that the bot finds it as it was."""
    copy = file.with_suffix(".copy.db")
    shutil.copyfile(file, copy)
    few, many = [
        await reading_ms(_url(copy), [p for p in posts if len(p.liker_ids) == likers][:_READ_POSTS])
        for likers in (LIKERS, MOST_LIKERS)
    ]
    copy.unlink()
    return few, many


async def _run(posts: Sequence[LikedPost], url: str, folder: Path) -> Run:
    async with open_stage(Ports(0, 0, 0)) as stage:
        fill_x(stage.x.world, posts, Clock().now())
        # Millions of objects that stay: looking through them again and again would halt the X.
        gc.freeze()
        rate = len(posts) * _LIKES_A_MINUTE_AND_POST
        try:
            return await run_bot(stage, {"DATABASE_URL": url}, folder, rate, Course())
        finally:
            gc.unfreeze()


def broken_bounds(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a sentence for each bound that is broken."""
    for row in rows:
        if row.peak_mb >= MOST_MEMORY_MB:
            yield f"{row.peak_mb} MB of memory at {row.posts:,} posts, not below {MOST_MEMORY_MB}"
    for before, after in pairwise(rows):
        more = after.posts / before.posts
        for name, value in _GROWING:
            growth = value(after) / value(before)
            if growth > more * NOISE:
                yield f"{name} grows {growth:.1f} times with {more:g} times the posts"
    cheapest = min((row.read_50_ms for row in rows), default=0.0)
    for row in rows:
        dearest = max(row.read_50_ms, row.read_100_ms)
        if dearest > cheapest * DEEPER:
            yield f"reading a new like takes {dearest} ms at {row.posts:,} posts, not {cheapest}"


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _tell(what: str) -> None:
    print(what, file=sys.stderr)


_Value = Callable[[Row], float]
_GROWING: tuple[tuple[str, _Value], ...] = (
    ("start-up until ready", lambda row: row.ready_s),
    ("memory", lambda row: row.memory_mb),
    ("CPU time of a tick", lambda row: row.tick_cpu_s),
    ("database per 1,000 likers", lambda row: row.kb_a_thousand_likers * row.posts),
)
_LINES: tuple[tuple[str, _Value, str], ...] = (
    ("stored likers", lambda row: row.stored_likers, "{:,.0f}"),
    ("start-up until ready", lambda row: row.ready_s, "{:.2f} s"),
    ("memory after the ticks", lambda row: row.memory_mb, "{:.0f} MB"),
    ("memory at its peak", lambda row: row.peak_mb, "{:.0f} MB"),
    ("CPU time of a tick", lambda row: row.tick_cpu_s, "{:.3f} s"),
    ("requests to X a tick", lambda row: row.requests_a_tick, "{:.1f}"),
    ("database per 1,000 likers", lambda row: row.kb_a_thousand_likers, "{:.0f} KB"),
    ("reading 1 new like of a post with 50", lambda row: row.read_50_ms, "{:.2f} ms"),
    ("reading 1 new like of a post with 100", lambda row: row.read_100_ms, "{:.2f} ms"),
)


def _table(rows: Sequence[Row]) -> str:
    """Return the sizes side by side as Markdown, and how each figure grows from first to last."""
    first, last = rows[0], rows[-1]
    heads = ["", *(f"{row.posts:,} posts" for row in rows), "grows"]
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    for name, value, form in _LINES:
        growth = value(last) / value(first) if value(first) else 0.0
        cells = [name, *(form.format(value(row)) for row in rows), f"{growth:.1f} times"]
        lines.append(" | ".join(cells))
    return "\n".join(f"| {line} |" for line in lines)


if __name__ == "__main__":
    main()
