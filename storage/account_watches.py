"""Which guild watches the new posts of which X account, and where they are announced."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam as given
from sqlalchemy import case, exists, func
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import AccountWatch, ShutChannel
from storage.parts import Part, within
from storage.watches import Watches


class AccountWatches:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, watch: AccountWatch) -> AccountWatch:
        self._session.add(watch)
        await self._session.flush()
        return watch

    async def get(self, guild_id: int, watch_id: int) -> AccountWatch | None:
        """Return a guild's watch; another guild's is none."""
        watch = await self._session.get(AccountWatch, watch_id)
        return watch if watch is not None and watch.guild_id == guild_id else None

    async def find(self, channel_id: int, x_user_id: int) -> AccountWatch | None:
        asked = {"channel": channel_id, "user": x_user_id}
        return (await self._session.exec(_FIND, params=asked)).one_or_none()

    async def count(self, guild_id: int) -> int:
        return (await self._session.exec(_COUNT, params={"guild": guild_id})).one()

    async def active(self) -> list[AccountWatch]:
        """Return every watch whose account is to be asked about."""
        return list(await self._session.exec(_ACTIVE))

    async def guild_ids(self, watch_ids: Collection[int]) -> dict[int, int]:
        """Return whose these watches are."""
        query = select(AccountWatch.id, AccountWatch.guild_id).where(
            col(AccountWatch.id).in_(set(watch_ids))
        )
        found = await self._session.exec(query)
        return {watch_id: guild_id for watch_id, guild_id in found if watch_id is not None}

    async def guilds_of(self, x_user_id: int) -> list[int]:
        """Return the guilds that watch an account, in order."""
        query = select(AccountWatch.guild_id).where(col(AccountWatch.x_user_id) == x_user_id)
        found = await self._session.exec(query.distinct().order_by(col(AccountWatch.guild_id)))
        return list(found)

    async def lock_of(self, x_user_id: int) -> list[AccountWatch]:
        """Return an account's active watches for changing, in one order everywhere."""
        query = (
            select(AccountWatch)
            .where(col(AccountWatch.x_user_id) == x_user_id, *_IS_ACTIVE)
            .order_by(col(AccountWatch.id))
            .with_for_update()
        )
        return list(await self._session.exec(query))

    async def remove(self, watch: AccountWatch) -> None:
        """Remove a watch, with those of the posts that it has found."""
        await Watches(self._session).remove_found_by(watch.id)
        await self._session.delete(watch)
        await self._session.flush()

    async def pause_outside(
        self, guild_ids: Collection[int], at: datetime, part: Part | None = None
    ) -> None:
        """Pause the watches of all guilds of a part but these."""
        await self._session.exec(
            update(AccountWatch)
            .where(
                col(AccountWatch.guild_id).not_in(set(guild_ids)),
                col(AccountWatch.paused_at).is_(None),
                within(part, col(AccountWatch.guild_id)),
            )
            .values(paused_at=at)
        )

    async def pause(self, guild_id: int, at: datetime) -> None:
        await self._session.exec(
            update(AccountWatch)
            .where(col(AccountWatch.guild_id) == guild_id, col(AccountWatch.paused_at).is_(None))
            .values(paused_at=at)
        )

    async def resume(self, guild_ids: Collection[int], since_id: int | None) -> None:
        """Go on with paused watches; what appeared meanwhile, up to `since_id`, is left out.

        Without one they go on where they were paused. No watch goes back.
        """
        seen = col(AccountWatch.since_id)
        newest = seen if since_id is None else case((seen < since_id, since_id), else_=seen)
        await self._session.exec(
            update(AccountWatch)
            .where(
                col(AccountWatch.guild_id).in_(set(guild_ids)),
                col(AccountWatch.paused_at).is_not(None),
            )
            .values(paused_at=None, since_id=newest)
        )


_IS_ACTIVE = (
    col(AccountWatch.paused_at).is_(None),
    col(AccountWatch.resting_since).is_(None),
    ~exists()
    .where(col(ShutChannel.channel_id) == col(AccountWatch.channel_id))
    .correlate(AccountWatch),
)

# Built once, for they are asked in every round, and whenever an account is to be watched.
_ACTIVE = select(AccountWatch).where(*_IS_ACTIVE).order_by(col(AccountWatch.id))
_FIND = select(AccountWatch).where(
    col(AccountWatch.channel_id) == given("channel"), col(AccountWatch.x_user_id) == given("user")
)
_COUNT = select(func.count()).where(col(AccountWatch.guild_id) == given("guild"))
