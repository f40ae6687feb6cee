"""What a member does at X, and on the bot's own page, to link an account."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from tests.e2e.harness import Scene
from tests.e2e.seen import Answer, Seen
from tests.linking import X, a_browser

BROWSER, ENTER, PAGE = "Link in the browser", "Enter the PIN", "Get a PIN from X"


@asynccontextmanager
async def x_pages(scene: Scene) -> AsyncIterator[X]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield X(scene.stage.x, scene.settings["X_API_URL"], http)


async def link_in_browser(scene: Scene, by: str, user_id: int) -> tuple[Answer, URL]:
    """Link an account by the browser; return Discord's answer, and where X sent the browser."""
    answer = await scene.command("account link", by=by)
    async with x_pages(scene) as x, a_browser() as browser:
        link = answer.message.buttons[BROWSER]["url"]
        back = await x.approve(await browser.ask(link), user_id)
        status, page = await browser.open(back)
    assert (status, "Your X account is linked" in page) == (200, True), page
    return answer, back


async def enter_pin(scene: Scene, answer: Answer, pin: str) -> Answer:
    """Press the button for the PIN, and hand its form in."""
    pressed = await scene.press(answer, ENTER, by=answer.user_id)
    form = pressed.raw["modal"]
    handed_in = {"modal": {"custom_id": form["custom_id"], "values": {"pin": pin}}}
    return await scene._interact(handed_in, by=answer.user_id, where=answer.channel_id)


async def link_by_pin(scene: Scene, by: str, user_id: int) -> Answer:
    answer = await scene.command("account link", by=by)
    async with x_pages(scene) as x:
        pin = await x.pin(answer.message.buttons[PAGE]["url"], user_id)
    await enter_pin(scene, answer, pin)
    return answer


async def sees(scene: Scene, answer: Answer, text: str) -> Seen:
    """Wait until an answer that only this member sees says this."""
    return await _seen_alone(scene, answer, text, is_answer=True)


async def sees_more(scene: Scene, answer: Answer, text: str) -> Seen:
    """Wait until another message that only this member sees says this."""
    return await _seen_alone(scene, answer, text, is_answer=False)


async def _seen_alone(scene: Scene, answer: Answer, text: str, *, is_answer: bool) -> Seen:
    path = f"/sandbox/channels/{answer.channel_id}/messages?as={answer.user_id}"

    async def look() -> Seen | None:
        async with scene.http.get(path) as response:
            messages = [Seen(message) for message in await response.json()]
        return next(
            (
                one
                for one in messages
                if (one.id == answer.messages[0].id) is is_answer and text in one.text
            ),
            None,
        )

    return await scene.until(look, f"{text!r} for a member")


def tokens_of(scene: Scene, user_id: int) -> list[str]:
    """Return the tokens of a user that X accepts now."""
    tokens = scene.stage.x._tokens
    given = (*tokens._oauth1.values(), *tokens._oauth2.values())
    return [token.token for token in given if token.user_id == user_id]


def revoke(scene: Scene, user_id: int) -> None:
    """Let somebody take back at X what they gave the app."""
    for token in tokens_of(scene, user_id):
        scene.stage.x._tokens.revoke(token)
