"""The benchmark of scale: its bounds break when they should, and its two worlds are the same."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.difference import reading_ms
from benchmarks.liked import LIKERS, MOST_LIKERS, fill_database, fill_x, make_posts
from benchmarks.scale import Row, broken_bounds
from sandbox.x.server import XSandbox
from storage.likes import Likes
from storage.posts import Posts
from tests.cases import in_turn
from tests.databases import opened

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SMALL = Row(
    posts=1_000,
    stored_likers=50_000,
    ready_s=1.5,
    memory_mb=120.0,
    peak_mb=121.0,
    tick_cpu_s=0.3,
    requests_a_tick=7.0,
    kb_a_thousand_likers=235.0,
    read_50_ms=10.0,
    read_100_ms=10.5,
)
LARGE = replace(
    SMALL, posts=10_000, stored_likers=500_000, ready_s=9.0, memory_mb=220.0, tick_cpu_s=2.9
)


def test_what_grows_as_the_posts_do_breaks_no_bound() -> None:
    assert not [*broken_bounds([SMALL, LARGE])]


@in_turn(
    "worse, about",
    [
        (replace(LARGE, peak_mb=250.0), "memory"),
        (replace(LARGE, ready_s=20.0), "start-up"),
        (replace(LARGE, tick_cpu_s=4.0), "tick"),
        (replace(LARGE, kb_a_thousand_likers=300.0), "database"),
        (replace(LARGE, read_50_ms=16.0), "reading"),
        (replace(LARGE, read_100_ms=16.0), "reading"),
    ],
)
def test_each_bound_breaks(worse: Row, about: str) -> None:
    (broken,) = broken_bounds([SMALL, worse])
    assert about in broken


async def test_x_and_the_database_know_the_same_likes(tmp_path: Path) -> None:
    posts = make_posts(20, NOW)
    x = XSandbox()
    fill_x(x.world, posts, NOW)
    url = f"sqlite+aiosqlite:///{tmp_path / 'likecord.db'}"
    await fill_database(url, posts, NOW)
    async with opened(url) as database, database.reading() as session:
        watched, _ = await Posts(session).watched(NOW)
        pending, _ = await Posts(session).pending(NOW)
        known = {
            post.id: await Likes(session).known(post.id, x.world.posts[post.id].likes)
            for post in posts
        }
    assert sum(len(post.liker_ids) for post in posts) == 20 * LIKERS
    assert not pending
    assert {row.id: row.like_count for row in watched} == {
        post.id: x.world.posts[post.id].like_count for post in posts
    }
    assert {post_id: set(likers) for post_id, likers in known.items()} == {
        post.id: set(post.liker_ids) for post in posts
    }


async def test_a_reading_finds_the_one_new_like(tmp_path: Path) -> None:
    posts = make_posts(20, NOW)
    url = f"sqlite+aiosqlite:///{tmp_path / 'likecord.db'}"
    await fill_database(url, posts, NOW)
    full = [post for post in posts if len(post.liker_ids) == MOST_LIKERS][:3]
    # It raises an error where a reading makes anything but one announcement.
    assert await reading_ms(url, full) > 0
