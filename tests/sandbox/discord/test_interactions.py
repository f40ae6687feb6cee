"""What members do and what they see of the answers, with discord.py on the other side."""

import asyncio
from typing import Any

import discord
import pytest

from sandbox.discord.interactions import outcome
from sandbox.discord.world import Guild
from tests.cases import in_turn
from tests.patience import GUARD_S
from tests.sandbox.discord.sample import SampleBot
from tests.sandbox.discord.server import ADA, BOT, GENERAL, GRACE, GUILD, LINUS, STAFF, Server

pytestmark = pytest.mark.usefixtures("bot")


async def ask_until(server: Server, happened: asyncio.Event, **body: Any) -> dict:
    """Do something that the bot does not answer, and let the time for it run out."""
    async with asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(server.interact(**body))
        await happened.wait()
        await server.control("POST", "/clock", {"advance_s": 3.1})
    return asked.result()


def said(result: dict) -> list[str]:
    return [message["content"] for message in result["messages"]]


async def test_a_direct_answer(server: Server) -> None:
    result = await server.ask("hello")

    assert said(result) == ["hello"]
    assert (result["deferred"], result["ephemeral"]) == (False, False)
    assert 0 < result["acked_ms"] < 3000
    assert "error" not in result
    message = result["messages"][0]
    assert message["author"]["avatar_url"].startswith(f"{server.url}/sandbox/avatars/")
    assert message["interaction_metadata"]["user"]["id"] == ADA
    assert [message["content"] for message in await server.read(GENERAL, GRACE)] == ["hello"]


async def test_an_ephemeral_answer_is_seen_by_one_person(server: Server) -> None:
    result = await server.ask("whisper", user_id=GRACE)

    assert said(result) == ["psst"]
    assert result["ephemeral"]
    assert [message["content"] for message in await server.read(GENERAL, GRACE)] == ["psst"]
    assert await server.read(GENERAL, LINUS) == await server.read(GENERAL) == []
    listed = await server.rest("GET", f"/channels/{GENERAL}/messages")
    assert listed.body == []
    message_id = result["messages"][0]["id"]
    one = await server.rest("GET", f"/channels/{GENERAL}/messages/{message_id}")
    assert one.body["code"] == 10008


async def test_a_deferred_answer_is_waited_for(server: Server, bot: SampleBot) -> None:
    late = await server.ask("slow", timeout_s=0.2)
    assert late["deferred"]
    assert "did not come" in late["error"]
    assert late["messages"][0]["flags"] == 1 << 7

    bot.release.set()
    result = await server.ask("slow", {"hidden": True})
    assert said(result) == ["done", "and more"]
    assert (result["deferred"], result["ephemeral"]) == (True, True)
    assert [message["flags"] for message in result["messages"]] == [64, 64]
    assert bot.failures == []


async def test_follow_ups(server: Server, bot: SampleBot) -> None:
    result = await server.ask("follow")

    assert said(result) == ["here it is", "after here it is"]
    first, second = result["messages"]
    assert first["flags"] & 64, "the first follow-up takes the place that the deferral reserved"
    assert second["message_reference"]["message_id"] == first["id"]
    assert bot.failures == []


async def test_no_answer(server: Server, bot: SampleBot) -> None:
    result = await ask_until(server, bot.called, command="silent")

    assert result["error"] == "The application did not respond"
    assert result["acked_ms"] is None
    assert result["messages"] == []


async def test_a_second_answer_is_refused(server: Server, bot: SampleBot) -> None:
    assert said(await server.ask("twice")) == ["once"]
    await bot.failed.wait()

    failure = bot.failures[0]
    assert isinstance(failure, discord.HTTPException)
    assert (failure.status, failure.code) == (400, 40060)


async def test_an_answer_after_three_seconds_is_refused(server: Server, bot: SampleBot) -> None:
    async def late(interaction: discord.Interaction) -> None:
        await server.control("POST", "/clock", {"advance_s": 3.1})
        await interaction.response.send_message("late")

    bot.tree.remove_command("hello")
    bot.tree.command(name="hello", description="Answer late")(late)

    assert (await server.ask("hello"))["error"] == "The application did not respond"
    await bot.failed.wait()
    assert isinstance(bot.failures[0], discord.NotFound)
    assert bot.failures[0].code == 10062


