"""A clock that X does not accept costs nobody their account."""

from datetime import timedelta

import pytest

from bot.domain.errors import ClockOff
from storage.database import Database
from tests.linking import GRACE, TWITTER, Party, X
from tests.storage.rows import GUILD, POST

BOUNDS = {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}


@pytest.fixture
async def party(x: X, sqlite: Database) -> Party:
    """Somebody has linked their account by OAuth 1.0a, and then the clock goes wrong."""
    party = Party(x, sqlite)
    await party.link_by_pin()
    return party


def _off(x: X) -> None:
    for match in ("* /2/*", "* /1.1/*"):
        x.fault(match, times=99, status=401, body=BOUNDS)


async def test_a_linked_account_stays_linked(party: Party, x: X) -> None:
    _off(x)
    with pytest.raises(ClockOff):
        await party.access.ask(TWITTER, GUILD, lambda client: client.likes.liking_users(POST))
    with pytest.raises(ClockOff):
        await party.access.ask_as_themselves(GRACE.id, GUILD, TWITTER, lambda client: client.me())

    assert (await party.accounts.status(GRACE.id)).accepted
    assert await party.reader_ids() == {TWITTER}


async def test_unlinking_says_that_x_did_not_confirm_it(party: Party, x: X) -> None:
    _off(x)
    assert not (await party.accounts.unlink(GRACE.id)).revoked
    assert await party.reader_ids() == frozenset()


async def test_a_refused_account_is_not_refused_anew(party: Party, x: X) -> None:
    token = await party.tokens.token(TWITTER)
    assert token is not None
    await party.tokens.refused(token)
    _off(x)
    x.later(timedelta(days=1).total_seconds())
    await party.accounts.try_refused()
    assert await party.reader_ids() == frozenset()

    x.sandbox.faults.clear()
    await party.accounts.try_refused()
    assert await party.reader_ids() == {TWITTER}
