"""Times that lie farther ahead than they can be meant: the clock was set back since."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import SQLModel, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    AccountWatch,
    Announcement,
    AnnouncementState,
    EndpointAbility,
    KeyRefusal,
    LeftGuild,
    MessageEdit,
    Post,
    PostKind,
    StoredAllowance,
    XAccount,
)
from storage.types import UtcDateTime

# When X made a post is X's to say; when to look next is to come.
_NOT_PAST = frozenset({"created_at", "look_at"})
# Two processes, and X, never have quite the same time.
_CLOCKS_DIFFER = timedelta(minutes=1)


class FutureTimes:
    """Brings each time back to the latest that it can be; `now` is the time of all processes."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    @classmethod
    async def open(cls, session: AsyncSession, now: datetime) -> "FutureTimes":
        """Take the server's time where ours is far behind: others' claims must not suffer from it.

        SQLite is for one process, and has no clock of its own.
        """
        if session.get_bind().dialect.name == "postgresql":
            servers: datetime = (await session.exec(select(func.now()))).one()
            now = servers if servers - now > _CLOCKS_DIFFER else now
        return cls(session, now)

    async def of_announcements(self, delay: timedelta, lease: timedelta) -> int:
        """Bound how long announcements are put off, and how long they are claimed."""
        # Growth is told a while after the growth before it, which was sent or is being sent.
        was_due = _column(Announcement, "state") != AnnouncementState.WAITING
        return (
            await self._bound(Announcement, "not_before", delay)
            + await self._bound(Announcement, "not_before", timedelta(0), was_due)
            + await self._bound(Announcement, "claimed_until", lease)
            + await self._bound(MessageEdit, "not_before", delay)
        )

    async def of_accounts(self, lease: timedelta) -> int:
        """Bound how long an account is being refreshed, and since when X refuses what."""
        return (
            await self._bound(XAccount, "refreshing_until", lease)
            + await self._bound(XAccount, "revoked_at")
            + await self._bound(XAccount, "refresh_refused_at")
            + await self._bound(EndpointAbility, "learnt_at")
        )

    async def of_allowances(self, window: timedelta, day: timedelta, daily: str) -> int:
        """Bound when X's windows end: those of one name last a day."""
        is_daily = _column(StoredAllowance, "endpoint") == daily
        return await self._bound(
            StoredAllowance, "resets_at", window, ~is_daily
        ) + await self._bound(StoredAllowance, "resets_at", day, is_daily)

    async def of_looks(self, named: timedelta, counted: timedelta) -> int:
        """Bound when posts, accounts and keys were looked at, so that they are looked at again.

        Lists that show names are looked at again after `named` at the latest, others `counted`.
        """
        is_counted = _column(Post, "kind").in_((PostKind.COUNTS, PostKind.STALLED))
        planned = await self._bound(Post, "look_at", named, ~is_counted) + await self._bound(
            Post, "look_at", counted, is_counted
        )
        return planned + sum(
            [
                await self._bound(table, name)
                for table in (Post, AccountWatch, KeyRefusal, LeftGuild)
                for name in _times(table)
            ]
        )

    async def _bound(
        self,
        table: type[SQLModel],
        name: str,
        longest: timedelta = timedelta(0),
        *which: ColumnElement[bool],
    ) -> int:
        latest = self._now + longest
        result = await self._session.exec(
            update(table)
            .where(_column(table, name) > latest + _CLOCKS_DIFFER, *which)
            .values({name: latest})
            .execution_options(synchronize_session=False)
        )
        return result.rowcount


def _times(table: type[SQLModel]) -> list[str]:
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    return [
        column.name
        for column in columns
        if isinstance(column.type, UtcDateTime) and column.name not in _NOT_PAST
    ]


def _column(table: type[SQLModel], name: str) -> ColumnElement[object]:
    column: ColumnElement[object] = getattr(table, name)
    return column