async def test_an_interactions_token_lives_for_fifteen_minutes(
    server: Server, bot: SampleBot
) -> None:
    kept: list[discord.Interaction] = []
    bot.tree.interaction_check = lambda interaction: _keep(kept, interaction)  # type: ignore[method-assign]
    await server.ask("hello")

    server.sandbox.clock.advance(14 * 60)
    await kept[0].followup.send("in time")
    server.sandbox.clock.advance(2 * 60)
    with pytest.raises(discord.HTTPException) as refused:
        await kept[0].followup.send("too late")
    assert (refused.value.status, refused.value.code) == (401, 50027)


async def _keep(kept: list[discord.Interaction], interaction: discord.Interaction) -> bool:
    kept.append(interaction)
    return True


async def test_what_an_answer_may_not_hold(server: Server, bot: SampleBot) -> None:
    await ask_until(server, bot.failed, command="flood")

    failure = bot.failures[0]
    assert isinstance(failure, discord.HTTPException)
    assert failure.code == 50035
    assert "data.content: Must be 2000 or fewer in length" in failure.text


async def test_subcommands(server: Server) -> None:
    assert said(await server.ask("watch add", {"post": "20"})) == ["watching 20"]
    result = await server.ask("/watch rule set", {"level": 3})
    assert said(result) == ["level 3"]
    assert result["messages"][0]["interaction_metadata"]["name"] == "watch rule set"


EVERY_OPTION = {
    "text": "abc",
    "number": 7,
    "flag": True,
    "member": "grace",
    "channel": "#likes",
    "role": "Readers",
    "anyone": "Admins",
    "ratio": 0.5,
    "file": {"filename": "note.txt", "content": "inside"},
    "size": 10,
}


async def test_every_kind_of_option(server: Server) -> None:
    result = await server.ask("options", EVERY_OPTION)

    expected = ["abc", 7, True, "grace", "likes", "Readers", "Admins", 0.5, "inside", 10]
    assert said(result) == [str(expected)]


@in_turn(
    "command, options, reason",
    [
        ("nothing", {}, "there is no command /nothing"),
        ("watch", {}, "/watch is unfinished"),
        ("watch add more", {"post": "1"}, "there is no command /watch add more"),
        ("watch add", {}, "the option post is required"),
        ("watch add", {"post": "1", "else": 1}, "no option else"),
        ("watch rule set", {"level": "high"}, "not a value"),
        ("watch rule set", {"level": 1.5}, "not a value"),
        ("options", {"text": "abcdef"}, "text must be at most 5"),
        ("options", {"text": "abc", "number": 0}, "number must be at least 1"),
        ("options", {"text": "abc", "number": 1, "flag": "maybe"}, "not a value"),
        ("options", {"text": "abc", "number": 1, "flag": True, "member": "x"}, "not a member"),
        ("options", {**EVERY_OPTION, "size": 11}, "11 is none of the choices of the option size"),
    ],
)
async def test_what_the_client_would_not_send(
    server: Server, command: str, options: dict, reason: str
) -> None:
    answer = await server.control("POST", "/interactions", {"command": command, "options": options})

    assert answer.status == 400
    assert reason in answer.body["error"]


async def ask_elsewhere(server: Server, **place: Any) -> tuple[int, str]:
    answer = await server.control("POST", "/interactions", {"command": "hello", **place})
    return answer.status, answer.body.get("error", "")


async def test_the_server_asked_in_must_hold_the_channel(server: Server) -> None:
    world = server.sandbox.world
    world.guilds[5] = Guild(5, "Elsewhere", int(ADA))

    assert await ask_elsewhere(server, guild_id=GUILD, channel_id=GENERAL) == (200, "")
    assert await ask_elsewhere(server, guild_id="5", channel_id=GENERAL) == (
        400,
        f"the server 5 has no channel {GENERAL}",
    )
    assert await ask_elsewhere(server, guild_id="6", channel_id=GENERAL) == (404, "Unknown Guild")


async def test_a_bot_asks_nothing(server: Server) -> None:
    assert await ask_elsewhere(server, user_id=BOT) == (
        400,
        "a bot uses no commands, components or modals",
    )


async def test_autocomplete(server: Server) -> None:
    typed = {"command": "complete", "options": {"count": 2, "word": "a"}, "focused": "word"}
    result = await server.interact(autocomplete=typed)

    assert [choice["name"] for choice in result["choices"]] == ["a0", "a1"]
    assert result["messages"] == []


async def test_autocomplete_takes_25_choices(server: Server, bot: SampleBot) -> None:
    typed = {"command": "complete", "options": {"count": 1, "word": "many"}, "focused": "word"}
    result = await ask_until(server, bot.failed, autocomplete=typed)

    assert "choices" not in result
    assert result["error"] == "The application did not respond"
    assert isinstance(bot.failures[0], discord.HTTPException)
    assert bot.failures[0].code == 50035


