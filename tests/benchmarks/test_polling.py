"""The benchmark in virtual time: small worlds, and the rules that its figures rest on."""

from pathlib import Path

import pytest

from benchmarks.at_x import AtX, TooManyRequestsError
from benchmarks.picture import write_picture
from benchmarks.polling import SEED, STRATEGIES, Case, measure
from benchmarks.rows import Row
from benchmarks.world import BEGIN_S, END_S, Post, make_world
from bot.x.limits import DOCUMENTED, Endpoint

POSTS = 60


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    world = make_world(POSTS, 1, SEED)
    return {name: measure(world, Case(POSTS, 1, name)) for name in STRATEGIES}


def test_all_see_the_same_likes_and_miss_none(rows: dict[str, Row]) -> None:
    assert len({row.announced for row in rows.values()}) == 1
    assert rows["bound"].announced > POSTS
    assert {row.missed for row in rows.values()} == {0}


def test_likecord_is_between_the_bound_and_a_plain_poller(rows: dict[str, Row]) -> None:
    ours, plain, best = rows["likecord"], rows["round_robin"], rows["bound"]
    assert best.p50_s <= ours.p50_s < plain.p50_s / 20
    assert best.usd_like <= ours.usd_like < plain.usd_like / 2
    assert ours.p95_s <= 20
    assert ours.probe_requests <= rows["fixed_probe"].probe_requests


def test_the_bound_pays_for_each_new_liker_and_nothing_else(rows: dict[str, Row]) -> None:
    assert rows["bound"].usd_like == pytest.approx(0.01)


def test_x_answers_429_to_who_paces_himself_badly() -> None:
    x, post = AtX(), Post(1, 0, BEGIN_S, [BEGIN_S + 1])
    for _ in range(DOCUMENTED[Endpoint.LIKING_USERS]):
        x.liking_users(post, "user:0", 100, BEGIN_S + 2)
    with pytest.raises(TooManyRequestsError):
        x.liking_users(post, "user:0", 100, BEGIN_S + 2)
    x.liking_users(post, "user:1", 100, BEGIN_S + 2)
    x.liking_users(post, "user:0", 100, BEGIN_S + 902)


def test_what_was_returned_is_charged_once() -> None:
    x = AtX()
    posts = [Post(number, 0, BEGIN_S, [BEGIN_S + 1]) for number in range(1, 8)]
    x.counts(posts, BEGIN_S)
    x.counts(posts, BEGIN_S + 15)
    assert x.micro_usd == 7 * 5_000

    page = x.own_posts(posts, until_id=7, most=5, who="user:0", now=BEGIN_S)
    assert [post.id for post in page] == [2, 3, 4, 5, 6]
    assert x.micro_usd == 7 * 5_000 + 5 * 1_000

    x.liking_users(posts[0], "user:0", 100, BEGIN_S + 2)
    x.liking_users(posts[0], "user:0", 100, BEGIN_S + 3)
    x.liking_users(posts[1], "user:0", 100, END_S)
    assert x.micro_usd == 7 * 5_000 + 5 * 1_000 + 10_000


def test_the_world_is_the_same_each_time() -> None:
    assert make_world(20, 1, SEED) == make_world(20, 1, SEED) != make_world(20, 1, SEED + 1)


def test_the_picture_has_its_four_curves(rows: dict[str, Row], tmp_path: Path) -> None:
    write_picture(list(rows.values()), tmp_path / "latency.svg")
    drawn = (tmp_path / "latency.svg").read_text()
    assert drawn.startswith("<svg ")
    assert drawn.count("<polyline ") == 2 * 4
