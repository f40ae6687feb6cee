"""How X lists likers, chosen on the page."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from sandbox.x.world.rows import Settings
from tests.sandbox.web.conftest import Visitors, open_x_settings
from tests.sandbox.web.stand import Stand

pytestmark = pytest.mark.asyncio(loop_scope="session")

OWN_POST = 1354143047324299264


# What the page shows of them, in the order of its rows.
SHOWN = """() => [...document.querySelectorAll(".settings-rows :is(input, select)")].map(
  (field) => field.type === "checkbox" ? field.checked : field.value).join()"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def settings_page(chromium: Browser, stand: Stand) -> AsyncIterator[Page]:
    """A page of these tests' own, which hears of no other file's settings."""
    guests = Visitors(chromium, stand)
    page = await guests.come()
    await open_x_settings(page)
    yield page
    await guests.leave()


@pytest_asyncio.fixture(loop_scope="session")
async def opened(settings_page: Page, stand: Stand) -> AsyncIterator[Page]:
    """The page, while X behaves as ever; so it does afterwards, and the page says so."""
    usual = await settings_page.evaluate(SHOWN)
    yield settings_page
    stand.x.world.settings = Settings()
    stand.x.world.settings_changed()
    await settings_page.wait_for_function(f"usual => ({SHOWN})() === usual", arg=usual)


async def test_how_far_x_lists(opened: Page, stand: Stand) -> None:
    listing = opened.get_by_role("combobox", name="X lists")
    await expect(listing).to_have_value("0")
    await listing.select_option("the first 100")
    await expect(opened.get_by_text("Whoever was among the first 100")).to_be_visible()
    await expect(opened.get_by_text("liking refused, first 100 listed")).to_be_visible()
    assert stand.x.world.settings.listing == "first_100"


async def test_from_which_end_and_how_late(opened: Page, stand: Stand) -> None:
    await opened.get_by_role("combobox", name="Its lists begin with").select_option(
        "the oldest like"
    )
    await expect(opened.get_by_text("own emulator does it")).to_be_visible()
    await opened.get_by_role("combobox", name="Its lists are late by").select_option("60 s")
    await expect(opened.get_by_text("the list 60 seconds after it")).to_be_visible()
    settings = stand.x.world.settings
    assert (settings.list_order, settings.list_lag_s) == ("oldest_first", 60)


async def test_what_somebody_else_sets_is_shown(opened: Page, stand: Stand) -> None:
    stand.x.world.settings.list_lag_s = 7
    stand.x.world.settings_changed()
    await expect(opened.get_by_text("the list 7 seconds after it")).to_be_visible()
    chosen = opened.get_by_role("combobox", name="Its lists are late by")
    await expect(chosen.locator("option:checked")).to_have_text("7 s")


async def test_who_is_not_listed_is_marked_at_once(opened: Page, stand: Stand) -> None:
    world = stand.x.world
    world.settings.hidden = len(world.posts[OWN_POST].ever_liked)
    world.settings_changed()
    card = opened.locator(f'[data-post-id="{OWN_POST}"]')
    people = await card.get_by_role("listitem").count()
    assert people > 0
    await expect(card.get_by_text("not listed")).to_have_count(people)


async def test_push_can_be_switched_off(opened: Page, stand: Stand) -> None:
    await opened.get_by_role("switch", name="X pushes likes").click()
    await expect(opened.get_by_text("X's stream is away")).to_be_visible()
    assert stand.x.world.settings.push == "off"


async def test_a_like_that_was_pushed_is_marked(opened: Page, stand: Stand) -> None:
    world, hub = stand.x.world, stand.x.hub
    hub.subscriptions.add("like.create", world.posts[OWN_POST].author_id)
    connection = hub.open("http://127.0.0.1")
    world.like(world.posts[OWN_POST], world.stranger_to(world.posts[OWN_POST]))
    hub.close(connection)
    card = opened.locator(f'[data-post-id="{OWN_POST}"]')
    await expect(card.get_by_text("pushed")).to_have_count(1)
