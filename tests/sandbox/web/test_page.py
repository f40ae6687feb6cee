"""The page in a real browser, over both stand-ins and a discord.py bot."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.sandbox.web.conftest import Visitors, open_x_settings
from tests.sandbox.web.stand import Stand

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = (390, 844)
OWN_POST = 1354143047324299264
NEWEST_OWN_POST = 1460323737035677698
OTHERS_POST = 1362449997430542337


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Message #")


def choices(page: Page) -> Locator:
    return page.locator(".command-menu").get_by_role("option")


def last(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("article").last


async def run(page: Page, command: str) -> None:
    """Run a command that needs no options."""
    await box(page).fill(f"/{command}")
    await box(page).press("Enter")
    await page.keyboard.press("Enter")


async def show_controls(page: Page) -> None:
    """Have the bot send its controls; others may stand above."""
    before = last(page)
    known = await before.get_attribute("data-id") if await before.count() else ""
    await run(page, "controls")
    await expect(last(page)).not_to_have_attribute("data-id", known or "")
    await expect(last(page)).to_contain_text("Press something")


async def hearing(page: Page, text: str) -> asyncio.Future[None]:
    """Return what is done once the page has heard news with a text, shown or not."""
    heard = asyncio.get_running_loop().create_future()

    def hear(news: dict[str, str]) -> None:
        if text in news["data"] and not heard.done():
            heard.set_result(None)

    session = await page.context.new_cdp_session(page)
    session.on("Network.eventSourceMessageReceived", hear)
    await session.send("Network.enable")
    return heard


async def become(page: Page, who: str) -> None:
    await page.get_by_label("You are").select_option(label=who)


def like_count(stand: Stand, post_id: int) -> int:
    return stand.x.world.posts[post_id].like_count


def written_since(stand: Stand) -> list[int]:
    """Return the account's posts that other tests have written."""
    mine = stand.x.world.posts_by(stand.x.world.posts[OWN_POST].author_id)
    return [post.id for post in mine if post.id > NEWEST_OWN_POST]


def card(page: Page, post_id: int) -> Locator:
    return page.locator(f'[data-post-id="{post_id}"]')


class TestCommands:
    async def test_a_slash_lists_the_commands(self, page: Page) -> None:
        await box(page).press_sequentially("/")
        await expect(choices(page).filter(has_text="/controls")).to_contain_text("Show buttons")
        await page.keyboard.type("fru")
        await expect(choices(page)).to_have_count(1)
        await expect(choices(page)).to_contain_text("/fruit eat")
        await page.keyboard.press("Escape")
        await expect(choices(page)).to_have_count(0)

    async def test_options_are_filled_in_by_keyboard_alone(self, page: Page) -> None:
        await box(page).press_sequentially("/fruit")
        await page.keyboard.press("Tab")
        await expect(choices(page)).to_have_count(4)
        await page.keyboard.type("ap")
        await expect(choices(page)).to_have_text(["The apple", "The apricot"])
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Add option where").press("Enter")
        await page.keyboard.type("lik")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Add option times").press("Enter")
        await page.keyboard.type("3")
        await page.keyboard.press("Enter")
        await expect(last(page)).to_contain_text("Ate apricot 3 times in #likes")
        await expect(last(page)).to_contain_text("Ada used /fruit eat")

    async def test_a_whole_command_may_be_pasted(self, page: Page) -> None:
        await box(page).fill("/fruit eat name:kiwi times:2")
        await page.keyboard.press("Enter")
        await expect(last(page)).to_contain_text("Ate kiwi 2 times in here")

    async def test_what_is_missing_or_wrong_is_said_before_sending(self, page: Page) -> None:
        await box(page).fill("/fruit eat ")
        await expect(choices(page)).to_have_count(4)
        await page.keyboard.press("Escape")
        await page.keyboard.press("Enter")
        problem = page.locator(".command-menu").get_by_role("alert")
        await expect(problem).to_have_text("name: this option is required.")
        await page.keyboard.type("kiwi")
        await page.get_by_role("button", name="Add option times").click()
        await page.keyboard.type("10")
        await page.keyboard.press("Enter")
        await expect(problem).to_have_text("times: enter 9 or less.")

    async def test_a_late_answer_is_waited_for(self, page: Page, stand: Stand) -> None:
        stand.bot.may_answer.clear()
        await run(page, "slow")
        await expect(last(page)).to_contain_text("Likecord is thinking…")
        stand.bot.may_answer.set()
        await expect(last(page)).to_contain_text("Here at last")

    async def test_commands_are_those_that_the_member_may_use(self, page: Page) -> None:
        await become(page, "Grace (member)")
        await box(page).press_sequentially("/")
        await expect(choices(page).filter(has_text="/secret")).to_be_visible()
        await expect(choices(page).filter(has_text="/manage")).to_have_count(0)
        await page.keyboard.type("manage")
        note = page.locator(".command-menu").get_by_role("status")
        await expect(note).to_have_text("No command that Grace may use fits this.")


