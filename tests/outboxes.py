"""An outbox over two channels, for the tests of it."""

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.chat.cards.notices import notice_sentence
from bot.domain import Delivery
from bot.domain.notices import Notice
from bot.domain.stored_notices import notice_value
from bot.watching.outbox import Outbox
from storage.database import Database
from storage.models import Announcement, AnnouncementKind, PostKind
from storage.shut_channels import ShutChannels
from tests.storage.rows import (
    CHANNEL,
    NOW,
    POST,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_users,
    store_watch,
)

OTHER = CHANNEL + 1


class Stand:
    """An outbox over two channels that watch one post, and a clock that a test moves."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.time = NOW
        self.outbox = Outbox(database, self.now)
        self.watches: dict[int, int] = {}
        self._users = itertools.count(1)
        self._posts = itertools.count(1)

    def now(self) -> datetime:
        return self.time

    async def open(self) -> "Stand":
        await store_post(self.database, kind=PostKind.NAMES, like_count=40)
        for channel in (CHANNEL, OTHER):
            self.watches[channel] = await store_watch(self.database, a_watch(channel_id=channel))
        return self

    async def watch_another(self, channel: int = CHANNEL) -> int:
        """Watch one more post there; return the watch's ID."""
        post_id = POST + next(self._posts)
        await store_post(self.database, post_id, kind=PostKind.NAMES, like_count=40)
        return await store_watch(self.database, a_watch(post_id=post_id, channel_id=channel))

    async def add_apart(self, *sizes: int, channel: int = CHANNEL) -> list[int]:
        """Let announcements wait that each are of a post of their own; return their IDs."""
        watches = [await self.watch_another(channel) for _ in sizes]
        added = [
            await self.add(size, channel=channel, watch=watch)
            for size, watch in zip(sizes, watches, strict=True)
        ]
        return [row for rows in added for row in rows]

    async def add(
        self,
        *sizes: int,
        channel: int = CHANNEL,
        kind: AnnouncementKind = AnnouncementKind.LIKES,
        after: timedelta = timedelta(0),
        watch: int | None = None,
    ) -> list[int]:
        """Let announcements of so many likers each wait; return their IDs."""
        rows = []
        for size in sizes:
            likers = list(itertools.islice(self._users, size))
            await store_users(self.database, *likers)
            rows.append(
                an_announcement(
                    watch or self.watches[channel],
                    channel_id=channel,
                    kind=kind,
                    not_before=self.time + after,
                    likers=likers,
                )
            )
        return await store_announcements(self.database, *rows)

    async def claim(self) -> Delivery | None:
        """Claim the only delivery that there is, if any."""
        claimed = await self.outbox.claim()
        assert len(claimed) <= 1
        return claimed[0] if claimed else None

    async def send_all(self) -> list[list[int]]:
        """Send until nothing is left; return the announcements of each message."""
        messages = []
        while claimed := await self.outbox.claim():
            for delivery in claimed:
                await self.outbox.sent(delivery, len(messages) + 1)
                messages.append(ids(delivery))
        return messages

    async def rows(self) -> list[Announcement]:
        async with self.database.reading() as session:
            return list(await session.exec(select(Announcement).order_by(col(Announcement.id))))

    async def trouble(self, channel: int = CHANNEL) -> str | None:
        async with self.database.reading() as session:
            return (await ShutChannels(session).some([channel])).get(channel)


def notice_of(row: Announcement) -> Notice:
    """Return what a row tells."""
    assert row.notice is not None
    return notice_value(row.notice, row.facts)


def sentence_of(row: Announcement) -> str:
    """Return what people read of a notice."""
    return notice_sentence(notice_of(row))


def ids(delivery: Delivery) -> list[int]:
    return sorted(row for announcement in delivery.announcements for row in announcement.rows)


def all_ids(deliveries: Iterable[Delivery]) -> list[int]:
    return [announcement for delivery in deliveries for announcement in ids(delivery)]
