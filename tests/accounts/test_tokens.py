"""Members' tokens: unreadable at rest, refreshed once, and lost by nothing."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import CredentialRefused, LinkUnreadable, XUnavailable, XUnreadable
from bot.x.credentials import OAuth2Token, UserToken
from storage.accounts import Accounts
from storage.crypto import new_key
from storage.database import Database
from storage.models import XAccount
from tests.linking import GRACE, TOKEN_CALL, TWITTER, Party, X
from tests.storage.rows import GUILD

TWO_HOURS = 7200
A_MINUTE = 61
# Linking itself makes the first call.
LINKED = [200]


async def row(database: Database) -> XAccount:
    async with database.reading() as session:
        found = await Accounts(session).get(TWITTER)
    assert found is not None
    return found


async def token(party: Party) -> OAuth2Token:
    found = await party.tokens.token(TWITTER)
    assert isinstance(found, OAuth2Token)
    return found


class TestAtRest:
    async def test_the_database_file_holds_no_token(self, party: Party, sqlite_url: str) -> None:
        begun = await party.accounts.begin(GRACE)
        requests = party.accounts._requests
        verifier = requests.secret(await requests.get(begun.key), "verifier")
        await party.link_in_browser(start=begun)
        await party.link_by_pin()

        account = await row(party.database)
        oauth1, oauth2 = party.tokens.grants(account)
        assert oauth1 is not None
        assert oauth2 is not None
        access = party.tokens._opened(account, account.oauth2)["access"]
        file = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///"))
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        stored = _all_files(file)
        secrets = (oauth1.access_token_secret, oauth1.access_token, oauth2, access, verifier)
        assert b"Twitter" in stored  # it is the right file
        assert [secret for secret in secrets if secret.encode() in stored] == []

    async def test_keys_are_rotated_by_listing_the_new_one_first(
        self, x: X, sqlite: Database
    ) -> None:
        old, new = new_key(), new_key()
        await Party(x, sqlite, keys=(old,)).link_in_browser()
        await Party(x, sqlite, keys=(old,)).link_by_pin()
        before = await Party(x, sqlite, keys=(old,)).tokens.token(TWITTER)

        both = Party(x, sqlite, keys=(new, old))
        assert await both.tokens.token(TWITTER) == before
        await both.tokens.renew()

        assert await Party(x, sqlite, keys=(new,)).tokens.token(TWITTER) == before
        account = await row(sqlite)
        assert Party(x, sqlite, keys=(new,)).tokens.grants(account)[1] is not None
        with pytest.raises(LinkUnreadable):
            await Party(x, sqlite, keys=(old,)).tokens.token(TWITTER)

    async def test_a_wrong_key_loses_nothing(self, x: X, sqlite: Database) -> None:
        party = Party(x, sqlite)
        await party.link_in_browser()
        x.later(TWO_HOURS)

        stranger = Party(x, sqlite, keys=(new_key(),))
        with pytest.raises(LinkUnreadable, match="their key is gone"):
            await stranger.tokens.token(TWITTER)
        with capture_logs() as logs:
            await stranger.tokens.renew()
        assert [entry["account"] for entry in logs] == ["Twitter"]
        assert await stranger.access.reader(TWITTER, [GUILD]) is stranger.access.own
        with pytest.raises(LinkUnreadable):
            await stranger.of_member(GRACE.id)

        assert await x.calls(TOKEN_CALL) == LINKED
        assert await token(party)  # with the right key all is as it was

    async def test_nothing_shows_a_token_by_accident(self, party: Party) -> None:
        await party.link_in_browser()
        await party.link_by_pin()
        oauth1, oauth2 = party.tokens.grants(await row(party.database))
        assert oauth1 is not None
        signed = await party.tokens.token(TWITTER)
        assert isinstance(signed, UserToken)
        for shown in (repr(oauth1), repr(signed), repr(OAuth2Token(1, "secret-token"))):
            assert oauth1.access_token not in shown
            assert "secret-token" not in shown
        assert oauth2 is not None


class TestRefreshing:
    async def test_a_token_is_refreshed_a_minute_before_its_end(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        first = await token(party)
        x.later(TWO_HOURS - 62)
        assert await token(party) == first
        x.later(2)

        second = await token(party)

        assert second != first
        assert await x.accepts(second.access_token)
        assert await x.calls(TOKEN_CALL) == [200, 200]

    async def test_twenty_at_once_refresh_once(self, x: X, database: Database) -> None:
        party = Party(x, database)
        await party.link_in_browser()
        x.later(TWO_HOURS)
        x.fault(f"POST {TOKEN_CALL}", delay_s=0.1)

        tokens = await asyncio.gather(*(token(party) for _ in range(20)))

        assert len({found.access_token for found in tokens}) == 1
        assert await x.calls(TOKEN_CALL) == [200, 200]
        assert await x.accepts(tokens[0].access_token)

    async def test_two_processes_refresh_once_between_them(
        self, x: X, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.accounts.tokens._LOOK_AGAIN_S", 0.02)
        other_database = Database(database_url)
        try:
            parties = [Party(x, database), Party(x, other_database)]
            await parties[0].link_in_browser()
            for round_ in range(1, 4):
                x.later(TWO_HOURS)
                found = await asyncio.gather(*(token(parties[n % 2]) for n in range(20)))
                assert len({each.access_token for each in found}) == 1
                assert await x.calls(TOKEN_CALL) == [200] * (round_ + 1)
        finally:
            await other_database.close()

    async def test_the_new_token_is_stored_before_it_is_used(
        self, party: Party, x: X, sqlite: Database
    ) -> None:
        await party.link_in_browser()
        x.later(TWO_HOURS)

        refreshed = await token(party)

        # Another process knows it without asking X.
        assert await token(Party(x, sqlite)) == refreshed
        assert len(await x.calls(TOKEN_CALL)) == 2
        # And the next refresh uses the new refresh token.
        x.later(TWO_HOURS)
        assert await token(Party(x, sqlite)) != refreshed

    async def test_a_refresh_goes_on_when_who_asked_is_cancelled(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        x.later(TWO_HOURS)
        fault = x.sandbox.faults.add(
            {"match": f"POST {TOKEN_CALL}", "delay_s": 0.1, "after": True, "times": 1}
        )
        asking = asyncio.create_task(party.tokens.token(TWITTER))
        await fault.struck.wait()

        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await party.tokens.finish(timedelta(seconds=10))

        assert await token(party)
        assert await x.calls(TOKEN_CALL) == [200, 200]

    async def test_a_process_that_died_while_refreshing_is_followed(
        self, party: Party, x: X, sqlite: Database
    ) -> None:
        await party.link_in_browser()
        x.later(TWO_HOURS)
        assert await party.tokens._claim(TWITTER) is not None  # and then it is killed
        x.later(31)

        assert await token(Party(x, sqlite))

    @pytest.mark.parametrize(
        ("how", "error"),
        [
            ({"status": 503, "body": "<html>"}, XUnavailable),
            ({"status": 429}, XUnavailable),
            ({"drop": True}, XUnavailable),
            ({"status": 200, "body": "<html>"}, XUnreadable),
            ({"status": 200, "body": {"token_type": "bearer"}}, XUnreadable),
        ],
    )
    async def test_an_outage_loses_nothing(
        self, party: Party, x: X, how: dict[str, object], error: type[Exception]
    ) -> None:
        await party.link_in_browser()
        x.later(TWO_HOURS)
        x.fault(f"POST {TOKEN_CALL}", times=1, **how)

        with pytest.raises(error):
            await party.tokens.token(TWITTER)

        assert (await row(party.database)).revoked_at is None
        x.later(A_MINUTE)  # a 429 that names no time is waited out so long
        assert await token(party)

    async def test_a_wrong_client_secret_loses_nothing(self, x: X, sqlite: Database) -> None:
        await Party(x, sqlite).link_in_browser()
        x.later(TWO_HOURS)

        with pytest.raises(CredentialRefused):
            await Party(x, sqlite, client_secret="another").tokens.token(TWITTER)

        assert await token(Party(x, sqlite))

    async def test_what_arrives_after_an_unlink_is_given_back(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        before = await row(party.database)
        x.later(TWO_HOURS)
        async with party.database.transaction() as session:
            await Accounts(session).remove(before)
        refresh_token = party.tokens.grants(before)[1]
        assert refresh_token is not None
        grant = await party.oauth2.refresh(refresh_token, frozenset())

        assert await party.tokens._store(before, grant) is None

        assert not await x.accepts(grant.access_token)


class TestRevoked:
    async def test_it_is_noticed_once(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        found = await token(party)
        x.sandbox._tokens.revoke(found.access_token)

        with capture_logs() as logs:
            told = await asyncio.gather(*(party.tokens.refused(found) for _ in range(5)))

        assert told == [True] * 5
        assert [entry["account"] for entry in logs] == ["Twitter"]
        assert await party.tokens.token(TWITTER) is None
        assert (await row(party.database)).revoked_at is not None

    async def test_a_refused_refresh_revokes(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        x.sandbox._tokens.revoke((await token(party)).access_token)
        x.later(TWO_HOURS)

        with capture_logs() as logs:
            for passed_s in (0, 59):
                x.later(passed_s)
                asked = (party.tokens.token(TWITTER) for _ in range(20))
                tokens = await asyncio.gather(*asked, return_exceptions=True)
                assert {type(error) for error in tokens} == {XUnavailable}, "once is not enough"
            assert (await row(party.database)).revoked_at is None
            x.later(1)
            tokens = await asyncio.gather(*(party.tokens.token(TWITTER) for _ in range(20)))
            later = await party.tokens.token(TWITTER)

        assert {*tokens, later} == {None}
        assert len(logs) == 1
        assert await x.calls(TOKEN_CALL) == [200, 400, 400]

    async def test_one_refused_refresh_between_others_says_nothing(
        self, party: Party, x: X
    ) -> None:
        await party.link_in_browser()
        for _ in range(2):
            x.later(TWO_HOURS)
            x.fault(f"POST {TOKEN_CALL}", times=1, status=400, body={"error": "invalid_grant"})
            with pytest.raises(XUnavailable):
                await party.tokens.token(TWITTER)
            x.later(60)
            assert await token(party)

    async def test_the_refusal_of_a_token_that_was_replaced_says_nothing(
        self, party: Party, x: X
    ) -> None:
        await party.link_in_browser()
        old = await token(party)
        x.later(TWO_HOURS)
        new = await token(party)

        assert not await party.tokens.refused(old)

        assert await token(party) == new

    async def test_linking_again_brings_it_back(self, party: Party) -> None:
        await party.link_in_browser()
        await party.tokens.refused(await token(party))

        await party.link_in_browser()

        assert await token(party)


def _all_files(database: Path) -> bytes:
    """Return what is in the file, and in those that SQLite keeps beside it."""
    return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
