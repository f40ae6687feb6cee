"""Which channels are shut, and which of a guild's are announced in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, exists
from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    AccountWatch,
    Announcement,
    AnnouncementState,
    ShutChannel,
    Watch,
)
from storage.posts import Posts
from storage.tables import table_of
from storage.types import UtcDateTime
from storage.upsert import upsert


class ShutChannels:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def some(self, channel_ids: Collection[int]) -> dict[int, str]:
        """Return why those of these channels are shut that are."""
        query = select(ShutChannel).where(col(ShutChannel.channel_id).in_(set(channel_ids)))
        return {row.channel_id: row.trouble for row in await self._session.exec(query)}

    async def watched_in(self, guild_id: int) -> list[int]:
        """Return the channels in which a guild's watches announce."""
        found = await self._watched(
            col(Watch.guild_id) == guild_id, col(AccountWatch.guild_id) == guild_id
        )
        return sorted(found)

    async def watched_among(self, channel_ids: Collection[int]) -> frozenset[int]:
        """Return those of these channels in which somebody's watches announce."""
        ids = set(channel_ids)
        return await self._watched(
            col(Watch.channel_id).in_(ids), col(AccountWatch.channel_id).in_(ids)
        )

    async def in_vain(self, before: datetime) -> list[tuple[ShutChannel, Watch | AccountWatch]]:
        """Return what has been shut since `before`, and the oldest watch of each guild there."""
        posts = await self._session.exec(
            select(ShutChannel, Watch)
            .join(Watch, col(Watch.channel_id) == col(ShutChannel.channel_id))
            .where(
                col(ShutChannel.since) <= before,
                col(Watch.paused_at).is_(None),
                col(Watch.ended_at).is_(None),
            )
            .order_by(col(Watch.id))
        )
        accounts = await self._session.exec(
            select(ShutChannel, AccountWatch)
            .join(AccountWatch, col(AccountWatch.channel_id) == col(ShutChannel.channel_id))
            .where(col(ShutChannel.since) <= before, col(AccountWatch.paused_at).is_(None))
            .order_by(col(AccountWatch.id))
        )
        found: dict[tuple[int, int], tuple[ShutChannel, Watch | AccountWatch]] = {}
        for row in (*posts, *accounts):
            found.setdefault((row[0].channel_id, row[1].guild_id), (row[0], row[1]))
        return list(found.values())

    async def _watched(
        self, of_posts: ColumnElement[bool], of_accounts: ColumnElement[bool]
    ) -> frozenset[int]:
        posts = await self._session.exec(select(Watch.channel_id).where(of_posts).distinct())
        accounts = await self._session.exec(
            select(AccountWatch.channel_id).where(of_accounts).distinct()
        )
        return frozenset(posts) | frozenset(accounts)

    async def forget_unwatched(self) -> None:
        """Drop what is known of channels in which nothing is announced any more."""
        watches = exists().where(col(Watch.channel_id) == col(ShutChannel.channel_id))
        accounts = exists().where(col(AccountWatch.channel_id) == col(ShutChannel.channel_id))
        await self._session.exec(delete(ShutChannel).where(~watches, ~accounts))

    async def shut(self, channel_id: int, trouble: str, at: datetime) -> None:
        """Note why a channel is shut, and keep since when."""
        row = {"channel_id": channel_id, "trouble": trouble, "since": at}
        await upsert(self._session, ShutChannel, [row], keeping=("since",))

    async def reopen(self, channel_ids: Collection[int], now: datetime) -> None:
        """Note that these channels can be announced in again; what was put off is due at once.

        Meanwhile others' watches may have had to do without names.
        """
        ids = [*set(channel_ids)]
        opened = await self._session.exec(_REOPEN, params={"ids": ids})
        if channels := set(opened.scalars()):
            await Posts(self._session).show_likers_in_channels(channels)
        await self._session.exec(_DUE_AT_ONCE, params={"ids": ids, "now": now})


# Built once, for a channel counts as open whenever something is to be announced in it anew.
_shut, _announcements = table_of(ShutChannel), table_of(Announcement)
_IDS, _NOW = given("ids", expanding=True, type_=BigInteger), given("now", type_=UtcDateTime)
_REOPEN = delete(_shut).where(_shut.c.channel_id.in_(_IDS)).returning(_shut.c.channel_id)
_DUE_AT_ONCE = (
    update(_announcements)
    .where(
        _announcements.c.channel_id.in_(_IDS),
        _announcements.c.state == AnnouncementState.WAITING,
        _announcements.c.delivery_key.is_not(None),
        _announcements.c.not_before > _NOW,
    )
    .values(not_before=_NOW)
)
