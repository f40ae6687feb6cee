"""X accounts that may read or act."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import XAccount


class Accounts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, x_user_id: int) -> XAccount | None:
        return await self._session.get(XAccount, x_user_id)

    async def save_own(self, x_user_id: int, username: str, now: datetime) -> None:
        """Store the account whose token is in the settings; the token itself is not stored."""
        account = await self.get(x_user_id)
        if account is None:
            account = XAccount(x_user_id=x_user_id, username=username, created_at=now)
        account.username = username
        self._session.add(account)
        await self._session.flush()