class TestMessages:
    async def test_only_the_asker_sees_an_ephemeral_answer(
        self, page: Page, visitors: Visitors
    ) -> None:
        ada, grace = page, await visitors.come()
        await become(grace, "Grace (member)")
        await run(ada, "secret")
        secret = ada.get_by_text("The cake is in the fridge").last
        await expect(secret).to_be_visible()
        await expect(last(ada)).to_contain_text("Only you can see this")
        await box(ada).fill("Something for everybody")
        await box(ada).press("Enter")
        await expect(last(grace)).to_contain_text("Something for everybody")
        await expect(grace.get_by_text("The cake is in the fridge")).to_have_count(0)
        await become(ada, "Linus (member)")
        await expect(last(ada)).to_contain_text("Something for everybody")
        await expect(ada.get_by_text("The cake is in the fridge")).to_have_count(0)

    async def test_the_address_names_a_channel(self, page: Page) -> None:
        await page.get_by_role("button", name="announcements").click()
        assert page.url.endswith("#announcements")
        await page.reload()
        await expect(page.get_by_role("heading", name="Welcome to #announcements")).to_be_visible()

    async def test_news_of_other_channels_is_marked(self, page: Page, stand: Stand) -> None:
        await stand.channel("likes").send("**Ann** likes a post")
        row = page.get_by_role("button", name="likes new messages")
        await row.click()
        await expect(last(page).locator("strong")).to_have_text("Ann")
        await expect(page.get_by_role("button", name="new messages")).to_have_count(0)

    async def test_what_came_while_somebody_else_was_chosen_is_marked(
        self, page: Page, stand: Stand
    ) -> None:
        """Whoever else is chosen hears by a stream of their own, which takes a moment to open."""

        async def held(route: Route) -> None:
            await stand.channel("likes").send("sent in that moment")
            await route.continue_()

        await page.route("**/events?as=*", held)
        try:
            await become(page, "Grace (member)")
            await page.get_by_role("button", name="likes new messages").click()
        finally:
            await page.unroute("**/events?as=*")
        await expect(last(page)).to_contain_text("sent in that moment")

    async def test_an_embed_shows_text_as_text(self, page: Page) -> None:
        await run(page, "embed")
        embed = last(page).locator(".embed")
        await expect(embed).to_contain_text("<script>alert(1)</script>")
        await expect(embed.locator("img")).to_have_js_property("naturalWidth", 1)
        await expect(embed.get_by_role("link", name="Picture on another site")).to_be_visible()

    async def test_components_v2_are_laid_out(self, page: Page) -> None:
        await run(page, "layout")
        container = last(page).locator(".container")
        await expect(container.get_by_role("heading", name="3 new likes")).to_be_visible()
        await expect(container.get_by_role("link", name="a post")).to_be_visible()
        await expect(container.get_by_role("separator")).to_be_visible()
        await container.get_by_role("button", name="Spoiler").click()
        await expect(container.get_by_role("button", name="Spoiler")).to_have_count(0)
        await container.get_by_role("button", name="Picture: Shown").click()
        await expect(page.get_by_role("dialog", name="Shown")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)

    async def test_a_context_menu_runs_its_command(self, page: Page) -> None:
        await box(page).fill("three plain words")
        await box(page).press("Enter")
        await expect(last(page)).to_contain_text("three plain words")
        await last(page).get_by_text("three plain words").click(button="right")
        await page.get_by_role("menuitem", name="Count words").click()
        await expect(last(page)).to_contain_text("3 words")


