"""A manager on the page: from the invitation to the first announcement, by /setup."""

from playwright.async_api import Page, expect

from sandbox.discord import seed
from tests.chromium import chromium, needs_chromium
from tests.e2e.harness import GUILD, LIKES, Scene, address

pytestmark = needs_chromium


async def _choose(page: Page, select: str, option: str) -> None:
    await page.get_by_role("button", name=select).last.click()
    await page.get_by_role("option", name=option).click()


async def test_from_the_invitation_to_the_first_announcement(own_scene: Scene) -> None:
    scene = own_scene
    del scene.stage.discord.world.first_guild.members[seed.BOT_ID]
    post = scene.post("Our first post")
    await scene.start_bot(DISCORD_GUILD_ID="")
    async with chromium() as browser:
        page = await browser.new_page(reduced_motion="reduce")
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
