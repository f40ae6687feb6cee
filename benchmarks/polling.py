"""How soon, and for how much, likes are announced: round robin, Likecord, push, and the bound.

Virtual time, the production planner and charge rules, X's published limits. One command:
python -m benchmarks.polling [--json] [--posts 1000] [--accounts 1] [--picture FILE]
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.at_x import AtX
from benchmarks.picture import write_picture
from benchmarks.pushed import push
from benchmarks.rows import Row, table
from benchmarks.strategies import Strategy, bound, round_robin
from benchmarks.two_tiers import fixed_probe, likecord
from benchmarks.world import BEGIN_S, END_S, Post, make_world
from bot.domain.money import MICRO

SEED = 4
STRATEGIES: Mapping[str, Strategy] = {
    "round_robin": round_robin,
    "likecord": likecord,
    "push": push,
    "fixed_probe": fixed_probe,
    "bound": bound,
}


_EVENLY, _NEWEST, _IN_AN_HOUR = ("all", False), ("newest_100", False), ("all", True)
# What is compared under each way of listing, and each way of appearing.
_WORTH_IT = {
    "round_robin": {_EVENLY},
    "likecord": {_EVENLY, _NEWEST, _IN_AN_HOUR},
    "push": {_EVENLY},
    "fixed_probe": {_EVENLY},
    "bound": {_EVENLY, _NEWEST, _IN_AN_HOUR},
}
# The other cases tell nothing more where a day of 10,000 posts is played, but take minutes each.
_MOST_OTHERWISE = 1_000


@dataclass(frozen=True, slots=True)
class Case:
    """A strategy for so many posts of so many accounts, on an X that lists likers in one way.

    `in_an_hour`: all posts of a day appear within one hour.
    """

    posts: int
    accounts: int
    strategy: str
    listing: str = "all"
    in_an_hour: bool = False


def main() -> None:
    options = _parser().parse_args()
    cases = [
        Case(posts, accounts, strategy, listing, in_an_hour=in_an_hour)
        for listing, in_an_hour in (_EVENLY, _NEWEST, _IN_AN_HOUR)
        for posts in options.posts
        for accounts in options.accounts
        for strategy in STRATEGIES
        if (listing, in_an_hour) in _WORTH_IT[strategy]
        and ((listing, in_an_hour) == _EVENLY or posts <= _MOST_OTHERWISE)
    ]
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(_row, cases))
    print(json.dumps({"rows": [asdict(row) for row in rows]}) if options.json else table(rows))
    if options.picture is not None:
        write_picture(rows, options.picture)


def _row(case: Case) -> Row:
    began = time.perf_counter()
    world = make_world(case.posts, case.accounts, SEED, in_an_hour=case.in_an_hour)
    row = measure(world, case)
    took = time.perf_counter() - began
    what = f"{case.posts:,} posts of {case.accounts}, {row.case}: {case.strategy}"
    print(f"{what}, {took:.1f} s", file=sys.stderr)
    return row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--posts", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--accounts", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--picture", type=Path, help="draw the latencies into this SVG file")
    return parser


def measure(world: Sequence[Post], case: Case) -> Row:
    """Run a strategy over the world, and see which likes of the day it announced, and when."""
    x = AtX(newest_only=case.listing == "newest_100")
    announced_at = STRATEGIES[case.strategy](world, case.accounts, x)
    waits, missed = [], 0
    for post in world:
        for place, liked_s in enumerate(post.likes):
            if not BEGIN_S <= liked_s < END_S:
                continue
            seen_s = announced_at.get((post.id, place))
            if seen_s is None:
                missed += 1
            else:
                waits.append(seen_s - liked_s)
    waits.sort()
    usd = x.micro_usd / MICRO
    return Row(
        posts=case.posts,
        accounts=case.accounts,
        strategy=case.strategy,
        listing=case.listing,
        in_an_hour=case.in_an_hour,
        announced=len(waits),
        missed=missed,
        p50_s=round(_percentile(waits, 0.50), 2),
        p95_s=round(_percentile(waits, 0.95), 2),
        probe_requests=x.probe_requests,
        liking_users_requests=x.liking_users_requests,
        usd_day=round(usd, 4),
        usd_like=round(usd / len(waits), 6) if waits else 0.0,
        twice=x.told_twice,
        worst_usd_like=round(x.worst_micro_usd / MICRO / len(waits), 6) if waits else 0.0,
    )


def _percentile(waits: Sequence[float], part: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else 0.0


if __name__ == "__main__":
    main()