class TestControls:
    async def test_a_button_edits_its_message_and_keeps_the_focus(self, page: Page) -> None:
        await show_controls(page)
        count = last(page).get_by_role("button", name="Count")
        await count.press("Enter")
        await expect(last(page)).to_contain_text("Counted to 1")
        await expect(count).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(last(page)).to_contain_text("Counted to 2")
        await expect(last(page).get_by_role("button", name="Not now")).to_be_disabled()
        docs = last(page).get_by_role("link", name="Docs")
        await expect(docs).to_have_attribute("href", "https://example.com/docs")

    async def test_selects_of_one_and_of_many(self, page: Page) -> None:
        await show_controls(page)
        await last(page).get_by_role("button", name="Choose people").click()
        for name in ("Grace", "Ada"):
            await page.get_by_role("listbox").get_by_role("option", name=name).click()
        await page.get_by_role("button", name="Done").click()
        await expect(last(page)).to_contain_text("Gathered Ada and Grace")
        await page.get_by_role("button", name="Choose a fruit").last.press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(last(page)).to_contain_text("You chose apricot")

    async def test_what_is_pressed_stays_while_messages_come(
        self, page: Page, stand: Stand
    ) -> None:
        await show_controls(page)
        count = last(page).get_by_role("button", name="Count")
        await count.hover()
        await page.mouse.down()
        heard = await hearing(page, "Between down and up")
        await stand.channel("general").send("Between down and up")
        await heard
        await page.mouse.up()
        await expect(last(page)).to_contain_text("Between down and up")
        await expect(page.get_by_role("log")).to_contain_text("Counted to 1")

    async def test_a_modal_is_filled_in_and_sent(self, page: Page) -> None:
        await show_controls(page)
        await last(page).get_by_role("button", name="Feedback").click()
        modal = page.get_by_role("dialog", name="Feedback")
        await modal.get_by_role("button", name="Submit").click()
        await expect(modal.get_by_role("alert")).to_have_text("Subject is required.")
        await modal.get_by_label("Subject").fill("the page")
        await page.keyboard.press("Enter")
        await expect(modal).to_have_count(0)
        await expect(last(page)).to_contain_text("Thanks for the page")


