"""Which interactions of Discord's are taken on: several processes hear each, and one answers."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import InteractionClaim


class InteractionClaims:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, interaction_id: int, now: datetime) -> bool:
        """Take an interaction on; return False when another process has."""
        claim = insert(InteractionClaim).values(id=interaction_id, claimed_at=now)
        new = await self._session.exec(
            claim.on_conflict_do_nothing().returning(col(InteractionClaim.id))
        )
        return new.first() is not None

    async def forget_before(self, moment: datetime) -> None:
        await self._session.exec(
            delete(InteractionClaim).where(col(InteractionClaim.claimed_at) < moment)
        )
