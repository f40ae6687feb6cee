"""What is written of the benchmark is what was measured, and keeps what was promised."""

import json
from pathlib import Path

import pytest

from benchmarks.picture import write_picture
from benchmarks.polling import SEED, Case, measure
from benchmarks.rows import Row, table
from benchmarks.world import make_world

ROOT = Path(__file__).parents[2]
MEASURED = json.loads((ROOT / "benchmarks" / "figures.json").read_text())
ROWS = [Row(**row) for row in MEASURED["rows"]]
PROSE = (ROOT / "benchmarks" / "README.md").read_text()


def _row(posts: int, accounts: int, strategy: str, case: str = "all") -> Row:
    (row,) = (
        row
        for row in ROWS
        if (row.posts, row.accounts, row.strategy, row.case) == (posts, accounts, strategy, case)
    )
    return row


def _saved(posts: int, accounts: int) -> float:
    ours, fixed = (_row(posts, accounts, name) for name in ("likecord", "fixed_probe"))
    return 1 - ours.probe_requests / fixed.probe_requests


# What was promised


def test_no_like_is_missed_by_likecord_nor_by_the_bound() -> None:
    assert {row.missed for row in ROWS if row.strategy in ("likecord", "bound")} == {0}


def test_a_thousand_posts_of_one_account() -> None:
    ours, bound = _row(1_000, 1, "likecord"), _row(1_000, 1, "bound")

    assert ours.p50_s <= 10
    assert ours.p95_s <= 20
    assert _row(1_000, 1, "round_robin").p50_s >= 500 * ours.p50_s
    assert ours.usd_like <= 1.15 * bound.usd_like


def test_push() -> None:
    for posts, accounts in ((100, 1), (1_000, 1), (1_000, 10), (10_000, 1), (10_000, 10)):
        row = _row(posts, accounts, "push")
        assert (row.missed, row.twice) == (0, 0)
        assert row.p50_s <= 2
    for accounts in (1, 10):
        assert _row(1_000, accounts, "push").p95_s <= 5
        assert _row(1_000, accounts, "push").usd_like <= 0.002


@pytest.mark.parametrize(("posts", "case"), [(10_000, "all"), (1_000, "all, in an hour")])
def test_where_x_s_requests_are_the_limit_half_is_nearly_as_soon_as_can_be(
    posts: int, case: str
) -> None:
    assert _row(posts, 1, "likecord", case).p50_s <= 1.1 * _row(posts, 1, "bound", case).p50_s


@pytest.mark.parametrize(("posts", "accounts"), [(1_000, 1), (1_000, 10), (10_000, 1)])
def test_three_of_five_requests_for_counts_are_saved(posts: int, accounts: int) -> None:
    assert _saved(posts, accounts) >= 0.6


# What is written


@pytest.mark.parametrize("strategy", ["likecord", "push", "bound"])
def test_the_figures_are_those_of_the_code_as_it_is(strategy: str) -> None:
    assert measure(make_world(100, 1, SEED), Case(100, 1, strategy)) == _row(100, 1, strategy)


def test_the_table_and_the_picture_are_made_of_the_figures(tmp_path: Path) -> None:
    write_picture(ROWS, tmp_path / "latency.svg")

    assert f"\n{table(ROWS)}\n" in PROSE
    drawn = (ROOT / "benchmarks" / "latency.svg").read_text()
    assert drawn == (tmp_path / "latency.svg").read_text()


def test_the_readme_tells_of_a_thousand_posts() -> None:
    ours = _row(1_000, 1, "likecord")
    text = (ROOT / "README.md").read_text()

    assert f"half are announced within {ours.p50_s:.0f} seconds" in text
    assert f"at {ours.usd_like * 100:.2f} cents a like" in text


def test_what_the_figures_are_said_to_say() -> None:
    ours, bound = _row(1_000, 1, "likecord"), _row(1_000, 1, "bound")
    sooner = _row(1_000, 1, "round_robin").p50_s / ours.p50_s
    many, best = _row(10_000, 1, "likecord"), _row(10_000, 1, "bound")
    hour, hour_best = (_row(1_000, 1, name, "all, in an hour") for name in ("likecord", "bound"))
    slower = ours.p95_s / _row(1_000, 1, "fixed_probe").p95_s

    pushed, of_ten = _row(1_000, 1, "push"), _row(1_000, 10, "push")
    soon = f"within {pushed.p50_s:.1f} s and 95 % within {pushed.p95_s:.1f} s"
    for said in (
        f"{soon}, for ${pushed.usd_like:.5f}",
        f"${of_ten.usd_like:.5f} with ten accounts",
        f"${pushed.worst_usd_like:.5f} a like",
        f"within {ours.p50_s:.1f} s and 95 % within {ours.p95_s:.1f} s, {sooner:.0f} times sooner",
        f"${ours.usd_like:.5f}, {ours.usd_like / bound.usd_like:.2f} times the bound",
        f"ten accounts: 95 % within {_row(10_000, 10, 'likecord').p95_s:.1f} s",
        f"half within {many.p50_s:.0f} s, {many.p50_s / best.p50_s:.2f} times the bound",
        f"half within {hour.p50_s:.1f} s, {hour.p50_s / hour_best.p50_s:.2f} times the bound",
        f"{_saved(1_000, 1):.0%}".replace("%", " % are saved at 1,000 posts")
        + f" ({slower:.2f} times",
        f"{_saved(10_000, 1):.0%}".replace("%", " % at 10,000 posts of one account"),
        f"{_saved(10_000, 10):.0%}".replace("%", " % at 10,000 of ten"),
    ):
        assert said in PROSE
