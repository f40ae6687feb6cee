import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

import pytest

from sandbox.x.crowd import BURST_SIZES, Crowd, next_step
from sandbox.x.server import XSandbox
from tests.sandbox.x.client import POLL, RESEARCH, VALENTINE


def luck(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test wants the same luck on every run


def test_the_mean_rate_holds_with_bursts() -> None:
    rng = luck(1)
    steps = [next_step(120, rng) for _ in range(20_000)]
    minutes = sum(step.delay_s for step in steps) / 60
    assert sum(step.likes for step in steps) / minutes == pytest.approx(120, rel=0.05)
    assert {step.likes for step in steps} == {1, *range(BURST_SIZES[0], BURST_SIZES[1] + 1)}


def crowd(
    x: XSandbox, seed: int, rate: float = 60, posts: Sequence[str] = (RESEARCH, POLL)
) -> Crowd:
    chosen = [int(post) for post in posts]
    return Crowd(x.world, x.clock, rate, luck(seed), lambda: chosen)


def likers(x: XSandbox, post: str) -> list[str]:
    return [x.world.users[user_id].username for user_id in x.world.posts[int(post)].likes]


def test_the_same_seed_makes_the_same_likes() -> None:
    worlds = [XSandbox(seed=3), XSandbox(seed=3), XSandbox(seed=4)]
    for x in worlds:
        crowd(x, seed=5).like(50)
    first, same, other = (likers(x, RESEARCH) for x in worlds)
    assert first == same
    assert first != other


def test_each_person_likes_a_post_once_and_only_chosen_posts() -> None:
    x = XSandbox()
    before = x.world.posts[int(VALENTINE)].like_count
    total = sum(x.world.posts[int(post)].like_count for post in (RESEARCH, POLL))
    crowd(x, seed=1).like(200)
    assert sum(x.world.posts[int(post)].like_count for post in (RESEARCH, POLL)) == total + 200
    assert x.world.posts[int(VALENTINE)].like_count == before


def test_posts_may_vanish() -> None:
    x = XSandbox()
    x.world.delete_post(x.world.posts[int(RESEARCH)])
    crowd(x, seed=1, posts=[RESEARCH]).like(3)
    Crowd(x.world, x.clock, 60, luck(1)).like(3)


async def test_it_runs_pauses_and_goes_on() -> None:
    x = XSandbox()
    people = crowd(x, seed=1, rate=0)
    async with x.events.listen() as news:
        running = asyncio.create_task(people.run())
        await asyncio.sleep(0)
        people.rate_per_minute = 60_000
        likes = 0
        while likes < 20:
            likes += (await anext(news)).type == "like.create"
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert running.cancelled()
