"""What X lets each account do: learnt when it refuses twice, tried again after a day."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.abilities import EndpointAbilities
from storage.database import Database
from storage.key_refusals import KeyRefusals
from storage.models import EndpointAbility

# A plan may be changed; so often a refused endpoint is tried again.
_TRY_AGAIN = timedelta(days=1)
# One refusal may be X's own trouble; a second one, so much later, is not.
_SECOND_LOOK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Learnt:
    """An endpoint that X allowed (`problem` None) or refused, and when.

    A refusal is `confirmed` by a second one.
    """

    problem: str | None
    learnt_at: datetime
    confirmed: bool = True


class LearntAbilities:
    """Kept in the database, so that all processes know them."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def known(self, session: AsyncSession, account: str, endpoint: str) -> Learnt | None:
        row = await EndpointAbilities(session).get(account, endpoint)
        return None if row is None else _learnt(row)

    def problem(self, known: Learnt | None) -> str | None:
        """Return why X refused this less than a day ago, or None when it is worth trying."""
        if known is None or not known.confirmed:
            return None
        return known.problem if self._now() - known.learnt_at < _TRY_AGAIN else None

    async def allowed(self, session: AsyncSession, account: str, endpoint: str) -> None:
        """Remember that X allowed it; whatever it refused before is forgotten."""
        await self._save(session, account, endpoint, Learnt(None, self._now()))

    async def refused(
        self, session: AsyncSession, account: str, endpoint: str, problem: str
    ) -> None:
        """Remember that X refused it; the first time that is only suspected."""
        row = await EndpointAbilities(session).get(account, endpoint, lock=True)
        known = None if row is None else _learnt(row)
        if known is None or known.problem is None:
            learnt = Learnt(problem, self._now(), confirmed=False)
        elif known.confirmed or self._now() - known.learnt_at >= _SECOND_LOOK:
            learnt = Learnt(problem, self._now())
        else:
            return  # too soon to be a second look
        await self._save(session, account, endpoint, learnt)

    async def _save(
        self, session: AsyncSession, account: str, endpoint: str, learnt: Learnt
    ) -> None:
        row = {
            "account": account,
            "endpoint": endpoint,
            "problem": learnt.problem,
            "learnt_at": learnt.learnt_at,
            "confirmed": learnt.confirmed,
        }
        await EndpointAbilities(session).save(row)

    async def forget(self, account: str) -> None:
        """Know nothing of an account any more: it was linked anew, or unlinked."""
        async with self._database.transaction() as session:
            await EndpointAbilities(session).forget(account)
            await KeyRefusals(session).forget(account)

    async def try_again(self, *accounts: str, but: Collection[str] = ()) -> None:
        """Try what X refused these accounts, or all, at the next occasion: somebody asked.

        What X refused of the endpoints in `but` stays known.
        """
        async with self._database.transaction() as session:
            await EndpointAbilities(session).forget_refusals(accounts, but)


def _learnt(row: EndpointAbility) -> Learnt:
    return Learnt(row.problem, row.learnt_at, row.confirmed)
