"""Keys that X answers 401 to: one answer is a suspicion, three to "who am I?" are a verdict."""

import asyncio
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from bot.accounts.key_check import KeyCheck
from bot.accounts.key_verdicts import KeyVerdicts
from bot.accounts.own_account import Identity
from bot.accounts.which_account import Access
from bot.domain.errors import CredentialRefused, KeysRefused, XError, XUnavailable
from bot.x.client import XClient
from bot.x.credentials import APP, Credentials
from bot.x.limits import Endpoint
from storage.database import Database
from storage.key_refusals import KeyRefusals
from storage.models import KeyRefusal
from tests.databases import on_sqlite
from tests.linking import DEV, GRACE, TWITTER, Party, X

ME_CALL, USAGE_CALL, COUNTS = "/2/users/me", "/2/usage/tweets", "GET /2/tweets"
OWN = f"user:{DEV}"
TICK_S = 10


@pytest.fixture
async def party(x: X, database: Database) -> Party:
    return Party(x, database)


async def _row(party: Party, account: str = OWN) -> KeyRefusal | None:
    async with party.database.reading() as session:
        return await KeyRefusals(session).get(account)


async def _refused_since(party: Party, account: str = OWN) -> datetime | None:
    async with party.database.reading() as session:
        return await party.verdicts.refused_since(session, account)


async def _one_refusal(party: Party, client: XClient | None = None) -> None:
    """Let X answer 401 to a request for counts, whatever it is asked with."""
    party.x.fault(COUNTS, times=2, status=401)
    with pytest.raises(CredentialRefused) as refused:
        await (client or party.own).counts([20])
    assert not isinstance(refused.value, KeysRefused)
    party.x.sandbox.faults.clear()


async def _tick(party: Party, times: int = 1) -> list[bool]:
    """Let the job run so often."""
    said = []
    for _ in range(times):
        said.append(await party.key_check.look())
        party.x.later(TICK_S)
    return said


class TestTheBotsOwn:
    @on_sqlite
    async def test_one_refusal_is_a_suspicion_and_one_answer_drops_it(
        self, party: Party, x: X
    ) -> None:
        await _one_refusal(party)
        row = await _row(party)
        assert row is not None
        assert (row.endpoint, row.looks, row.refused_at) == (Endpoint.POSTS, 0, None)
        assert await x.calls(ME_CALL) == [], "no command waits for it"

        assert await _tick(party, 9) == [False] * 9

        assert await x.calls(ME_CALL) == [200]
        assert await _refused_since(party) is None

    @on_sqlite
    async def test_three_refusals_in_a_minute_are_a_verdict(self, party: Party, x: X) -> None:
        await _one_refusal(party)
        suspected = await _row(party)
        x.fault(f"GET {ME_CALL}", times=99, status=401)

        said = await _tick(party, 8)

        assert said == [False] * 6 + [True] * 2
        assert await x.calls(ME_CALL) == [401] * 3
        assert suspected is not None
        assert await _refused_since(party) == suspected.suspected_at
        with pytest.raises(KeysRefused):
            await party.own.me()

    @on_sqlite
    @pytest.mark.parametrize("answer", [200, 403])
    async def test_one_answer_among_refusals_drops_it(
        self, party: Party, x: X, answer: int
    ) -> None:
        """Whoever is forbidden something is known."""
        await _one_refusal(party)
        x.fault(f"GET {ME_CALL}", times=2, status=401)
        if answer == 403:
            x.fault(f"GET {ME_CALL}", times=1, status=403, body={"title": "Forbidden"})

        assert True not in await _tick(party, 12)

        assert await x.calls(ME_CALL) == [401, 401, answer]

    @on_sqlite
    async def test_an_outage_decides_nothing_and_is_forgotten(self, party: Party, x: X) -> None:
        await _one_refusal(party)
        x.fault(f"GET {ME_CALL}", times=999, status=503)

        assert True not in await _tick(party, 80)

        row = await _row(party)
        assert row is None
        assert len(await x.calls(ME_CALL)) <= 20
        assert await _tick(party) == [False]

    @on_sqlite
    async def test_it_is_taken_back_by_itself(self, party: Party, x: X) -> None:
        await _one_refusal(party)
        x.fault(f"GET {ME_CALL}", times=99, status=401)
        assert (await _tick(party, 8))[-1]
        x.sandbox.faults.clear()

        said = await _tick(party, 31)

        assert (said[0], said[-1]) == (True, False)
        assert await _refused_since(party) is None
        assert (await x.calls(ME_CALL)).count(200) == 1

    @on_sqlite
    async def test_a_restart_forgets_no_verdict(self, party: Party, x: X) -> None:
        await _one_refusal(party)
        x.fault(f"GET {ME_CALL}", times=99, status=401)
        await _tick(party, 8)

        another = Party(x, party.database)

        assert await another.key_check.look()

    @on_sqlite
    async def test_an_endpoint_that_always_refuses_costs_few_looks(
        self, party: Party, x: X
    ) -> None:
        for _ in range(90):
            x.fault(COUNTS, times=2, status=401)
            with pytest.raises(CredentialRefused):
                await party.own.counts([20])
            await _tick(party)
        assert set(await x.calls(ME_CALL)) == {200}
        assert len(await x.calls(ME_CALL)) <= 4


