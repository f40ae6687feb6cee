"""Threads on the page: below their channel, with what is written in them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.sandbox.web.stand import Stand

pytestmark = pytest.mark.asyncio(loop_scope="session")


def threads_of(page: Page, parent: str) -> Locator:
    return page.get_by_role("list", name=f"Threads of #{parent}").get_by_role("button")


def header(page: Page) -> Locator:
    return page.locator("#channel-header")


@pytest_asyncio.fixture(loop_scope="session")
async def http(stand: Stand) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(stand.url) as session:
        yield session


async def _delete(http: aiohttp.ClientSession, channel_id: int) -> None:
    async with http.delete(f"/discord/sandbox/channels/{channel_id}") as response:
        assert response.ok


async def _forum(stand: Stand, http: aiohttp.ClientSession) -> discord.ForumChannel:
    """Open a forum, and return it as the bot sees it."""
    waiting = asyncio.ensure_future(stand.bot.wait_for("guild_channel_create"))
    await asyncio.sleep(0)
    order: dict[str, Any] = {"name": "showcase", "kind": "forum", "tags": ["Launch", "Talk"]}
    async with http.post("/discord/sandbox/channels", json=order) as response:
        assert response.ok
    found = await waiting
    assert isinstance(found, discord.ForumChannel)
    return found


async def test_a_thread_stands_below_its_channel_and_shows_what_is_written_in_it(
    page: Page, stand: Stand, http: aiohttp.ClientSession
) -> None:
    message = await stand.channel("general").send("A new post")
    thread = await message.create_thread(name="The launch is today")
    row = threads_of(page, "general").filter(has_text="The launch is today")
    await expect(row).to_be_visible()
    await expect(row).not_to_contain_text("new messages")
    await thread.send("Ada liked it")
    await expect(row).to_contain_text("new messages")

    await row.click()
    await expect(page.get_by_role("log")).to_contain_text("Ada liked it")
    await expect(header(page)).to_contain_text("in #general")
    await expect(page).to_have_title("The launch is today · Likecord sandbox")
    await expect(row).to_have_attribute("aria-current", "page")
    await page.get_by_role("combobox", name="Message The launch is today").fill("And I")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("And I")

    await _delete(http, thread.id)
    await expect(threads_of(page, "general")).to_have_count(0)
    await expect(header(page)).not_to_contain_text("The launch is today")


async def test_a_forum_shows_its_posts_until_they_are_over_and_read(
    page: Page, stand: Stand, http: aiohttp.ClientSession
) -> None:
    forum = await _forum(stand, http)
    launch = next(tag for tag in forum.available_tags if tag.name == "Launch")
    post = await forum.create_thread(
        name="First in the forum", content="What is told of it", applied_tags=[launch]
    )
    row = threads_of(page, "showcase").filter(has_text="First in the forum")
    await row.click()
    await expect(page.get_by_role("log")).to_contain_text("What is told of it")
    await expect(header(page)).to_contain_text("in #showcase")
    await expect(page.get_by_role("list", name="Tags")).to_have_text("Launch")

    # What is over and read goes, as it does in Discord.
    await page.get_by_role("button", name="general").click()
    await expect(page.get_by_role("list", name="Tags")).to_have_count(0)
    order = {"archived": True}
    async with http.patch(f"/discord/sandbox/threads/{post.thread.id}", json=order) as response:
        assert response.ok
    await expect(row).to_have_count(0)
    await _delete(http, forum.id)
    await expect(page.get_by_text("showcase")).to_have_count(0)
