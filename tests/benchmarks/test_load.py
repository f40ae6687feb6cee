"""The benchmark of load: its bounds break when they should, and each part measures something."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from benchmarks.load.announcements import Delivered, deliver
from benchmarks.load.answers import MOST_TIMES, PING, Answers, Slow
from benchmarks.load.bounds import Figures, broken_bounds
from benchmarks.load.memory import Memory
from tests.cases import in_turn

BARE = Answers(PING, first_ms=2.0, whole_ms=8.0, first_times=1.0, whole_times=1.0)
STATUS = replace(BARE, command="status", whole_ms=20.0, whole_times=MOST_TIMES["status"])
SLOW = Slow(asked=200, answered=200, x_takes_s=5.0, p50_ms=200.0, p99_ms=400.0)
SENT = Delivered(announcements=2_000, channels=500, messages=500, limited=0, seconds=11.0)
GOOD = Figures([BARE, STATUS], [BARE, STATUS], SLOW, Memory(10_000, 100.0, 101.0), SENT)


def test_what_keeps_to_them_breaks_no_bound() -> None:
    assert not [*broken_bounds(GOOD)]
    assert not [*broken_bounds(Figures())]


@in_turn(
    "worse, about",
    [
        (replace(GOOD, one_by_one=[BARE, replace(STATUS, whole_times=2.6)]), "/status takes"),
        (replace(GOOD, one_by_one=[BARE, replace(STATUS, first_times=1.3)]), "first sign"),
        (replace(GOOD, slow=replace(SLOW, p99_ms=1_000.0)), "while X is slow"),
        (replace(GOOD, slow=replace(SLOW, answered=199)), "no first answer"),
        (replace(GOOD, memory=Memory(10_000, 100.0, 106.0)), "memory"),
        (replace(GOOD, delivered=replace(SENT, seconds=11.1)), "announcements"),
        (replace(GOOD, delivered=replace(SENT, limited=1)), "refuses"),
    ],
)
def test_each_bound_breaks(worse: Figures, about: str) -> None:
    (broken,) = broken_bounds(worse)
    assert about in broken


async def test_a_full_outbox_is_emptied_as_fast_as_discord_allows() -> None:
    """It was emptied twice as fast, and Discord answers that with 429 to everything."""
    sent = await deliver(announcements=200, channels=100)

    assert sent.messages == 100
    assert sent.seconds > 1.5


@pytest.mark.usefixtures("postgres")
def test_the_same_is_measured_on_postgresql() -> None:
    """A process of its own: a server's package remembers the first folder that it was given."""
    few = ("--only", "announcements", "--announcements", "10", "--channels", "5", "--json")
    command = [sys.executable, "-m", "benchmarks.load", "--database", "postgresql", *few]
    # So few are told at no pace that a bound is for.
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 -- our own words

    told = json.loads(done.stdout)
    assert told["database"] == "postgresql"
    assert (told["delivered"]["messages"], told["delivered"]["limited"]) == (5, 0)