class TestX:
    async def test_a_like_as_someone_new_is_one_in_the_world(
        self, page: Page, stand: Stand
    ) -> None:
        before = like_count(stand, OWN_POST)
        await card(page, OWN_POST).get_by_role("button", name="Like as someone new").click()
        await expect(card(page, OWN_POST).locator(".like-count")).to_have_text(str(before + 1))
        assert like_count(stand, OWN_POST) == before + 1

    async def test_a_chosen_person_likes_and_unlikes(self, page: Page, stand: Stand) -> None:
        before = like_count(stand, OTHERS_POST)
        post = card(page, OTHERS_POST)
        await post.get_by_role("button", name="Like as a person of your choice").click()
        await page.get_by_role("combobox", name="Search: Like as").fill("twittersupport")
        await page.keyboard.press("Enter")
        newest = post.get_by_role("list", name="Who likes this post").get_by_role("listitem").first
        await expect(newest).to_contain_text("Twitter Support")
        assert like_count(stand, OTHERS_POST) == before + 1
        await newest.get_by_role("button", name="Unlike as Twitter Support").click()
        await expect(post.locator(".like-count")).to_have_text(str(before))
        assert like_count(stand, OTHERS_POST) == before

    async def test_likes_of_the_crowd_arrive_without_reload(self, page: Page, stand: Stand) -> None:
        world = stand.x.world
        likers = card(page, OWN_POST).get_by_role("list", name="Who likes this post")
        for _ in range(2):
            fan = world.make_up_user()
            world.like(world.posts[OWN_POST], fan)
            await expect(likers.get_by_role("listitem").first).to_contain_text(f"@{fan.username}")

    async def test_a_post_is_written(self, page: Page) -> None:
        text = page.get_by_role("textbox", name="Text of a new post")
        await text.fill("Now with <b>pictures</b>")
        await page.get_by_role("button", name="Post", exact=True).click()
        await expect(page.get_by_text("Now with <b>pictures</b>")).to_be_visible()
        await expect(text).to_have_value("")

    async def test_the_switches_change_how_x_behaves(self, page: Page, stand: Stand) -> None:
        await open_x_settings(page)
        await page.get_by_role("switch", name="Likers are public").check()
        await expect(page.get_by_text("Anyone may see who liked a post")).to_be_visible()
        assert stand.x.world.settings.likers == "public"
        await page.get_by_role("switch", name="Likers are public").uncheck()
        await expect(page.get_by_text("likers private, liking refused")).to_be_visible()

    async def test_money_and_score_are_shown(self, page: Page) -> None:
        foot = page.get_by_role("complementary", name="X's side")
        # What others on this stand have asked of X is charged, too.
        await expect(foot).to_contain_text(re.compile(r"X has charged\$0\.00\d"))
        await expect(foot).to_contain_text("12 of 12 likes announced, 0 not yet, 0 twice")
        await expect(foot).to_contain_text("75 liker look-ups per 15 minutes")


class TestVisitors:
    async def test_the_hint_offers_a_post_that_is_not_watched_and_is_dismissed_for_good(
        self, visitors: Visitors, stand: Stand
    ) -> None:
        page = await visitors.come()
        hint = page.get_by_role("region", name="What to try")
        field = page.get_by_role("combobox", name="post, required")
        for watched, offered in (([], NEWEST_OWN_POST), ([NEWEST_OWN_POST], OWN_POST)):
            stand.score.watched = {str(post) for post in (*written_since(stand), *watched)}
            await hint.get_by_role("button", name="/watch add").click()
            await expect(field).to_have_value(f"https://x.com/TwitterDev/status/{offered}")
            await page.keyboard.press("Escape")
            await expect(field).to_have_count(0)
        await hint.get_by_role("button", name="Dismiss the hint").click()
        await page.reload()
        await expect(page.locator(".welcome")).to_be_visible()
        await expect(hint).to_have_count(0)

    async def test_a_phone_shows_one_column_at_a_time_and_options_in_one_line(
        self, visitors: Visitors
    ) -> None:
        page = await visitors.come(PHONE)
        tabs = page.get_by_role("navigation", name="Parts of the page")
        for name, inside in (("X", ".post"), ("Channels", ".channel"), ("Chat", ".welcome")):
            await tabs.get_by_role("button", name=name, exact=True).click()
            await expect(page.locator(inside).first).to_be_visible()
            assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        await expect(page.locator(".post").first).to_be_hidden()
        await page.get_by_role("button", name="/watch add").click()
        name = page.locator(".pill-name")
        await expect(name).to_have_text("post")
        lines = "node => { const r = document.createRange(); r.selectNodeContents(node);"
        assert await name.evaluate(f"{lines} return r.getClientRects().length; }}") == 1
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]

    async def test_what_was_missed_while_the_stream_was_cut_is_fetched(
        self, page: Page, stand: Stand
    ) -> None:
        stand.chat.events.close()
        await stand.channel("general").send("sent meanwhile")
        await expect(last(page)).to_contain_text("sent meanwhile")
