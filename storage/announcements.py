"""Announcements: waiting, claimed for a message, sent. See the state words in the models."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, func
from sqlalchemy import bindparam as given
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.due import (
    DUE,
    LOCK_CARD,
    LOCK_DELIVERY,
    OF_DELIVERY,
    TOLD_IN,
    Due,
    DueQuery,
    channels_due,
)
from storage.models import (
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementStyle,
    Watch,
)
from storage.one_of import one_of
from storage.still_watched import still_watched
from storage.types import UtcDateTime


class Announcements:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, announcements: Collection[Announcement]) -> None:
        """Add announcements, but for watches that were removed since they were looked at."""
        self._session.add_all(await still_watched(self._session, announcements))
        await self._session.flush()

    async def add_unless_told(self, notices: Sequence[Announcement], since: datetime) -> int:
        """Add notices of one kind, but for watches that were told the same `since` a moment.

        Return how many were added.
        """
        told = await self._told(notices, since)
        new = [row for row in notices if _of_watch(row) not in told]
        await self.add(new)
        return len(new)

    async def _told(
        self, notices: Sequence[Announcement], since: datetime
    ) -> frozenset[tuple[int | None, int | None]]:
        """Return which watches of posts and of accounts were told one of these kinds."""
        watch_id, account_watch_id = col(Announcement.watch_id), col(Announcement.account_watch_id)
        query = select(watch_id, account_watch_id).where(
            or_(
                watch_id.in_({row.watch_id for row in notices} - {None}),
                account_watch_id.in_({row.account_watch_id for row in notices} - {None}),
            ),
            col(Announcement.notice).in_({row.notice for row in notices}),
            col(Announcement.created_at) > since,
        )
        return frozenset(await self._session.exec(query)) if notices else frozenset()

    async def of_watch(self, watch_id: int, limit: int) -> list[Announcement]:
        """Return what a watch told last, the newest first."""
        query = (
            select(Announcement)
            .where(col(Announcement.watch_id) == watch_id)
            .order_by(col(Announcement.id).desc())
            .limit(limit)
        )
        return list(await self._session.exec(query))

    async def move(self, watch_id: int, channel_id: int) -> None:
        """Have what was not begun of a watch told in another channel."""
        await self._session.exec(
            update(Announcement)
            .where(
                col(Announcement.watch_id) == watch_id,
                col(Announcement.delivery_key).is_(None),
                col(Announcement.recipient_id).is_(None),
                col(Announcement.state).in_((AnnouncementState.HELD, AnnouncementState.WAITING)),
            )
            .values(channel_id=channel_id)
            .execution_options(synchronize_session=False)
        )

    async def waiting_growth(self, watch_id: int) -> Announcement | None:
        """Return the growth of a watch that nobody has begun to send, to be extended."""
        query = (
            select(Announcement)
            .where(
                col(Announcement.watch_id) == watch_id,
                col(Announcement.kind) == AnnouncementKind.GROWTH,
                col(Announcement.state).in_((AnnouncementState.HELD, AnnouncementState.WAITING)),
                # One that was put off has a message already, whose content stays what it was.
                col(Announcement.delivery_key).is_(None),
            )
            .with_for_update(skip_locked=True)
        )
        return (await self._session.exec(query)).first()

    async def last_waiting(self, watch_ids: Collection[int]) -> dict[int, Announcement]:
        """Return the last announcement that waits of each of these watches, to be extended.

        One that was begun has a message already, whose content stays what it was; so it is of what
        somebody has locked, as who begins does.
        """
        query = (
            select(Announcement)
            .where(
                col(Announcement.watch_id).in_(set(watch_ids)),
                col(Announcement.state).in_((AnnouncementState.HELD, AnnouncementState.WAITING)),
                col(Announcement.delivery_key).is_(None),
            )
            .order_by(col(Announcement.id))
            .with_for_update(of=Announcement, skip_locked=True)
        )
        return {row.watch_id: row for row in await self._session.exec(query) if row.watch_id}

    async def last_growth_at(self, watch_id: int) -> datetime | None:
        query = select(func.max(Announcement.not_before)).where(
            col(Announcement.watch_id) == watch_id,
            col(Announcement.kind) == AnnouncementKind.GROWTH,
        )
        return (await self._session.exec(query)).one()

    async def lock_channels_due(self, now: datetime, limit: int) -> list[int]:
        """Return channels that may get a message now, the one that has waited longest first.

        Nobody else is claiming in them, or begins to before this transaction ends. SQLite has one
        writer anyway. In PostgreSQL the channel is locked by name: of its rows another process may
        hold some and not others, and what is left is not in order.
        """
        query = channels_due(self._session.get_bind().dialect.name)
        found = await self._session.exec(query, params={"now": now, "limit": limit})
        return [channel_id for channel_id, locked in found if locked]

    async def due(self, channel_id: int, now: datetime, limit: int) -> list[Due]:
        """Return a channel's announcements that may be sent now, oldest first, and lock them.

        A claim that ran out is due again. While a message is under way, its successors wait.
        """
        return await self._some(DUE, channel=channel_id, now=now, limit=limit)

    async def of_delivery(self, key: str, *, lock: bool = True) -> list[Due]:
        """Return a message's announcements, oldest first; lock them, where they may be changed."""
        return await self._some(LOCK_DELIVERY if lock else OF_DELIVERY, key=key)

    async def of_card(self, key: str) -> list[Due]:
        """Return all that a card tells, oldest first; what Discord refused of it is no part."""
        return await self._some(LOCK_CARD, key=key)

    async def watch_of(self, guild_id: int, key: str, post_id: int) -> int | None:
        """Return the watch of a guild that told of a post in a message, if one did."""
        query = (
            select(Announcement.watch_id)
            .join(Watch, col(Watch.id) == col(Announcement.watch_id))
            .where(
                col(Announcement.delivery_key) == key,
                col(Announcement.post_id) == post_id,
                col(Watch.guild_id) == guild_id,
            )
            .limit(1)
        )
        return (await self._session.exec(query)).first()

    async def told_in(self, guild_id: int, key: str, post_id: int, kind: str) -> list[Due]:
        """Return what a message told a guild of a post in one way, oldest first."""
        return await self._some(TOLD_IN, key=key, post=post_id, kind=kind, guild=guild_id)

    async def _some(self, query: DueQuery, **asked: object) -> list[Due]:
        return [Due(*row) for row in await self._session.exec(query, params=asked)]

    async def claim(
        self,
        announcements: Sequence[Announcement],
        key: str,
        now: datetime,
        lease: timedelta,
        style: AnnouncementStyle | None = None,
    ) -> None:
        """Bind announcements to one message; `key` and `style` stay theirs whatever happens."""
        for announcement in announcements:
            announcement.style = announcement.style or style
            announcement.state = AnnouncementState.CLAIMED
            announcement.delivery_key = key
            announcement.claimed_until = now + lease
            announcement.first_tried_at = announcement.first_tried_at or now
            announcement.attempts += 1
        await self._session.flush()

    async def keep(self, key: str, until: datetime) -> None:
        """Extend a claim that is still there."""
        await self._session.exec(
            update(Announcement)
            .where(
                col(Announcement.delivery_key) == key,
                col(Announcement.state) == AnnouncementState.CLAIMED,
            )
            .values(claimed_until=until)
        )

    async def mark_sent(self, key: str, message_id: int, at: datetime) -> Sequence[Announcement]:
        """Note that Discord has a message; return the announcements that it is made of."""
        asked = {"key": key, "message": message_id, "at": at}
        return (await self._session.exec(_MARK_SENT, params=asked)).scalars().all()

    async def postpone(self, key: str, until: datetime) -> None:
        """Put a message off; it keeps its key and its announcements."""
        await self._session.exec(
            update(Announcement)
            .where(
                col(Announcement.delivery_key) == key,
                col(Announcement.state) == AnnouncementState.CLAIMED,
            )
            .values(state=AnnouncementState.WAITING, not_before=until, claimed_until=None)
        )

    async def release_claims(self, until: Collection[datetime] | None = None) -> int:
        """Make claims due again of which it is known that nobody sends what they are of.

        Those that last `until` one of these moments, or else all of them.
        """
        which = [col(Announcement.state) == AnnouncementState.CLAIMED]
        if until is not None:
            which.append(col(Announcement.claimed_until).in_(until))
        result = await self._session.exec(
            update(Announcement)
            .where(*which)
            .values(claimed_until=None, state=AnnouncementState.WAITING)
        )
        return result.rowcount


def _of_watch(row: Announcement) -> tuple[int | None, int | None]:
    return row.watch_id, row.account_watch_id


OPEN = (AnnouncementState.WAITING, AnnouncementState.CLAIMED)
"""What is to be sent now."""

UNSENT = (AnnouncementState.HELD, *OPEN)
"""What is still to be sent, now or later."""

# Built once, for each message is marked.
_MARK_SENT = (
    update(Announcement)
    # Of a card, those that were told before are told, and those set aside are not.
    .where(
        col(Announcement.delivery_key) == given("key"),
        one_of(col(Announcement.state), UNSENT),
    )
    .values(
        state=AnnouncementState.SENT,
        message_id=given("message", type_=BigInteger),
        sent_at=given("at", type_=UtcDateTime),
        claimed_until=None,
    )
    .returning(Announcement)
    .execution_options(synchronize_session=False)
)
