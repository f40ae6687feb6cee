"""Answers that no library would send, or not at that moment, and what becomes of them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.sandbox.discord.raw import RawBot, connected
from tests.sandbox.discord.sending import button, row, send
from tests.sandbox.discord.server import BOT, GENERAL, GRACE, LIKES, LINUS, Server


@pytest.fixture
async def raw(server: Server) -> AsyncIterator[RawBot]:
    async with connected(server) as bot:
        yield bot


@pytest.mark.parametrize(("seconds", "status"), [(2.9, 204), (3.1, 404)])
async def test_an_answer_has_three_seconds(
    server: Server, raw: RawBot, monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    clock = server.sandbox.clock
    began = clock.time()
    monkeypatch.setattr(clock, "time", lambda: began)
    async with raw.asked(command="hello") as asked:
        monkeypatch.setattr(clock, "time", lambda: began + seconds)
        answer = await raw.answer(asked, 4, {"content": "x"})
        await server.control("POST", "/clock", {"advance_s": 0})

    assert answer.status == status


async def test_an_answer_is_taken_back(server: Server, raw: RawBot) -> None:
    async with raw.asked(command="hello") as asked:
        await raw.say(asked)
    original = f"/webhooks/{BOT}/{asked['token']}/messages/@original"

    assert (await server.rest("GET", original)).body["content"] == "x"
    assert (await server.rest("DELETE", original)).status == 204
    assert await server.read(GENERAL) == []
    for method in ("GET", "DELETE"):
        gone = await server.rest(method, original)
        assert (gone.status, gone.body["code"]) == (404, 10008)


async def test_a_private_message_is_nobody_elses_to_use(server: Server, raw: RawBot) -> None:
    async with raw.asked(command="hello", user_id=GRACE) as asked:
        await raw.say(asked, "psst", flags=1 << 6, components=[row(button())])
    [message] = await server.read(GENERAL, GRACE)
    uses: list[dict[str, Any]] = [
        {"component": {"message_id": message["id"], "custom_id": "press"}},
        {"command": "Look", "target_id": message["id"]},
    ]

    for use in uses:
        refused = await server.control("POST", "/interactions", {**use, "user_id": LINUS})
        sentence = f"there is no message {message['id']} in this channel"
        assert (refused.status, refused.body["error"]) == (400, sentence)
        async with raw.asked(**use, user_id=GRACE) as asked:
            await raw.say(asked)


async def test_a_choice_that_completes_has_100_characters(raw: RawBot) -> None:
    typed = {"command": "find", "options": {"word": "w"}, "focused": "word"}
    async with raw.asked(autocomplete=typed) as asked:
        wrong = {"choices": [{"name": "w", "value": "w" * 101}]}
        refused = await raw.answer(asked, 8, wrong)
        taken = await raw.answer(asked, 8, {"choices": [{"name": "w", "value": "w" * 100}]})

    errors = refused.body["errors"]["data"]["choices"]["0"]["value"]["_errors"]
    assert (refused.status, errors[0]["code"]) == (400, "BASE_TYPE_MAX_LENGTH")
    assert taken.status == 204


@pytest.mark.parametrize(
    ("kind", "chosen", "resolved"),
    [
        (6, ["Admins"], ["roles"]),
        (7, ["grace", "Admins"], ["members", "roles", "users"]),
    ],
)
async def test_roles_and_members_are_chosen_by_name(
    server: Server, raw: RawBot, kind: int, chosen: list[str], resolved: list[str]
) -> None:
    chooser = {"type": kind, "custom_id": "who", "max_values": 2}
    message = await send(server, {"content": "x", "components": [row(chooser)]})
    use = {"message_id": message["id"], "custom_id": "who", "values": chosen}
    async with raw.asked(component=use, channel_id=LIKES) as asked:
        await raw.say(asked)

    assert sorted(asked["data"]["resolved"]) == resolved
    found = {**asked["data"]["resolved"].get("users", {}), **asked["data"]["resolved"]["roles"]}
    names = [
        found[value].get("username") or found[value]["name"] for value in asked["data"]["values"]
    ]
    assert names == chosen


@pytest.mark.usefixtures("raw")
@pytest.mark.parametrize(("kind", "wrong"), [(6, "grace"), (6, "none"), (7, "none")])
async def test_nobody_is_chosen_who_is_not_offered(server: Server, kind: int, wrong: str) -> None:
    chooser = {"type": kind, "custom_id": "who"}
    message = await send(server, {"content": "x", "components": [row(chooser)]})
    use = {"message_id": message["id"], "custom_id": "who", "values": [wrong]}
    refused = await server.control("POST", "/interactions", {"component": use, "channel_id": LIKES})
    assert (refused.status, refused.body["error"]) == (400, f"{wrong} is not a role here")


async def test_a_refused_modal_is_not_shown(server: Server, raw: RawBot) -> None:
    modal = {"custom_id": "form", "title": "t" * 46, "components": [{"type": 10, "content": "x"}]}
    async with raw.asked(command="hello") as asked:
        refused = await raw.answer(asked, 9, modal)
        await raw.say(asked)

    errors = refused.body["errors"]["data"]["title"]["_errors"]
    assert (refused.status, errors[0]["code"]) == (400, "BASE_TYPE_BAD_LENGTH")
    handed_in = {"modal": {"custom_id": "form", "values": {}}}
    unknown = await server.control("POST", "/interactions", handed_in)
    assert unknown.body["error"] == "no modal form is open"
