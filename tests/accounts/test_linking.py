"""Linking, against X's own pages played by HTTP."""

import asyncio
from datetime import timedelta

import pytest
from yarl import URL

from bot.accounts.open_requests import LINK_LIFETIME
from bot.domain import LinkedAccount
from bot.domain.errors import (
    CredentialRefused,
    LinkedBySomebodyElse,
    LinkingNotSetUp,
    LinkRefused,
    PinRefused,
    XUnavailable,
)
from bot.run.housekeeping import Housekeeping
from bot.x.credentials import OAuth2Token, UserToken
from storage.accounts import Accounts
from storage.database import Database
from storage.models import LinkRequest, XAccount
from tests.accounts.stored import access_token, rows
from tests.counted import counted
from tests.linking import DEV, GRACE, LINUS, REDIRECT, SUPPORT, TWITTER, Party, X
from tests.storage.rows import GUILD

LINKED = LinkedAccount(TWITTER, "Twitter")
TOO_LATE_S = LINK_LIFETIME.total_seconds() + 1


class TestLinking:
    @pytest.mark.parametrize("way", ["with a line end", "in two", "wide"])
    async def test_a_pin_however_it_is_typed(self, party: Party, x: X, way: str) -> None:
        begun = await party.accounts.begin(GRACE)
        assert begun.pin_url is not None
        pin = await x.pin(begun.pin_url, TWITTER)
        written = {
            "with a line end": f" {pin}\n",
            "in two": f"{pin[:3]} {pin[3:]}",
            "wide": pin.translate({ord("0") + n: ord("\uff10") + n for n in range(10)}),
        }[way]
        assert await party.accounts.finish_by_pin(GRACE.id, begun.key, written) == LINKED

    async def test_in_the_browser(self, party: Party, x: X) -> None:
        begun = await party.accounts.begin(GRACE)
        waiting = asyncio.create_task(party.accounts.linked(begun.key))
        assert begun.browser_url is not None
        assert URL(begun.browser_url) == URL(REDIRECT).with_query(link=begun.key)
        consent = await party.accounts.consent(begun.key)
        assert consent.member == GRACE
        assert URL(consent.x_url).query["scope"].split() == [
            "tweet.read",
            "users.read",
            "like.read",
            "like.write",
            "offline.access",
        ]

        assert await party.link_in_browser(start=begun) == LINKED

        assert await waiting == LINKED
        status = await party.accounts.status(GRACE.id)
        assert (status.username, status.ways, status.accepted) == (
            "Twitter",
            ("in the browser",),
            True,
        )
        assert "like.write" in status.scopes
        assert await x.accepts(await access_token(party))

    async def test_to_show_how_it_is_linked_writes_nothing(self, party: Party) -> None:
        await party.link_in_browser()

        with counted(party.database) as found:
            await party.accounts.status(GRACE.id)

        assert (len(found.sessions), found.statements) == (1, 2)
        assert found.writes == []

    async def test_with_a_pin(self, party: Party) -> None:
        begun = await party.accounts.begin(GRACE)
        waiting = asyncio.create_task(party.accounts.linked(begun.key))
        assert begun.pin_url is not None
        pin = await party.x.pin(begun.pin_url, TWITTER)

        with pytest.raises(PinRefused, match="Enter the PIN"):
            await party.accounts.finish_by_pin(GRACE.id, begun.key, "wrong ☃")
        assert await party.accounts.finish_by_pin(GRACE.id, begun.key, f" {pin} ") == LINKED

        assert await waiting == LINKED
        assert (await party.accounts.status(GRACE.id)).ways == ("with a PIN",)
        token = await party.tokens.token(TWITTER)
        assert isinstance(token, UserToken)
        assert token.user_id == TWITTER
        linked = await party.of_member(GRACE.id)
        assert linked is not None
        assert (await linked.x.me()).username == "Twitter"

    async def test_a_pin_belongs_to_its_own_request(self, party: Party) -> None:
        first = await party.accounts.begin(GRACE)
        second = await party.accounts.begin(GRACE)
        assert first.pin_url is not None
        pin = await party.x.pin(first.pin_url, TWITTER)
        with pytest.raises(PinRefused):
            await party.accounts.finish_by_pin(GRACE.id, second.key, pin)
        with pytest.raises(LinkRefused):
            await party.accounts.finish_by_pin(LINUS.id, first.key, pin)
        assert await party.accounts.finish_by_pin(GRACE.id, first.key, pin) == LINKED

    async def test_whichever_way_is_set_up(self, x: X, sqlite: Database) -> None:
        browser = await Party(x, sqlite, by_pin=False).accounts.begin(GRACE)
        pin = await Party(x, sqlite, by_browser=False).accounts.begin(GRACE)
        assert (browser.pin_url, pin.browser_url) == (None, None)
        assert browser.browser_url
        assert pin.pin_url
        # The page of one way has nothing to say about a request of the other.
        with pytest.raises(LinkRefused):
            await Party(x, sqlite).accounts.consent(pin.key)
        with pytest.raises(LinkRefused):
            await Party(x, sqlite).accounts.finish_by_pin(GRACE.id, browser.key, "1")

    @pytest.mark.parametrize("lack", [{"keys": ()}, {"by_pin": False, "by_browser": False}])
    async def test_not_without_settings(
        self, x: X, sqlite: Database, lack: dict[str, object]
    ) -> None:
        party = Party(x, sqlite, **lack)  # type: ignore[arg-type]  # one value a case
        assert not party.accounts.links_in_browser
        assert not party.accounts.links_by_pin
        with pytest.raises(LinkingNotSetUp, match="SECRET_KEY"):
            await party.accounts.begin(GRACE)
        with pytest.raises(LinkingNotSetUp):
            await party.accounts.finish_in_browser("key", "code")
        with pytest.raises(LinkingNotSetUp):
            await party.accounts.finish_by_pin(GRACE.id, "key", "1")

    async def test_one_way_is_offered_while_the_other_is_out(self, x: X, sqlite: Database) -> None:
        x.fault("POST /oauth/request_token", times=2, status=503)
        begun = await Party(x, sqlite).accounts.begin(GRACE)
        assert begun.browser_url
        assert begun.pin_url is None
        with pytest.raises(XUnavailable):
            await Party(x, sqlite, by_browser=False).accounts.begin(GRACE)
        x.fault("POST /oauth/request_token", times=1, status=401)
        with pytest.raises(CredentialRefused):
            await Party(x, sqlite, by_browser=False).accounts.begin(GRACE)

    async def test_ten_minutes(self, party: Party, x: X) -> None:
        begun = await party.accounts.begin(GRACE)
        assert begun.pin_url is not None
        assert timedelta(0) < begun.ends_at - party.now() <= LINK_LIFETIME
        back = await x.approve((await party.accounts.consent(begun.key)).x_url, TWITTER)
        pin = await x.pin(begun.pin_url, TWITTER)
        x.later(TOO_LATE_S)

        with pytest.raises(LinkRefused, match="ten minutes"):
            await party.accounts.consent(begun.key)
        with pytest.raises(LinkRefused):
            await party.accounts.finish_in_browser(begun.key, back.query["code"])
        with pytest.raises(LinkRefused):
            await party.accounts.finish_by_pin(GRACE.id, begun.key, pin)
        assert await rows(party.database, XAccount) == []

    async def test_what_was_begun_and_left_is_tidied_away(self, party: Party, x: X) -> None:
        await party.accounts.begin(GRACE)
        x.later(TOO_LATE_S)
        fresh = await party.accounts.begin(GRACE)
        await Housekeeping(party.database, party.now).tidy()
        left = await rows(party.database, LinkRequest)
        assert [row.state for row in left] == [fresh.key]  # type: ignore[attr-defined]

    async def test_a_state_is_good_for_one_use(self, party: Party, x: X) -> None:
        begun = await party.accounts.begin(GRACE)
        x_url = (await party.accounts.consent(begun.key)).x_url
        first, second = [await x.approve(x_url, TWITTER) for _ in range(2)]

        ends = await asyncio.gather(
            *(
                party.accounts.finish_in_browser(begun.key, back.query["code"])
                for back in (first, second)
            ),
            return_exceptions=True,
        )

        assert sorted(type(end).__name__ for end in ends) == ["LinkRefused", "LinkedAccount"]

    async def test_a_wrong_code_and_an_unknown_state(self, party: Party) -> None:
        begun = await party.accounts.begin(GRACE)
        with pytest.raises(LinkRefused):
            await party.accounts.finish_in_browser("unknown", "code")
        with pytest.raises(LinkRefused):
            await party.accounts.finish_in_browser(begun.key, "wrong")

    async def test_waiting_ends(self, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(party.accounts._waiting, "_timeout", timedelta(0))
        with pytest.raises(TimeoutError):
            await party.accounts.linked("nobody comes")
        assert party.accounts._waiting._waiting == {}


class TestWhose:
    async def test_the_account_of_somebody_else_stays_theirs(self, party: Party, x: X) -> None:
        await party.link_in_browser(TWITTER, GRACE)
        await party.link_in_browser(SUPPORT, LINUS)
        theirs = await access_token(party)

        with pytest.raises(LinkedBySomebodyElse):
            await party.link_in_browser(TWITTER, LINUS)
        with pytest.raises(LinkedBySomebodyElse):
            await party.link_by_pin(TWITTER, LINUS)

        assert (await party.accounts.status(GRACE.id)).username == "Twitter"
        assert await access_token(party) == theirs
        assert await x.accepts(theirs)
        # Linus keeps what he had, and what X gave for the attempt is worth nothing.
        assert (await party.accounts.status(LINUS.id)).username == "TwitterSupport"
        assert await x.calls("/2/oauth2/revoke") == [200]

    async def test_another_account_takes_the_place_of_the_first(self, party: Party, x: X) -> None:
        await party.link_in_browser(TWITTER)
        before = await access_token(party)

        await party.link_in_browser(SUPPORT)

        assert not await x.accepts(before)
        (row,) = await rows(party.database, XAccount)
        assert row.x_user_id == SUPPORT  # type: ignore[attr-defined]

    async def test_linked_again_both_ways_are_kept(self, party: Party) -> None:
        await party.link_in_browser()
        first = await access_token(party)
        await party.link_in_browser()
        second = await access_token(party)
        await party.link_by_pin()

        assert first != second
        assert (await party.accounts.status(GRACE.id)).ways == ("with a PIN", "in the browser")
        assert len(await rows(party.database, XAccount)) == 1

    async def test_what_x_does_not_name_is_not_kept(self, party: Party, x: X) -> None:
        x.fault("GET /2/users/me", times=1, status=503)
        with pytest.raises(XUnavailable):
            await party.link_in_browser()
        assert await rows(party.database, XAccount) == []
        assert await x.calls("/2/oauth2/revoke") == [200]

    async def test_the_bots_own_account_can_be_linked_too(self, party: Party) -> None:
        async with party.database.transaction() as session:
            await Accounts(session).save_own(DEV, "TwitterDev", party.now())
        await party.link_in_browser(DEV)
        assert await party.access.reader(DEV, [GUILD]) is party.own
        await party.accounts.unlink(GRACE.id)
        assert await party.own.me()


def test_a_token_tells_nothing_when_it_is_shown() -> None:
    assert "secret" not in repr(OAuth2Token(1, "secret"))
