"""What X lets each account do: learnt from its refusals, tried again after a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.abilities import Abilities as AbilityRows
from storage.database import Database

# A plan may be changed; so often a refused endpoint is tried again.
_TRY_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ability:
    """An endpoint that X allowed (`problem` None) or refused, and when."""

    problem: str | None
    learnt_at: datetime


class Abilities:
    """Implements `bot.x.ladder.Abilities`; read from memory, written through to the database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._known: dict[tuple[str, str], Ability] = {}

    async def load(self) -> None:
        """Take up what earlier and other processes have learnt."""
        async with self._database.reading() as session:
            rows = await AbilityRows(session).all()
        self._known = {
            (row.account, row.endpoint): Ability(row.problem, row.learnt_at) for row in rows
        }

    def known(self, account: str, endpoint: str) -> Ability | None:
        return self._known.get((account, endpoint))

    def problem(self, account: str, endpoint: str) -> str | None:
        """Return why X refused this less than a day ago, or None when it is worth trying."""
        ability = self._known.get((account, endpoint))
        if ability is None or self._now() - ability.learnt_at >= _TRY_AGAIN:
            return None
        return ability.problem

    async def learn(self, account: str, endpoint: str, problem: str | None) -> None:
        """Remember what X allowed or refused; only news is written."""
        known = self._known.get((account, endpoint))
        if known is not None and known.problem == problem is None:
            return
        ability = Ability(problem, self._now())
        self._known[account, endpoint] = ability
        row = {
            "account": account,
            "endpoint": endpoint,
            "problem": problem,
            "learnt_at": ability.learnt_at,
        }
        async with self._database.transaction() as session:
            await AbilityRows(session).save(row)

    async def forget(self, account: str) -> None:
        """Know nothing of an account any more: it was linked anew, or unlinked."""
        self._known = {key: value for key, value in self._known.items() if key[0] != account}
        async with self._database.transaction() as session:
            await AbilityRows(session).forget(account)

    async def try_again(self, account: str) -> None:
        """Try what X refused at the next occasion: somebody asked for it."""
        self._known = {
            key: value
            for key, value in self._known.items()
            if key[0] != account or value.problem is None
        }
        async with self._database.transaction() as session:
            await AbilityRows(session).forget_refusals(account)
