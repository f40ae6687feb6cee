"""All that is stored of a Discord server, and which servers the bot has left."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel, col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.charges import Charges
from storage.models import (
    AccountConsent,
    AccountUse,
    AccountWatch,
    ActionLog,
    Announcement,
    Guild,
    LeftGuild,
    LinkRequest,
    MessageEdit,
    ToldTrouble,
    Watch,
)
from storage.parts import Part, within
from storage.upsert import insert_if_missing
from storage.watches import Watches


class GuildData:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def left(self, guild_id: int, at: datetime) -> None:
        """Note that the bot is in a guild no more; since when it was first seen counts."""
        await insert_if_missing(self._session, LeftGuild, {"guild_id": guild_id, "left_at": at})

    async def is_back(self, guild_ids: Collection[int]) -> None:
        await self._session.exec(
            delete(LeftGuild).where(col(LeftGuild.guild_id).in_(set(guild_ids)))
        )

    async def left_all_but(
        self, guild_ids: Collection[int], at: datetime, part: Part | None = None
    ) -> None:
        """Note that the bot is in no other guild of a part but these, of those it knows."""
        found: set[int] = set()
        for known in _KNOWN:
            others = select(known).where(known.not_in(set(guild_ids)), within(part, known))
            found.update(await self._session.exec(others.distinct()))
        for guild_id in sorted(found):
            await self.left(guild_id, at)

    async def left_before(self, before: datetime) -> list[int]:
        query = select(LeftGuild.guild_id).where(col(LeftGuild.left_at) <= before)
        return list(await self._session.exec(query.order_by(col(LeftGuild.guild_id))))

    async def has_left(self, guild_id: int) -> bool:
        return await self._session.get(LeftGuild, guild_id, with_for_update=True) is not None

    async def some_messages(self, guild_id: int, limit: int) -> int:
        """Delete some of what was, or is to be, told in a guild; return how many rows."""
        of_watch = select(Watch.id).where(col(Watch.guild_id) == guild_id)
        of_account = select(AccountWatch.id).where(col(AccountWatch.guild_id) == guild_id)
        query = select(Announcement.id, Announcement.message_id).where(
            or_(
                col(Announcement.watch_id).in_(of_watch),
                col(Announcement.account_watch_id).in_(of_account),
                col(Announcement.guild_id) == guild_id,
                col(Announcement.recipient_guild_id) == guild_id,
            )
        )
        rows = (await self._session.exec(query.limit(limit))).all()
        messages = {message_id for _, message_id in rows if message_id is not None}
        for table, which in (
            (MessageEdit, col(MessageEdit.message_id).in_(messages)),
            (Announcement, col(Announcement.id).in_({row_id for row_id, _ in rows})),
        ):
            await self._delete(table, which)
        return len(rows)

    async def some_actions(self, guild_id: int, limit: int) -> int:
        """Delete some of a guild's log of likes; return how many entries."""
        query = select(ActionLog.id).where(col(ActionLog.guild_id) == guild_id).limit(limit)
        ids = list(await self._session.exec(query))
        await self._delete(ActionLog, col(ActionLog.id).in_(ids))
        return len(ids)

    async def rest(self, guild_id: int, today: date) -> None:
        """Delete all else; what X charged for the guild before today stays, as nobody's.

        What it has cost today is still compared with what a server may cost in a day.
        """
        await Watches(self._session).lock_of(guild_id)
        for table, guild in _OF_GUILD:
            await self._delete(table, guild == guild_id)
        await Charges(self._session).disown(guild_id, today)

    async def _delete(self, table: type[SQLModel], which: ColumnElement[bool]) -> None:
        deleted = delete(table).where(which).execution_options(synchronize_session=False)
        await self._session.exec(deleted)


# Its watches after the rest: so they are changed and told, by whoever has changed some of that.
_OF_GUILD: tuple[tuple[type[SQLModel], Mapped[int]], ...] = (
    (LeftGuild, col(LeftGuild.guild_id)),
    (AccountConsent, col(AccountConsent.guild_id)),
    (AccountUse, col(AccountUse.guild_id)),
    (LinkRequest, col(LinkRequest.guild_id)),
    (ToldTrouble, col(ToldTrouble.guild_id)),
    (Guild, col(Guild.id)),
    (Watch, col(Watch.guild_id)),
    (AccountWatch, col(AccountWatch.guild_id)),
)
# Whatever is stored of a guild begins with one of these.
_KNOWN: tuple[Mapped[int], ...] = (
    col(Guild.id),
    col(Watch.guild_id),
    col(AccountWatch.guild_id),
    col(ActionLog.guild_id),
    col(AccountConsent.guild_id),
    col(AccountUse.guild_id),
)
