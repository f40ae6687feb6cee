"""Who liked what, with which account, and what X said."""

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import ActionLog


class Actions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def log(self, action: ActionLog) -> None:
        self._session.add(action)
        await self._session.flush()
