"""The announcements that wait, and what became of them: each is sent exactly once.

A delivery is one Discord message. Its announcements and its key are bound together when it is
first claimed and stay together, so that every further attempt carries the same nonce.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.domain import Announcement, Delivery, WatchKind
from bot.polling.news import LIKERS_AN_ANNOUNCEMENT
from bot.rows import post_value, user_value
from storage import models
from storage.announcements import Announcements
from storage.database import Database
from storage.models import AnnouncementKind
from storage.posts import Posts
from storage.users import Users
from storage.watches import Watches

# Longer than Discord's client waits for its rate limits; a claim that outlives its process is
# taken up by another one after this.
_LEASE = timedelta(minutes=2)
_CARDS_A_MESSAGE = 5
_DUE_AT_ONCE = 200


class Outbox:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def recover(self) -> int:
        """At the start of the only process: take up what the one before had begun to send."""
        if not self._database.is_sqlite:
            return 0  # other processes may be sending: their claims run out by themselves
        async with self._database.transaction() as session:
            return await Announcements(session).release_claims()

    async def claim(self) -> tuple[Delivery, ...]:
        """Take what is due, one delivery per channel at most; nobody else gets it meanwhile."""
        now = self._now()
        async with self._database.reading() as session:
            if not await Announcements(session).due(now, limit=1):
                return ()
        async with self._database.transaction() as session:
            announcements = Announcements(session)
            due = await announcements.due(now, _DUE_AT_ONCE)
            channels = {row.channel_id for row in due}
            busy = await announcements.busy_channels(channels, now)
            heads = await announcements.heads(channels, now)
            claimed = []
            for rows in _by_channel(row for row in due if row.channel_id not in busy):
                if rows[0].id not in heads:
                    continue  # another process is about to claim what comes before
                key = rows[0].delivery_key
                # A message that was begun keeps its announcements, all of them.
                batch = await announcements.of_delivery(key) if key else _first_message(rows)
                key = key or secrets.token_hex(8)
                await announcements.claim(batch, key, now, _LEASE)
                claimed.append(batch)
            values = await _Values.load(Posts(session), Users(session), claimed)
        return tuple(values.delivery(batch) for batch in claimed)

    async def sent(self, delivery: Delivery, message_id: int) -> None:
        """Note that Discord has the message."""
        async with self._database.transaction() as session:
            await Announcements(session).mark_sent(delivery.key, message_id, self._now())
            await Watches(session).clear_trouble(delivery.channel_id)

    async def postpone(self, delivery: Delivery, until: datetime, trouble: str | None) -> None:
        """Try again later; `trouble` is a sentence for the guild's admins."""
        async with self._database.transaction() as session:
            await Announcements(session).postpone(delivery.key, until)
            if trouble is not None:
                await Watches(session).set_trouble(delivery.channel_id, trouble)


def _by_channel(rows: Iterable[models.Announcement]) -> Iterable[list[models.Announcement]]:
    # A stable sort: within a channel the oldest stays first.
    by_channel = sorted(rows, key=lambda row: row.channel_id)
    for _, group in groupby(by_channel, key=lambda row: row.channel_id):
        yield list(group)


def _first_message(rows: Sequence[models.Announcement]) -> list[models.Announcement]:
    """Return the announcements that a channel's next message has room for."""
    batch: list[models.Announcement] = []
    likers = 0
    for row in rows[:_CARDS_A_MESSAGE]:
        likers += row.liker_count
        if row.delivery_key is not None or (batch and likers > LIKERS_AN_ANNOUNCEMENT):
            break
        batch.append(row)
    return batch


class _Values:
    """Posts and users that a claim needs, read at once, to turn rows into values."""

    def __init__(self, posts: dict[int, models.Post], users: dict[int, models.XUser]) -> None:
        self._posts = posts
        self._users = users

    @classmethod
    async def load(
        cls, posts: Posts, users: Users, batches: Sequence[Sequence[models.Announcement]]
    ) -> "_Values":
        rows = [row for batch in batches for row in batch]
        found = await posts.some({row.post_id for row in rows})
        authors = {post.author_id for post in found.values() if post.author_id is not None}
        likers = {liker_id for row in rows for liker_id in row.liker_ids}
        return cls(found, await users.get(authors | likers))

    def delivery(self, batch: Sequence[models.Announcement]) -> Delivery:
        first = batch[0]
        if first.delivery_key is None:
            raise ValueError("a delivery must be claimed first")
        return Delivery(
            key=first.delivery_key,
            channel_id=first.channel_id,
            announcements=tuple(self._announcement(row) for row in batch),
            first_tried_at=first.first_tried_at,
        )

    def _announcement(self, row: models.Announcement) -> Announcement:
        grown = row.kind is AnnouncementKind.GROWTH
        post = self._posts[row.post_id]
        return Announcement(
            id=row.id or 0,
            watch_id=row.watch_id,
            post=post_value(post, self._users),
            likers=tuple(
                user_value(self._users[liker]) for liker in row.liker_ids if liker in self._users
            ),
            like_count=max(row.to_count, post.like_count) if not grown else row.to_count,
            from_count=row.from_count if grown else None,
            kind=WatchKind(post.kind),
        )
