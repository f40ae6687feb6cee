"""The page on X_REDIRECT_URL in a real browser."""

import pytest
from playwright.async_api import Browser

from bot.accounts.callback_page import CallbackPage
from sandbox.stage import free_port
from tests.chromium import needs_chromium
from tests.databases import opened
from tests.linking import AWKWARD, TWITTER, Party, an_x

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]


async def test_there_and_back(chromium: Browser, sqlite_url: str) -> None:
    address = f"http://127.0.0.1:{free_port()}/x/back"
    complaints: list[str] = []
    async with an_x() as x, opened(sqlite_url) as database:
        party = Party(x, database, redirect_url=address)
        start = await party.accounts.begin(AWKWARD)
        assert start.browser_url is not None
        page_of_the_bot = CallbackPage(party.accounts, address).serve()
        async with page_of_the_bot, await chromium.new_page() as page:
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(start.browser_url)
            assert AWKWARD.name in await page.inner_text("main")
            await page.get_by_role("button", name="Go on to X").click()
            await page.get_by_label("Account").select_option(str(TWITTER))
            await page.get_by_role("button", name="Approve").click()
            await page.get_by_role("heading", name="Your X account is linked").wait_for()
            assert "@Twitter is linked now" in await page.inner_text("main")
        assert (await party.accounts.status(AWKWARD.id)).username == "Twitter"
    # Chromium asks for an icon by itself.
    assert [line for line in complaints if "favicon" not in line and "404" not in line] == []
