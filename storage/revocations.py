"""What X is still to revoke."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import PendingRevocation, XAccount


class Revocations:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put_off(self, account: XAccount, now: datetime) -> None:
        """Keep an account's tokens until X has revoked them, and nothing of whose they are."""
        if account.oauth1 is not None or account.oauth2 is not None:
            self._session.add(
                PendingRevocation(
                    oauth1=account.oauth1, oauth2=account.oauth2, not_before=now, created_at=now
                )
            )
            await self._session.flush()

    async def due(self, now: datetime) -> list[PendingRevocation]:
        query = select(PendingRevocation).where(col(PendingRevocation.not_before) <= now)
        return list(await self._session.exec(query.order_by(col(PendingRevocation.id))))

    async def all_for_changing(self) -> list[PendingRevocation]:
        query = select(PendingRevocation).order_by(col(PendingRevocation.id)).with_for_update()
        return list(await self._session.exec(query))

    async def get(self, revocation_id: int | None) -> PendingRevocation | None:
        return await self._session.get(PendingRevocation, revocation_id, with_for_update=True)

    async def done(self, revocation: PendingRevocation) -> None:
        await self._session.delete(revocation)
        await self._session.flush()
