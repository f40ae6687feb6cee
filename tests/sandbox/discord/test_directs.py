"""Direct messages between the bot and a user."""

import pytest

from tests.sandbox.discord.server import ADA, GUILD, Server

HELLO = {"content": "Hello"}


async def opened(server: Server, user_id: str = ADA) -> str:
    answer = await server.rest("POST", "/users/@me/channels", {"recipient_id": user_id})
    assert answer.status == 200
    assert (answer.body["type"], answer.body["recipients"][0]["id"]) == (1, user_id)
    return str(answer.body["id"])


async def test_they_are_opened_once_and_hold_messages(server: Server) -> None:
    place = await opened(server)
    assert await opened(server) == place
    sent = await server.rest("POST", f"/channels/{place}/messages", HELLO)
    assert sent.status == 200
    (read,) = (await server.rest("GET", f"/channels/{place}/messages")).body
    assert (read["id"], read["content"]) == (sent.body["id"], "Hello")
    shown = (await server.rest("GET", f"/channels/{place}")).body
    assert (shown["type"], shown["last_message_id"]) == (1, read["id"])
    assert [guild["id"] for guild in (await server.rest("GET", "/users/@me/guilds")).body] == [
        GUILD
    ]


@pytest.mark.parametrize("how", ["closed", "no server in common"])
async def test_who_takes_no_messages_gets_none(server: Server, how: str) -> None:
    place = await opened(server)
    if how == "closed":
        server.sandbox.world.takes_no_messages.add(int(ADA))
    else:
        await server.control("DELETE", f"/guilds/{GUILD}/bot")
    refused = await server.rest("POST", f"/channels/{place}/messages", HELLO)
    assert (refused.status, refused.body["code"]) == (403, 50007)


@pytest.mark.parametrize(("recipient", "status"), [("1", 404), ("", 400), (None, 400), ("a", 400)])
async def test_nobody_is_no_recipient(server: Server, recipient: object, status: int) -> None:
    answer = await server.rest("POST", "/users/@me/channels", {"recipient_id": recipient})
    assert answer.status == status
