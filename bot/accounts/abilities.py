"""What X lets each account do: learnt from its refusals, tried again after a day."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.abilities import EndpointAbilities
from storage.database import Database

# A plan may be changed; so often a refused endpoint is tried again.
_TRY_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Learnt:
    """An endpoint that X allowed (`problem` None) or refused, and when."""

    problem: str | None
    learnt_at: datetime


class LearntAbilities:
    """Kept in the database, so that all processes know them."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def known(self, session: AsyncSession, account: str, endpoint: str) -> Learnt | None:
        row = await EndpointAbilities(session).get(account, endpoint)
        return None if row is None else Learnt(row.problem, row.learnt_at)

    def problem(self, known: Learnt | None) -> str | None:
        """Return why X refused this less than a day ago, or None when it is worth trying."""
        if known is None or self._now() - known.learnt_at >= _TRY_AGAIN:
            return None
        return known.problem

    async def learn(
        self, session: AsyncSession, account: str, endpoint: str, problem: str | None
    ) -> None:
        """Remember what X allowed (None) or refused."""
        row = {
            "account": account,
            "endpoint": endpoint,
            "problem": problem,
            "learnt_at": self._now(),
        }
        await EndpointAbilities(session).save(row)

    async def forget(self, account: str) -> None:
        """Know nothing of an account any more: it was linked anew, or unlinked."""
        async with self._database.transaction() as session:
            await EndpointAbilities(session).forget(account)

    async def try_again(self, *accounts: str, but: Collection[str] = ()) -> None:
        """Try what X refused these accounts, or all, at the next occasion: somebody asked.

        What X refused of the endpoints in `but` stays known.
        """
        async with self._database.transaction() as session:
            await EndpointAbilities(session).forget_refusals(accounts, but)
