"""Nobody links an account for somebody else, or keeps what was to go."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from yarl import URL

from bot.accounts.linking import MOST_PINS
from bot.chat.cards.accounts import forgotten_card, unlinked_card
from bot.domain import LinkStart, Member, Unlinked
from bot.domain.errors import (
    AskedToBeForgotten,
    NotLinked,
    PinRefused,
    PinsUsedUp,
    TooManyLinks,
    XUnavailable,
)
from bot.domain.retention import REVOKING_GIVES_UP_AFTER
from bot.services.forgetting import ForgettingService
from storage.accounts import Accounts
from storage.database import Database
from storage.models import PendingRevocation
from tests.chat.rules import shown
from tests.linking import GRACE, LINUS, SUPPORT, TWITTER, Browser, Party, X, a_browser
from tests.storage.rows import GUILD

ATTACKER = LINUS
RTL = Member(GRACE.id, "Grace\u202e\u2066<b>", "The \u200fserver", GUILD, "gr\u202eace")


async def token_of(party: Party) -> str:
    token = await party.tokens.token(TWITTER)
    assert token is not None
    return token.access_token


async def pending(database: Database) -> list[PendingRevocation]:
    async with database.reading() as session:
        return list(await session.exec(select(PendingRevocation)))


class TestLoginCsrf:
    async def test_a_page_that_was_only_opened_links_nothing(
        self, party: Party, x: X, browser: Browser
    ) -> None:
        """An attacker's page opens the bot's, then X's: the victim has answered no question."""
        start = await party.accounts.begin(ATTACKER)
        assert start.browser_url is not None
        assert (await browser.open(start.browser_url))[0] == 200

        consent = (await party.accounts.consent(start.key)).x_url
        back = await x.approve(consent, TWITTER)
        assert (await browser.open(back))[0] == 400

        with pytest.raises(NotLinked):
            await party.accounts.status(ATTACKER.id)

    @pytest.mark.parametrize("token", ["", "guessed", None])
    async def test_a_form_of_another_page_is_not_taken(
        self, party: Party, browser: Browser, token: str | None
    ) -> None:
        start = await party.accounts.begin(ATTACKER)
        assert start.browser_url is not None
        async with a_browser() as own:  # the token of the attacker's own browser
            _, page = await own.open(start.browser_url)
            (found,) = re.findall(r'name="token" value="([^"]+)"', page)
        await browser.open(start.browser_url)
        form = {"link": start.key, "token": found if token is None else token}

        address = URL(start.browser_url).with_query(None)
        async with browser.session.post(address, data=form, allow_redirects=False) as answer:
            assert answer.status == 400
            assert "Set-Cookie" not in answer.headers

    async def test_an_answer_of_x_belongs_to_one_confirmation(
        self, party: Party, x: X, browser: Browser
    ) -> None:
        """The attacker confirms in their own browser, and hands the address on to the victim's."""
        start = await party.accounts.begin(ATTACKER)
        await browser.ask(start.browser_url)
        async with a_browser() as own:
            back = await x.approve(await own.ask(start.browser_url), TWITTER)
        assert (await browser.open(back))[0] == 400
        with pytest.raises(NotLinked):
            await party.accounts.status(ATTACKER.id)

    async def test_the_page_names_the_member_whatever_their_name_does(
        self, party: Party, browser: Browser
    ) -> None:
        start = await party.accounts.begin(RTL)
        assert start.browser_url is not None
        _, page = await browser.open(start.browser_url)
        assert f"<bdi>Grace&lt;b&gt;</bdi></b> (@<bdi>grace</bdi>, ID {GRACE.id})" in page
        assert "<bdi>The server</bdi>" in page
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", page)

    async def test_loading_the_last_page_again_says_that_it_is_linked(
        self, party: Party, x: X, browser: Browser
    ) -> None:
        start = await party.accounts.begin(GRACE)
        back = await x.approve(await browser.ask(start.browser_url), TWITTER)
        for _ in range(2):
            status, page = await browser.open(back)
            assert (status, "<b>@Twitter</b> is linked now" in page) == (200, True)
        async with a_browser() as other:
            assert (await other.open(back))[0] == 400


