"""Which troubles each guild was told of, so that it is told once."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import ToldTrouble
from storage.upsert import insert_new


class TroubleKey(NamedTuple):
    """A guild's trouble: a word for it, and which of several it is."""

    guild_id: int
    kind: str
    subject: int = 0


class ToldTroubles:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> frozenset[TroubleKey]:
        query = select(ToldTrouble.guild_id, ToldTrouble.kind, ToldTrouble.subject)
        return frozenset(TroubleKey(*row) for row in await self._session.exec(query))

    async def begin(self, key: TroubleKey, at: datetime) -> bool:
        """Note that a guild is told; return False when another process was first."""
        row = {**key._asdict(), "told_at": at}
        return bool(await insert_new(self._session, ToldTrouble, [row], "guild_id"))

    async def end(self, keys: Iterable[TroubleKey]) -> None:
        """Forget what is over: when it comes again, it is told again."""
        for key in keys:
            await self._session.exec(
                delete(ToldTrouble).where(
                    col(ToldTrouble.guild_id) == key.guild_id,
                    col(ToldTrouble.kind) == key.kind,
                    col(ToldTrouble.subject) == key.subject,
                )
            )