async def test_buttons(server: Server) -> None:
    message = (await server.ask("hello"))["messages"][0]

    def press(custom_id: str) -> dict:
        return {"component": {"message_id": message["id"], "custom_id": custom_id}}

    result = await server.interact(**press("more"))
    assert said(result) == ["more"]
    assert result["messages"][0]["id"] == message["id"]
    result = await server.interact(**press("later"))
    assert said(result) == ["later"]
    assert result["deferred"]
    off = await server.control("POST", "/interactions", press("off"))
    assert (off.status, off.body["error"]) == (400, "the component off is disabled")
    unknown = await server.control("POST", "/interactions", press("none"))
    assert unknown.status == 400


async def press(server: Server, custom_id: str, **more: Any) -> dict:
    """Press a button of a fresh panel."""
    message = (await server.ask("hello"))["messages"][0]
    pressed = {"message_id": message["id"], "custom_id": custom_id}
    return await server.interact(component=pressed, **more)


async def test_a_deferred_update_promises_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "UPDATE_SECONDS", 0.05)
    async with asyncio.timeout(GUARD_S):
        result = await press(server, "nothing", timeout_s=60)

    assert "error" not in result
    assert result["deferred"]
    assert said(result) == ["hello"]


@pytest.mark.parametrize("edited", ["later", "aside"])
async def test_a_deferred_update_is_whole_once_its_message_is_edited(
    server: Server, monkeypatch: pytest.MonkeyPatch, edited: str
) -> None:
    monkeypatch.setattr(outcome, "UPDATE_SECONDS", 60)
    async with asyncio.timeout(GUARD_S):
        result = await press(server, edited, timeout_s=60, settle_s=0)

    assert "error" not in result
    assert said(result) == [edited]


async def test_selects(server: Server) -> None:
    message = (await server.ask("hello"))["messages"][0]

    def choose(custom_id: str, *values: str) -> dict:
        chosen = {"message_id": message["id"], "custom_id": custom_id, "values": list(values)}
        return {"component": chosen, "user_id": GRACE}

    result = await server.interact(**choose("pick", "red", "blue"))
    assert said(result) == ["red blue"]
    assert result["ephemeral"]
    assert said(await server.interact(**choose("where", "likes"))) == ["likes"]
    for wrong in (choose("pick"), choose("pick", "pink"), choose("pick", "red", "green", "blue")):
        assert (await server.control("POST", "/interactions", wrong)).status == 400


async def test_modals(server: Server) -> None:
    message = (await server.ask("hello"))["messages"][0]
    pressed = {"message_id": message["id"], "custom_id": "ask"}
    shown = await server.interact(component=pressed)
    assert shown["modal"]["title"] == "A form"
    assert shown["messages"] == []

    short = {"modal": {"custom_id": "form", "values": {"name": "x"}}}
    assert (await server.control("POST", "/interactions", short)).status == 400
    filled = {"custom_id": "form", "values": {"name": "Grace", "colour": ["red"]}}
    assert said(await server.interact(modal=filled)) == ["hello Grace ['red']"]
    again = await server.control("POST", "/interactions", {"modal": filled})
    assert (again.status, again.body["error"]) == (400, "no modal form is open")


async def test_context_menus(server: Server) -> None:
    written = await server.control(
        "POST", f"/channels/{GENERAL}/messages", {"user_id": GRACE, "content": "look"}
    )
    target = written.body["id"]

    assert said(await server.interact(command="Show likes", target_id=target)) == ["likes of look"]
    assert said(await server.interact(command="Who is this", target_id=LINUS)) == ["Linus"]


async def test_commands_are_for_those_who_may_use_them(server: Server) -> None:
    refused = await server.ask("manage", user_id=GRACE)
    assert refused["error"] == "missing permissions"
    assert refused["messages"] == []
    assert said(await server.ask("manage")) == ["(True, True)"]
    assert said(await server.ask("manage", channel_id=STAFF)) == ["(True, False)"]

    async def names(query: str) -> set[str]:
        return {one["name"] for one in (await server.control("GET", f"/commands{query}")).body}

    assert await names("") - await names(f"?user_id={GRACE}") == {"manage"}


async def test_a_picture_in_components_v2(server: Server) -> None:
    result = await server.ask("chart")

    message = result["messages"][0]
    assert message["flags"] == 1 << 15
    container = message["components"][0]
    media = container["components"][2]["items"][0]["media"]
    assert (media["width"], media["height"]) == (3, 2)
    async with server.session.get(media["url"]) as response:
        assert response.content_type == "image/png"
        assert len(await response.read()) > 20
