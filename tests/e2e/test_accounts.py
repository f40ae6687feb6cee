"""Members' own accounts, from /account link to what is forgotten."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.x.world.seed import TWITTER
from tests.e2e.at_x import (
    ENTER,
    PAGE,
    enter_pin,
    link_by_pin,
    link_in_browser,
    revoke,
    sees,
    tokens_of,
    x_pages,
)
from tests.e2e.harness import ADA, GENERAL, GRACE, LINUS, Scene, address
from tests.e2e.seen import Seen

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINKED = "### Linked as @Twitter"
NOT_ALLOWED = "Only managers of this server can like with the bot's account."


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(scene: Scene) -> AsyncIterator[Scene]:
    """The shared scene where liking is allowed, nothing is linked, and nothing is left behind."""
    await scene.x("POST", "/settings", {"liking": "allowed"})
    yield scene
    scene.mend()
    for member in (GRACE, LINUS):
        asked = await scene.command("forget-me", by=member)
        await scene.press(asked, "Delete it all", by=member)

    async def revoked() -> bool:
        await scene.command("account status", by=GRACE)  # the bot asks X after its answer
        return tokens_of(scene, TWITTER) == []

    await scene.keep_asking(revoked, "X has revoked what was forgotten")


async def test_in_the_browser_and_liking_as_oneself(fresh: Scene) -> None:
    scene, post = fresh, fresh.post()
    assert NOT_ALLOWED in (await scene.command("like", post=address(post), by=GRACE)).text

    answer, _ = await link_in_browser(scene, GRACE, TWITTER)
    await sees(scene, answer, LINKED)
    liked = await scene.command("like", post=address(post), by=GRACE)
    by_others = await scene.command("like", post=address(post), by=ADA)
    status = await scene.command("account status", by=GRACE)

    assert answer.private
    assert answer.acked_ms < 1000
    assert liked.text == "Liked as @Twitter."
    assert by_others.text == "Liked as @TwitterDev."
    assert TWITTER in post.likes
    assert "### Your X account is @Twitter" in status.text
    assert "like and unlike" in status.text
    assert "**Liking** allowed by X" in status.text


async def test_with_a_pin(fresh: Scene) -> None:
    scene, post = fresh, fresh.post()
    scene.like(post, scene.stage.x.world.users[TWITTER])
    answer = await scene.command("account link", by=LINUS)
    assert answer.message.buttons[ENTER]["custom_id"]
    async with x_pages(scene) as x:
        pin = await x.pin(answer.message.buttons[PAGE]["url"], TWITTER)

    wrong = await enter_pin(scene, answer, "0000000000")
    await enter_pin(scene, answer, pin)
    await sees(scene, answer, LINKED)
    unliked = await scene.command("unlike", post=address(post), by=LINUS)

    assert "That PIN didn't match. Check it" in wrong.messages[-1].text
    assert unliked.text == "Like taken back as @Twitter."
    assert TWITTER not in post.likes


async def test_the_author_is_told_what_x_tells_the_author_alone(fresh: Scene) -> None:
    scene = fresh
    post = scene.post("Mine", author_id=str(TWITTER), public_metrics={"impression_count": 4_321})
    answer = await link_by_pin(scene, GRACE, TWITTER)
    await sees(scene, answer, LINKED)

    for member in (GRACE, ADA):
        await scene.command("post", post=address(post), by=member)

    async def private_words(member: str) -> str | None:
        path = f"/sandbox/channels/{GENERAL}/messages?as={member}"
        async with scene.http.get(path) as response:
            seen = [Seen(message) for message in await response.json()]
        told = (one.text for one in seen if f"status/{post.id}" in one.text)
        return next((text for text in told if "Author-only numbers" in text), None)

    text = await scene.until(lambda: private_words(GRACE), "what X tells the author alone")
    assert "**Total** 4,321 views" in text
    assert "because it is a post of yours" in text
    # She may manage the server, but this is no post of the bot's account.
    assert await private_words(ADA) is None


async def test_ones_own_likes_are_shown_to_oneself_alone(fresh: Scene) -> None:
    scene = fresh
    scene.like(scene.post("Liked words"), scene.stage.x.world.users[TWITTER])
    answer = await link_by_pin(scene, GRACE, TWITTER)
    await sees(scene, answer, LINKED)

    own = await scene.command("liked", user="Twitter", by=GRACE)
    of_somebody = await scene.command("liked", user="Twitter", by=LINUS)

    assert own.private
    assert "Liked words" in own.text
    assert "only the account itself sees them" in of_somebody.text


async def test_unlinking(fresh: Scene) -> None:
    scene = fresh
    await link_by_pin(scene, LINUS, TWITTER)
    asked = await scene.command("account unlink", by=LINUS)
    linked = tokens_of(scene, TWITTER)
    await scene.press(asked, "Unlink", by=LINUS)

    assert "Unlink @Twitter?" in asked.text
    assert len(linked) == 1
    assert tokens_of(scene, TWITTER) == []
    await sees(scene, asked, "@Twitter is unlinked, and what X gave me is deleted here.")
    await sees(scene, asked, "X confirmed that it revoked my access.")
    status = await scene.command("account status", by=LINUS)
    assert status.text == "You haven't linked an X account yet. Use `/account link`."
    again = await scene.command("account unlink", by=LINUS)
    assert again.text == status.text


async def test_forgetting_all_of_somebody(fresh: Scene) -> None:
    scene, post = fresh, fresh.post()
    linking = await link_by_pin(scene, LINUS, TWITTER)
    await sees(scene, linking, LINKED)
    await scene.command("like", post=address(post), by=LINUS)

    asked = await scene.command("forget-me", by=LINUS)
    await scene.press(asked, "Delete it all", by=LINUS)
    await sees(scene, asked, "Your linked account @Twitter is unlinked")
    again = await scene.command("forget-me", by=LINUS)
    await scene.press(again, "Delete it all", by=LINUS)

    await sees(scene, again, "Nothing about you is stored here any more.")
    assert f"<@{LINUS}>" not in (await scene.command("audit")).text
    assert asked.private


async def test_own_accounts_only(fresh: Scene) -> None:
    scene, post = fresh, fresh.post()
    await scene.command("config own-accounts", only="true")
    refused = await scene.command("like", post=address(post), by=ADA)
    await link_in_browser(scene, GRACE, TWITTER)
    liked = await scene.command("like", post=address(post), by=GRACE)
    shown = await scene.command("config show")
    await scene.command("config own-accounts", only="false")
    after = await scene.command("like", post=address(post), by=ADA)

    assert "In this server members like with their own X accounts." in refused.text
    assert "Liked as @Twitter" in liked.text
    assert "each with their own linked account" in shown.text
    assert "Liked as @TwitterDev" in after.text


async def test_the_audit_says_who_did_what_and_what_x_said(fresh: Scene) -> None:
    scene, post = fresh, fresh.post()
    await link_in_browser(scene, GRACE, TWITTER)
    await scene.command("like", post=address(post), by=GRACE)
    await scene.x("POST", "/settings", {"liking": "refused"})
    await scene.command("like", post=address(post), by=ADA)
    await scene.command("status")  # so that it is tried again
    for _ in range(10):
        await scene.command("unlike", post=address(post), by=GRACE)

    first = await scene.command("audit")
    second = await scene.press(first, "Next")
    back = await scene.press(second, "Previous")

    assert first.private
    assert len(re.findall(f"<@{GRACE}> tried to take back the like of", first.text)) == 10
    assert f"<@{ADA}> tried to like [a post](https://x.com/i/status/{post.id}) as @TwitterDev" in (
        second.text
    )
    assert "X does not let this app like" in second.text
    assert f"<@{GRACE}> liked" in second.text
    assert back.text == first.text


async def test_status_says_what_x_allows_and_tries_again(fresh: Scene) -> None:
    scene, post = fresh, fresh.post()
    await scene.x("POST", "/settings", {"liking": "refused"})
    once = await scene.command("like", post=address(post))
    refused = await scene.command("like", post=address(post))
    await scene.x("POST", "/settings", {"liking": "allowed"})
    remembered = await scene.command("like", post=address(post))
    status = await scene.command("status")
    allowed = await scene.command("like", post=address(post))
    after = await scene.command("status")

    assert "You can like it yourself:" in refused.text
    assert remembered.text == refused.text == once.text
    assert "**Liking** refused by X <t:" in status.text
    assert "Liked as @TwitterDev" in allowed.text
    assert "**Liking** allowed" in after.text


async def test_a_counts_watch_names_people_once_the_author_links(fresh: Scene) -> None:
    scene = fresh
    post, channel_id = scene.post(author_id=str(TWITTER), likes=2), await scene.new_channel()
    added = await scene.command("watch add", post=address(post), channel=channel_id)
    scene.like(post)
    await scene.message_with("2 → 3 likes", channel_id)

    await link_in_browser(scene, GRACE, TWITTER)
    # Until it is read for the first time, the list says when it starts.
    await scene.repeat_until("watch list", "-# shows names")
    liker = scene.like(post)
    named = await scene.announcement(liker, channel_id)

    assert "If @Twitter links their X account with `/account link`" in added.text
    assert "liked a post by [@Twitter]" in named.text
    shown = await scene.command("likers", post=address(post))
    assert liker.name in shown.text


async def test_a_revoked_account_is_told_of_once_and_loses_no_like(fresh: Scene) -> None:
    scene = fresh
    await link_in_browser(scene, GRACE, TWITTER)
    post, channel_id = scene.post(author_id=str(TWITTER), likes=1), await scene.new_channel()
    added = await scene.command("watch add", post=address(post), channel=channel_id)
    assert "by name" in added.text
    revoke(scene, TWITTER)

    scene.like(post)
    await scene.message_with("1 → 2 likes", channel_id)
    for _ in range(2):
        scene.like(post)
        await scene.asked("GET /2/tweets")

    assert scene.bot.log.count("X no longer accepts a linked account") == 1
    status = await scene.command("account status", by=GRACE)
    assert "**X no longer accepts it.** Link it again with `/account link`." in status.text
    liked = await scene.command("like", post=address(post), by=GRACE)
    assert "X no longer accepts your linked account `@Twitter`." in liked.text
    assert "X no longer accepts" not in (await scene.command("status")).text
