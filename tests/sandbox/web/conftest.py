"""One stand for all tests of the page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, expect

from tests.sandbox.web.stand import Stand, opened_stand

DESK = (1280, 800)
ADA = "Ada (admin)"


@dataclass
class Watched:
    """What a page must not do: complain, or ask anybody but this machine.

    Without slots, as Playwright keeps its wrappers on the object whose methods it calls.
    """

    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:")):
            self.strangers.append(request.url)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def stand() -> AsyncIterator[Stand]:
    async with opened_stand() as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Visitors:
    """Opens the page as visitors who come for the first time."""

    browser: Browser
    stand: Stand
    watched: Watched = field(default_factory=Watched)
    pages: list[Page] = field(default_factory=list)

    async def come(self, size: tuple[int, int] = DESK) -> Page:
        page = await self.browser.new_page(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
        )
        page.set_default_timeout(10_000)
        self.watched.follow(page)
        self.pages.append(page)
        await page.goto(self.stand.url)
        await opened(page)
        return page

    async def leave(self) -> None:
        """Close what is open; no page may have complained or called a stranger."""
        for page in self.pages:
            await page.context.close()
        assert self.watched.complaints == []
        assert self.watched.strangers == []


async def opened(page: Page) -> None:
    """Wait until both worlds are shown."""
    await page.locator(".welcome").wait_for(state="attached")
    await page.locator(".post").first.wait_for(state="attached")


async def open_x_settings(page: Page) -> None:
    """Show how X behaves, where it is not shown yet."""
    if not await page.get_by_role("combobox", name="X lists").is_visible():
        await page.get_by_text("How X behaves").click()


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(chromium: Browser, stand: Stand) -> AsyncIterator[Visitors]:
    """Let visitors come whom no other test knows."""
    guests = Visitors(chromium, stand)
    yield guests
    await guests.leave()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shared_page(chromium: Browser, stand: Stand) -> AsyncIterator[Page]:
    guests = Visitors(chromium, stand)
    yield await guests.come()
    await guests.leave()


@pytest_asyncio.fixture(loop_scope="session")
async def page(shared_page: Page) -> Page:
    """Return the page that most tests share, as Ada in #general, with nothing half done."""
    if await shared_page.locator("dialog, [popover], .command-form").count():
        await shared_page.reload()
        await opened(shared_page)
    general = shared_page.get_by_role("button", name="general")
    # What is so already is not chosen again: all messages would be fetched and drawn anew.
    if await general.get_attribute("aria-current") != "page":
        await general.click()
        # Until it is shown, what comes to the channel of the test before is read at once.
        await expect(general).to_have_attribute("aria-current", "page")
    chosen = shared_page.get_by_label("You are")
    if await chosen.locator("option:checked").text_content() != ADA:
        await chosen.select_option(label=ADA)
    await shared_page.get_by_role("combobox", name="Message #").fill("")
    return shared_page
