"""Whether X accepts an account's keys: suspected after one 401, decided by asking who it is."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import CredentialRefused, KeysRefused
from bot.x.credentials import APP
from bot.x.limits import Endpoint
from storage.key_refusals import KeyRefusals
from storage.models import KeyRefusal

# So often X must say no, and so far apart at least, so that all of it takes a minute.
LOOKS = 3
LOOKS_APART = timedelta(seconds=30)
# Clocks tick, and answers take their time: a look that comes a little early counts as well.
_EARLY = 0.8
# What was suspected so long ago, and never decided, says nothing of now.
FORGOTTEN_AFTER = timedelta(minutes=10)
# An account that X has just accepted is not suspected again at once, whatever an endpoint says.
_TRUSTED_FOR = timedelta(minutes=5)


def proof_of(account: str) -> Endpoint:
    """Return where X answers whoever it accepts: to a user who it is, to an app what it used."""
    return Endpoint.USAGE if account == APP else Endpoint.ME


def is_apart(earlier: datetime, later: datetime) -> bool:
    """Say whether two looks are so far apart that both count."""
    return later - earlier >= LOOKS_APART * _EARLY


class KeyVerdicts:
    """Kept in the database, so that all processes know them, and a restart forgets none."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def refused(
        self, session: AsyncSession, account: str, endpoint: Endpoint
    ) -> CredentialRefused:
        """Note a 401; return the error that it means: KeysRefused where that is decided."""
        row = await KeyRefusals(session).lock(account)
        if endpoint is proof_of(account):
            self._count_look(row, endpoint)
        elif not self._is_suspected(row) and not self._is_trusted(row):
            _suspect(row, endpoint, self._now())
        return KeysRefused() if row.refused_at is not None else CredentialRefused()

    async def accepted(self, session: AsyncSession, account: str, endpoint: Endpoint) -> None:
        """Note that X has answered: what it says to somebody whom it accepts is the proof."""
        if endpoint is proof_of(account):
            await KeyRefusals(session).accepted(account, self._now())

    async def refused_since(self, session: AsyncSession, account: str) -> datetime | None:
        """Return since when X accepts an account's keys no more; None: it does, or may."""
        row = await KeyRefusals(session).get(account)
        return row.suspected_at if row is not None and row.refused_at is not None else None

    def _is_suspected(self, row: KeyRefusal) -> bool:
        if row.refused_at is not None:
            return True
        last = row.looked_at if row.looks else row.suspected_at
        return (
            row.suspected_at is not None
            and last is not None
            and self._now() - last < FORGOTTEN_AFTER
        )

    def _is_trusted(self, row: KeyRefusal) -> bool:
        was_accepted = row.suspected_at is None and row.looked_at is not None
        return was_accepted and self._now() - (row.looked_at or self._now()) < _TRUSTED_FOR

    def _count_look(self, row: KeyRefusal, endpoint: Endpoint) -> None:
        now = self._now()
        if not self._is_suspected(row):
            _suspect(row, endpoint, now)
        if row.looked_at is not None and not is_apart(row.looked_at, now):
            return
        row.looks, row.looked_at = row.looks + 1, now
        if row.looks >= LOOKS:
            row.refused_at = row.refused_at or now


def _suspect(row: KeyRefusal, endpoint: Endpoint, now: datetime) -> None:
    row.endpoint, row.suspected_at, row.looks, row.looked_at = endpoint, now, 0, None
