"""Two stories on the page: a manager sets the bot up, and a member likes what is announced."""

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.discord import seed
from sandbox.x.world.seed import TWITTER
from tests.chromium import needs_chromium
from tests.e2e.at_x import link_by_pin, sees
from tests.e2e.harness import GRACE, GUILD, LIKES, Scene, address

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]


async def _choose(page: Page, select: str, option: str) -> None:
    await page.get_by_role("button", name=select).last.click()
    await page.get_by_role("option", name=option).click()


async def test_from_the_invitation_to_the_first_announcement(
    browsed_scene: Scene, chromium: Browser
) -> None:
    scene = browsed_scene
    del scene.stage.discord.world.first_guild.members[seed.BOT_ID]
    post = scene.post("Our first post")
    await scene.start_bot(DISCORD_GUILD_ID="")
    async with await chromium.new_page(reduced_motion="reduce") as page:
        await page.goto(f"{scene.stage.page_url}/#general")
        await page.locator(".welcome").wait_for()

        await scene.discord("PUT", f"/guilds/{GUILD}/bot")  # 1: invite
        await page.get_by_role("button", name="Set up", exact=True).click()  # 2
        await _choose(page, "Where to announce likes", "#likes")  # 3
        await expect(page.locator(".message").last).to_contain_text("Next: watch a post")
        await page.get_by_role("button", name="Watch a post").last.click()  # 4
        form = page.get_by_role("dialog")
        await form.get_by_role("textbox").fill(f"look at {address(post)} !")
        await form.get_by_role("button", name="Submit").click()  # 5
        await expect(page.locator(".message").last).to_contain_text("Watching a post")
        await page.get_by_role("button", name="Send a test").last.click()  # 6
        await expect(page.locator(".message").last).to_contain_text("The test is in")

        liker = scene.like(post)
        await scene.announcement(liker, LIKES)
        await page.get_by_role("button", name="likes", exact=False).first.click()
        await expect(page.locator(".log")).to_contain_text("This is a test that a manager asked")
        await expect(page.locator(".log")).to_contain_text(liker.name)


async def test_a_member_from_an_announcement_to_a_like_and_back(
    browsed_scene: Scene, chromium: Browser
) -> None:
    scene, post = browsed_scene, browsed_scene.post("Our first post")
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()
    await sees(scene, await link_by_pin(scene, GRACE, TWITTER), "### Linked as @Twitter")
    await scene.watch(post, LIKES)
    await scene.announcement(scene.like(post), LIKES)
    async with await chromium.new_page(reduced_motion="reduce") as page:
        await page.goto(f"{scene.stage.page_url}/#likes")
        await page.get_by_label("You are").select_option(label="Grace (member)")
        newest = page.locator(".message").last
        await expect(newest).to_contain_text("Our first post")
        await newest.click(button="right", position={"x": 8, "y": 8})
        await page.get_by_role("menuitem", name="Like", exact=False).first.click()
        await expect(page.locator(".log")).to_contain_text("Liked as @Twitter.")
        assert TWITTER in post.likes
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(".log")).to_contain_text("Like taken back as @Twitter.")
        assert TWITTER not in post.likes
