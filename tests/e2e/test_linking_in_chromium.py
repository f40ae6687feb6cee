"""An account is linked in a real browser: Discord's button, the bot's page, X's page, and back."""

import pytest
from playwright.async_api import Browser

from sandbox.x.world.seed import TWITTER
from tests.chromium import needs_chromium
from tests.e2e.at_x import BROWSER, sees
from tests.e2e.harness import GRACE, Scene, address

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]


async def test_from_discords_button_to_a_like_as_oneself(
    browsed_scene: Scene, chromium: Browser
) -> None:
    scene = browsed_scene
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot()
    asked = await scene.command("account link", by=GRACE)

    async with await chromium.new_page() as page:
        await page.goto(asked.message.buttons[BROWSER]["url"])
        question = await page.inner_text("main")
        await page.get_by_role("button", name="Go on to X").click()
        await page.get_by_label("Account").select_option(str(TWITTER))
        await page.get_by_role("button", name="Approve").click()
        await page.get_by_role("heading", name="Your X account is linked").wait_for()

    await sees(scene, asked, "### Linked as @Twitter")
    liked = await scene.command("like", post=address(scene.post()), by=GRACE)
    assert "the Discord member Grace" in question
    assert liked.text == "Liked as @Twitter."
