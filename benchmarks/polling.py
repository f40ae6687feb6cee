"""How soon, and for how much, likes are announced: round robin, Likecord, and the bound.

Virtual time, the production planner and charge rules, X's published limits. One command:
python -m benchmarks.polling [--json] [--posts 1000] [--accounts 1]
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.at_x import AtX
from benchmarks.strategies import Strategy, bound, round_robin
from benchmarks.two_tiers import fixed_probe, likecord
from benchmarks.world import BEGIN_S, END_S, SHOWN, Post, make_world

SEED = 4
STRATEGIES: tuple[tuple[str, Strategy], ...] = (
    ("round_robin", round_robin),
    ("likecord", likecord),
    ("fixed_probe", fixed_probe),
    ("bound", bound),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a strategy did on the measured day; seconds are from like to announcement."""

    posts: int
    accounts: int
    strategy: str
    announced: int
    missed: int
    p50_s: float
    p95_s: float
    probe_requests: int
    liking_users_requests: int
    usd_day: float
    usd_like: float


def main() -> None:
    options = _parser().parse_args()
    rows = []
    for posts in options.posts:
        for accounts in options.accounts:
            world = make_world(posts, accounts, SEED)
            for name, strategy in STRATEGIES:
                began = time.perf_counter()
                rows.append(measure(world, posts, accounts, name, strategy))
                took = time.perf_counter() - began
                print(f"{posts} posts, {accounts}: {name} in {took:.1f} s", file=sys.stderr)
    print(json.dumps({"rows": [asdict(row) for row in rows]}) if options.json else _table(rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--posts", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--accounts", type=int, nargs="+", default=[1, 10])
    return parser


def measure(world: Sequence[Post], posts: int, accounts: int, name: str, strategy: Strategy) -> Row:
    """Run a strategy over the world, and see which likes of the day it announced, and when."""
    x = AtX()
    announced_at = strategy(world, accounts, x)
    waits, missed = [], 0
    for post in world:
        for place, liked_s in enumerate(post.likes[:SHOWN]):
            if not BEGIN_S <= liked_s < END_S:
                continue
            seen_s = announced_at.get((post.id, place))
            if seen_s is None:
                missed += 1
            else:
                waits.append(seen_s - liked_s)
    waits.sort()
    usd = x.micro_usd / 1_000_000
    return Row(
        posts=posts,
        accounts=accounts,
        strategy=name,
        announced=len(waits),
        missed=missed,
        p50_s=round(_percentile(waits, 0.50), 2),
        p95_s=round(_percentile(waits, 0.95), 2),
        probe_requests=x.probe_requests,
        liking_users_requests=x.liking_users_requests,
        usd_day=round(usd, 4),
        usd_like=round(usd / len(waits), 6) if waits else 0.0,
    )


def _percentile(waits: Sequence[float], part: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else 0.0


_COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("posts", lambda row: f"{row.posts:,}"),
    ("accounts", lambda row: str(row.accounts)),
    ("strategy", lambda row: row.strategy),
    ("announced", lambda row: f"{row.announced:,}"),
    ("missed", lambda row: f"{row.missed:,}"),
    ("p50 s", lambda row: f"{row.p50_s:,.1f}"),
    ("p95 s", lambda row: f"{row.p95_s:,.1f}"),
    ("probes", lambda row: f"{row.probe_requests:,}"),
    ("liking_users", lambda row: f"{row.liking_users_requests:,}"),
    ("$ a day", lambda row: f"{row.usd_day:,.2f}"),
    ("$ a like", lambda row: f"{row.usd_like:.5f}"),
)


def _table(rows: Sequence[Row]) -> str:
    """Return the rows as Markdown."""
    lines = [" | ".join(name for name, _ in _COLUMNS), " | ".join("---" for _ in _COLUMNS)]
    lines += [" | ".join(cell(row) for _, cell in _COLUMNS) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


if __name__ == "__main__":
    main()