class TestGuessing:
    async def test_a_request_takes_five_pins(self, party: Party, x: X) -> None:
        start = await party.accounts.begin(GRACE)
        assert start.pin_url is not None
        for _ in range(MOST_PINS):
            with pytest.raises(PinRefused):
                await party.accounts.finish_by_pin(GRACE.id, start.key, "0000000")
        pin = await x.pin(start.pin_url, TWITTER)
        with pytest.raises(PinsUsedUp):
            await party.accounts.finish_by_pin(GRACE.id, start.key, pin)

    async def test_pins_tried_at_once_are_counted_too(self, party: Party, x: X) -> None:
        start = await party.accounts.begin(GRACE)
        tries = (
            party.accounts.finish_by_pin(GRACE.id, start.key, f"{number:07}")
            for number in range(MOST_PINS * 4)
        )
        await asyncio.gather(*tries, return_exceptions=True)
        assert len(await x.calls("/oauth/access_token")) == MOST_PINS

    async def test_an_outage_uses_up_no_pin(self, party: Party, x: X) -> None:
        start = await party.accounts.begin(GRACE)
        assert start.pin_url is not None
        pin = await x.pin(start.pin_url, TWITTER)
        x.fault("POST /oauth/access_token", times=MOST_PINS, status=503)
        for _ in range(MOST_PINS):
            with pytest.raises(XUnavailable):
                await party.accounts.finish_by_pin(GRACE.id, start.key, pin)
        assert (await party.accounts.finish_by_pin(GRACE.id, start.key, pin)).username == "Twitter"

    async def test_a_member_has_three_links_open(self, party: Party, x: X) -> None:
        for _ in range(3):
            await party.accounts.begin(GRACE)
        asked = len(await x.calls("/oauth/request_token"))
        with pytest.raises(TooManyLinks):
            await party.accounts.begin(GRACE)
        assert len(await x.calls("/oauth/request_token")) == asked
        await party.accounts.begin(LINUS)
        x.later(601)
        await party.accounts.begin(GRACE)

    async def test_not_even_by_asking_for_all_at_once(self, x: X, database: Database) -> None:
        """Each looks whether there is room before any has stored its own."""
        party = Party(x, database, by_pin=False)  # so that nobody waits for X in between
        others = (Member(100 + number, "", "", GUILD, "") for number in range(8))
        await asyncio.gather(*(party.accounts.begin(other) for other in others))

        began = await asyncio.gather(
            *(party.accounts.begin(GRACE) for _ in range(8)), return_exceptions=True
        )

        assert sum(isinstance(each, TooManyLinks) for each in began) == 5
        assert sum(isinstance(each, LinkStart) for each in began) == 3


class TestTakingBack:
    @pytest.mark.parametrize("call", ["POST /2/oauth2/revoke", "POST /1.1/oauth/invalidate_token"])
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 503])
    async def test_unlinking_claims_no_revocation_that_x_did_not_confirm(
        self, party: Party, x: X, call: str, status: int
    ) -> None:
        await party.link_in_browser()
        await party.link_by_pin()
        x.fault(call, times=9, status=status)

        assert await party.accounts.unlink(GRACE.id) == Unlinked("Twitter", revoked=False)

        with pytest.raises(NotLinked):
            await party.accounts.status(GRACE.id)

    async def test_nor_where_the_key_is_lost(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        other = Party(x, party.database, keys=("b" * 43 + "=",))
        assert await other.accounts.unlink(GRACE.id) == Unlinked("Twitter", revoked=False)

    def test_what_the_member_reads(self) -> None:
        confirmed = shown(unlinked_card(Unlinked("a", revoked=True)))
        not_confirmed = shown(unlinked_card(Unlinked("a", revoked=False)))
        assert "X confirmed that it revoked my access" in confirmed
        assert "deleted here" in not_confirmed
        assert "https://x.com/settings/connected_apps" in not_confirmed

    async def test_forgetting_deletes_at_once_and_revokes_when_x_answers(
        self, x: X, database: Database
    ) -> None:
        party = Party(x, database)
        await party.link_in_browser()
        token = await token_of(party)
        await party.link_by_pin()
        x.fault("POST /2/oauth2/revoke", times=2, status=503)

        forgotten = await party.accounts.forget(GRACE.id)
        assert forgotten.account == "Twitter"
        assert "settings/connected_apps" in shown(forgotten_card(forgotten))
        with pytest.raises(NotLinked):
            await party.accounts.status(GRACE.id)
        assert str(GRACE.id) not in str(await pending(database))

        for _ in range(2):
            await party.accounts.revoke_pending()
            assert await x.accepts(token)
            await party.accounts.revoke_pending()  # not yet
            x.later(3_600)
        await party.accounts.revoke_pending()
        assert not await x.accepts(token)
        assert await pending(database) == []

    async def test_what_x_never_answers_is_kept_for_a_week(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        x.fault("POST /2/oauth2/revoke", times=999, status=503)
        await party.accounts.forget(GRACE.id)
        await party.accounts.revoke_pending()
        assert len(await pending(party.database)) == 1
        x.later((REVOKING_GIVES_UP_AFTER + timedelta(hours=1)).total_seconds())
        await party.accounts.revoke_pending()
        assert await pending(party.database) == []

    async def test_a_new_key_encrypts_what_is_still_to_be_revoked(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        token = await token_of(party)
        await party.accounts.forget(GRACE.id)
        new = "c" * 43 + "="
        await Party(x, party.database, keys=(new, *party.keys)).tokens.renew()
        await Party(x, party.database, keys=(new,)).accounts.revoke_pending()
        assert not await x.accepts(token)

    async def test_an_account_that_asked_to_be_forgotten_is_not_linked(
        self, party: Party, x: X
    ) -> None:
        await ForgettingService(party.database, party.now).user(SUPPORT)
        with pytest.raises(AskedToBeForgotten):
            await party.link_by_pin(SUPPORT)
        assert await x.calls("/1.1/oauth/invalidate_token") == [200]
        async with party.database.reading() as session:
            assert await Accounts(session).get(SUPPORT) is None

    @pytest.mark.parametrize("way", ["browser", "pin"])
    async def test_what_cannot_be_stored_is_given_back(
        self, party: Party, x: X, monkeypatch: pytest.MonkeyPatch, way: str
    ) -> None:
        async def breaks(*_: object) -> None:
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))

        monkeypatch.setattr(Accounts, "lock", breaks)
        with pytest.raises(OperationalError):
            await (party.link_in_browser() if way == "browser" else party.link_by_pin(SUPPORT))
        path = "/2/oauth2/revoke" if way == "browser" else "/1.1/oauth/invalidate_token"
        assert await x.calls(path) == [200]
