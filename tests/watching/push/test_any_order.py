"""Events lost, late, doubled and nameless, counts, readings and gaps, in any order: told once."""

import random
from collections import Counter

import pytest

from bot.domain import User
from bot.domain.push import PushEvent, PushKind
from tests.watching.harness import DEV, World, announced, stored_post
from tests.watching.push.harness import PushBot

_STEPS = 70


class People:
    """Like posts; X tells of most of it, sooner or later."""

    def __init__(self, world: World, bot: PushBot, rng: random.Random, posts: list[int]) -> None:
        self.world, self.bot, self.rng, self.posts = world, bot, rng, posts
        self.flying: list[PushEvent] = []
        self.liked: set[int] = set()

    def like(self) -> None:
        post_id = self.rng.choice(self.posts)
        (user_id,) = self.world.likes(post_id, 1)
        self.liked.add(user_id)
        named = self.rng.random() < 0.8
        event = PushEvent(
            PushKind.LIKE,
            key=f"{user_id:032x}",
            account_id=DEV,
            post_id=post_id,
            liker=User(user_id, f"person{user_id}", "Ada") if named else None,
            at=self.bot.now(),
        )
        if self.rng.random() < 0.85:
            self.flying += [event] * self.rng.choice((1, 1, 2))

    async def deliver(self) -> None:
        self.rng.shuffle(self.flying)
        for _ in range(self.rng.randint(0, len(self.flying))):
            self.bot.inbox.offer(self.flying.pop())
        await self.bot.push.run_once()

    def switch(self) -> None:
        """Lose what is on its way, and open the stream anew; or close it."""
        self.flying.clear()
        self.bot.coverage.closed("stream")
        if self.rng.random() < 0.7:
            self.bot.coverage.opened("stream")

    async def step(self) -> None:
        bot, rng = self.bot, self.rng
        match rng.choice(("like", "like", "like", "deliver", "wait", "read", "next", "switch")):
            case "like":
                self.like()
            case "deliver":
                await self.deliver()
            case "wait":
                await bot.wait(rng.choice((15, 60, 400)))
            case "read":
                await bot.collect()
            case "next":
                await bot.push.read_next()
            case "switch" if rng.random() < 0.5:
                self.switch()
            case _:
                self.world.sandbox.clock.advance(rng.randint(1, 5))


@pytest.mark.parametrize("seed", range(3))
async def test_each_like_is_told_once(world: World, bot: PushBot, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- no secret
    posts = [world.post(likes=3) for _ in range(2)]
    for post_id in posts:
        await bot.watch(post_id)
    bot.coverage.subscribed([DEV])
    people = People(world, bot, rng, posts)
    for _ in range(_STEPS):
        await people.step()
    bot.coverage.closed("stream")
    for _ in range(3):
        await bot.wait(16)
        await bot.time_passes(65)
    told = Counter(await announced(bot.database))
    assert {liker for liker, times in told.items() if times > 1} == set()
    assert people.liked - set(told) == set()
    for post_id in posts:
        row = await stored_post(bot.database, post_id)
        assert (row.collected_count, row.hidden_count) == (row.like_count, 0)