@on_sqlite
class TestTheAppAlone:
    @pytest.fixture
    def app(self, party: Party) -> KeyCheck:
        """A bot that has the bearer token alone."""
        bearer = party.x.sandbox.credentials().bearer_token
        party.own = party.make(Credentials(bearer=bearer))
        party.access = Access(party.own)
        identity = Identity(party.database, party.own, party.now)
        party.key_check = KeyCheck(party.database, party.access, identity, party.now)
        return party.key_check

    @pytest.mark.usefixtures("app")
    async def test_it_is_asked_what_it_has_used(self, party: Party, x: X) -> None:
        await _one_refusal(party)
        assert True not in await _tick(party, 3)
        assert (await x.calls(USAGE_CALL), await x.calls(ME_CALL)) == ([200], [])

    @pytest.mark.usefixtures("app")
    async def test_three_refusals_are_a_verdict(self, party: Party, x: X) -> None:
        await _one_refusal(party)
        x.fault(f"GET {USAGE_CALL}", times=99, status=401)

        assert (await _tick(party, 8))[-1]

        assert await x.calls(USAGE_CALL) == [401] * 3
        assert await _refused_since(party, APP) is not None


class TestALinkedAccount:
    async def _likes(self, party: Party) -> None:
        linked = await party.of_member(GRACE.id)
        assert linked is not None
        await linked.x.likes.like(20)

    async def test_one_refusal_breaks_no_link(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        x.fault("POST /2/users/:id/likes", times=1, status=401)
        with pytest.raises(CredentialRefused, match="try again in a minute"):
            await self._likes(party)

        await _tick(party, 9)

        assert (await party.accounts.status(GRACE.id)).accepted
        assert await party.reader_ids() == {TWITTER}

    @pytest.mark.parametrize("by", ["pin", "browser"])
    async def test_three_do_and_it_is_told_once(self, party: Party, x: X, by: str) -> None:
        await (party.link_by_pin() if by == "pin" else party.link_in_browser())
        x.fault("POST /2/users/:id/likes", times=1, status=401)
        with pytest.raises(CredentialRefused):
            await self._likes(party)
        x.fault(f"GET {ME_CALL}", times=99, status=401)

        with capture_logs() as logs:
            accepted = []
            for _ in range(9):
                await _tick(party)
                accepted.append((await party.accounts.status(GRACE.id)).accepted)

        assert accepted == [True] * 6 + [False] * 3
        assert [entry["event"] for entry in logs].count("X no longer accepts a linked account") == 1
        assert await _row(party, f"user:{TWITTER}") is None

    @on_sqlite
    async def test_one_that_is_gone_is_not_asked_about(self, party: Party, x: X) -> None:
        await party.link_by_pin()
        x.fault("POST /2/users/:id/likes", times=1, status=401)
        with pytest.raises(CredentialRefused):
            await self._likes(party)
        await party.accounts.unlink(GRACE.id)
        asked = await x.calls(ME_CALL)

        assert await _tick(party, 2) == [False, False]

        assert await x.calls(ME_CALL) == asked
        assert await _row(party, f"user:{TWITTER}") is None


@on_sqlite
class TestTheStart:
    @pytest.fixture
    def paused(self) -> list[float]:
        return []

    @pytest.fixture
    def check(self, party: Party, paused: list[float]) -> KeyCheck:
        async def pause(seconds: float) -> None:
            paused.append(seconds)
            party.x.later(seconds)

        identity = Identity(party.database, party.own, party.now)
        return KeyCheck(party.database, party.access, identity, party.now, pause)

    async def test_accepted_at_once(self, check: KeyCheck, paused: list[float]) -> None:
        await check.prove()
        assert paused == []

    @pytest.mark.parametrize("times", [1, 2])
    async def test_one_or_two_refusals_are_no_end(
        self, check: KeyCheck, party: Party, x: X, times: int
    ) -> None:
        x.fault(f"GET {ME_CALL}", times=times, status=401)
        await check.prove()
        assert await x.calls(ME_CALL) == [401] * times + [200]
        assert await _refused_since(party) is None

    async def test_three_in_a_minute_are(self, check: KeyCheck, x: X, paused: list[float]) -> None:
        x.fault(f"GET {ME_CALL}", times=99, status=401)
        with pytest.raises(KeysRefused):
            await check.prove()
        assert await x.calls(ME_CALL) == [401] * 3
        assert sum(paused) == 60

    async def test_an_outage_is_told_as_one(self, check: KeyCheck, x: X) -> None:
        x.fault(f"GET {ME_CALL}", times=1, status=401)
        x.fault(f"GET {ME_CALL}", times=9, status=503)
        with pytest.raises(XUnavailable):
            await check.prove()

    async def test_what_was_found_before_needs_no_minute(
        self, check: KeyCheck, x: X, paused: list[float]
    ) -> None:
        x.fault(f"GET {ME_CALL}", times=99, status=401)
        for _ in range(2):
            paused.clear()
            with pytest.raises(KeysRefused):
                await check.prove()
        assert paused == []

        x.sandbox.faults.clear()
        await check.prove()


async def test_who_is_refused_at_the_same_moment_counts_once(party: Party) -> None:
    verdicts = KeyVerdicts(party.now)

    async def refuse() -> XError:
        async with party.database.transaction() as session:
            return await verdicts.refused(session, OWN, Endpoint.ME)

    errors = await asyncio.gather(*(refuse() for _ in range(8)))

    assert {type(error) for error in errors} == {CredentialRefused}
    row = await _row(party)
    assert row is not None
    assert row.looks == 1
