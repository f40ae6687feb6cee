"""Whatever happens in whatever order, and in whatever style: each like is told once.

Discord is a model: messages by their keys, which stay what they were until they are changed.
"""

import os
import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain import Delivery
from storage.database import Database
from storage.models import AnnouncementState, AnnouncementStyle, Post, Watch
from tests.databases import on_sqlite
from tests.outboxes import Stand, ids
from tests.storage.rows import CHANNEL, MINUTE, POST

_STEPS = 60
_STYLES = (None, *AnnouncementStyle)


@dataclass
class Discord:
    """Keeps what each message tells; a message is found again by its key."""

    by_key: dict[str, int] = field(default_factory=dict)
    told: dict[int, set[int]] = field(default_factory=dict)

    def take(self, delivery: Delivery) -> int:
        message_id = delivery.card_id or self.by_key.setdefault(delivery.key, len(self.told) + 1)
        before = self.told.get(message_id, set())
        now = set(ids(delivery))
        # What a message has told it goes on to tell.
        assert before <= now, (before, now)
        self.told[message_id] = now
        return message_id

    @property
    def everything(self) -> list[int]:
        return [row for rows in self.told.values() for row in rows]


@dataclass
class Course:
    stand: Stand
    rng: random.Random
    discord: Discord = field(default_factory=Discord)
    likes: int = 0
    added: list[int] = field(default_factory=list)

    async def like(self) -> None:
        size = self.rng.randint(1, 9)
        self.likes += size
        rows = await self.stand.add(size)
        self.added += rows
        async with self.stand.database.transaction() as session:
            (await session.get_one(Post, POST)).like_count = self.likes
        new = [row for row in await self.stand.rows() if row.id in rows]
        async with self.stand.database.transaction() as session:
            for row in new:
                row.to_count, row.created_at = self.likes, self.stand.time
                await session.merge(row)

    async def restyle(self) -> None:
        style = self.rng.choice(_STYLES)
        async with self.stand.database.transaction() as session:
            watch = await session.get_one(Watch, self.stand.watches[CHANNEL])
            if watch.style is not style:
                watch.style, watch.card_key, watch.card_at = style, None, None

    async def wait(self) -> None:
        self.stand.time += self.rng.choice((MINUTE, 3 * MINUTE, timedelta(hours=1)))

    async def send(self) -> None:
        """Claim, and let the process end at any step of what follows."""
        delivery = await self.stand.claim()
        if delivery is None:
            return
        ends = self.rng.random()
        if ends < 0.2:
            return  # before anything was sent
        if delivery.card_id is not None and ends < 0.3:
            await self.stand.outbox.renew_card(delivery)
            return
        if ends < 0.4:
            await self.stand.outbox.postpone(delivery, self.stand.time + MINUTE, None)
            return
        message_id = self.discord.take(delivery)
        if ends < 0.6:
            return  # it was sent, and nobody knows
        await self.stand.outbox.sent(delivery, message_id)

    async def finish(self) -> None:
        async with self.stand.database.transaction() as session:
            (await session.get_one(Watch, self.stand.watches[CHANNEL])).style = None
        for _ in range(50):
            self.stand.time += 3 * MINUTE
            delivery = await self.stand.claim()
            if delivery is not None:
                await self.stand.outbox.sent(delivery, self.discord.take(delivery))


@on_sqlite
@pytest.mark.parametrize("seed", range(100 if os.environ.get("LIKECORD_LONG") == "1" else 6))
async def test_each_like_is_told_once(database: Database, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secret is made of it
    course = Course(await Stand(database).open(), rng)
    steps = (course.like, course.send, course.send, course.send, course.wait, course.restyle)
    for _ in range(_STEPS):
        await rng.choice(steps)()
    await course.finish()

    assert sorted(course.discord.everything) == sorted(course.added)
    assert {row.state for row in await course.stand.rows()} == {AnnouncementState.SENT}
