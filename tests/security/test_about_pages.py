"""What is promised about data is what the code does, and is read before anything is stored."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.accounts.callback_page import CallbackPage
from bot.accounts.open_requests import LINK_LIFETIME
from bot.accounts.page_html import html_of
from bot.chat.buttons.about import about_buttons
from bot.chat.cards.about import about_card, about_pages
from bot.domain import LinkStart, retention
from bot.domain.about import AboutKind
from bot.run.jobs import _HOUSEKEEPING_EVERY
from bot.services.export.values import MOST_OBJECTS
from tests.cases import in_turn
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.chat.rules import check
from tests.cogs.test_round_trips import told
from tests.linking import GRACE, Browser, Party
from tests.sandbox.discord.server import Server
from tests.storage.rows import NOW
from tests.test_likes_api_doc import ROOT

__all__ = ["client", "discord_server", "endpoint", "script"]
PRIVACY, TERMS = about_pages()
OWN = "https://bot.example.org/privacy"


def _doc(kind: AboutKind) -> str:
    return (ROOT / "docs" / f"{kind.value}.md").read_text(encoding="utf-8")


def test_the_pages_are_those_of_the_code() -> None:
    for page in (PRIVACY, TERMS):
        assert _doc(page.kind) == page.text


@in_turn(
    "kept, promised",
    [
        (retention.UNWATCHED_KEPT, "and {days} days longer"),
        (retention.NOT_SHOWN_GONE_WITHIN, "are deleted within {hours} hours"),
        (retention.LEFT_GUILD_KEPT, "or {days} days after I was removed"),
        (retention.ACCOUNT_USES_KEPT, "for {days} days, what it was used for"),
        (retention.REVOKING_GIVES_UP_AFTER, "wait up to {days} days for X to revoke"),
        (LINK_LIFETIME, "ends after {minutes} minutes"),
    ],
)
def test_each_number_is_the_codes(kept: timedelta, promised: str) -> None:
    minutes = int(kept.total_seconds()) // 60
    amounts = {"minutes": minutes, "hours": minutes // 60, "days": minutes // 1_440}
    assert promised.format(**amounts) in PRIVACY.text


def test_what_is_gone_within_a_day_is_looked_at_in_time() -> None:
    latest = retention.NOT_SHOWN_KEPT + 2 * _HOUSEKEEPING_EVERY
    assert latest < retention.NOT_SHOWN_GONE_WITHIN
    assert f"{MOST_OBJECTS} users or posts" in TERMS.text


@pytest.mark.parametrize("page", [PRIVACY, TERMS])
def test_each_fits_into_a_message_and_into_a_page(page: Any) -> None:
    check(about_card(page))
    shown = html_of(page.text)
    assert "](" not in shown
    assert "**" not in shown
    assert "`" not in shown
    assert shown.count("<li>") == shown.count("</li>") > 0


@pytest.mark.usefixtures("client")
async def test_they_are_shown_before_an_account_is_linked(
    discord_server: Server, script: Script
) -> None:
    script.answers["home.require_served"] = None
    script.answers["accounts.begin"] = LinkStart("k", "https://bot.example.org/?link=k", None, NOW)
    script.answers["accounts.linked"] = lambda _key: asyncio.Event().wait()
    asked = await discord_server.ask("account link")
    (message,) = asked["messages"]
    for page in (PRIVACY, TERMS):
        component = {"message_id": message["id"], "custom_id": f"about:{page.kind.value}"}
        answer = told(await discord_server.interact(component=component))
        assert page.text.splitlines()[0] in answer


def test_whoever_runs_the_bot_can_lead_to_their_own() -> None:
    own, terms = about_buttons(about_pages(OWN, None))
    assert getattr(own, "url", None) == OWN
    assert getattr(terms, "custom_id", None) == "about:terms"


async def test_the_page_for_linking_leads_to_them(party: Party, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    _, question = await browser.open(str(start.browser_url))
    for page in (PRIVACY, TERMS):
        assert f'href="/x/back?about={page.kind.value}"' in question
        status, shown = await browser.open(f"{party.redirect_url}?about={page.kind.value}")
        assert (status, f"<h1>{page.title}</h1>" in shown) == (200, True)
    own = CallbackPage(party.accounts, party.redirect_url, about=about_pages(OWN))
    assert f'href="{OWN}"' in own._about_links()
