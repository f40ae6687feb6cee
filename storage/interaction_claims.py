"""Which interactions of Discord's are taken on: several processes hear each, and one answers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import InteractionClaim


class InteractionClaims:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, ids: Collection[int], now: datetime) -> frozenset[int]:
        """Take interactions on; return those that no other process has."""
        # In one order, so that no two processes wait for each other.
        rows = [{"id": each, "claimed_at": now} for each in sorted(ids)]
        claim = insert(InteractionClaim).values(rows)
        new = await self._session.exec(
            claim.on_conflict_do_nothing().returning(col(InteractionClaim.id))
        )
        return frozenset(new.scalars())

    async def forget_before(self, moment: datetime) -> None:
        await self._session.exec(
            delete(InteractionClaim).where(col(InteractionClaim.claimed_at) < moment)
        )
