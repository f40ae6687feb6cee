"""The gateway: who gets in, and that nothing is lost when a connection is."""

import asyncio
import json
import zlib

import discord
import pytest

from sandbox.discord.gateway import server as gateway
from sandbox.discord.gateway.codec import ZstdCodec
from sandbox.discord.seed import TOKEN
from tests.sandbox.discord.raw import identified
from tests.sandbox.discord.sample import SampleBot
from tests.sandbox.discord.server import GENERAL, GRACE, LIKES, Server

QUIET = discord.Intents(guilds=True, guild_messages=True)


async def write(server: Server, content: str) -> None:
    body = {"user_id": GRACE, "content": content}
    await server.control("POST", f"/channels/{GENERAL}/messages", body)


async def test_a_bot_hears_of_its_server(server: Server, bot: SampleBot) -> None:
    guild = bot.get_guild(server.sandbox.guild_id)
    assert guild is not None
    assert [channel.name for channel in guild.text_channels][:2] == ["general", "likes"]
    assert guild.me.display_name == "Likecord"
    assert len(guild.members) == 1, "without the intent, a bot sees only itself"
    assert (await server.control("GET", "/world")).body["connected"] is True


async def test_a_wrong_token_is_turned_away(at_sandbox: Server) -> None:
    async with SampleBot(QUIET) as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")
    async with at_sandbox.session.ws_connect(at_sandbox.gateway) as ws:
        await ws.receive_json()
        await ws.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
        assert (await ws.receive()).data == 4004


async def test_a_privileged_intent_must_be_switched_on(at_sandbox: Server) -> None:
    async with SampleBot(discord.Intents(message_content=True, guilds=True)) as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(at_sandbox.sandbox.token)


async def test_the_content_of_messages_is_for_those_who_asked(
    server: Server, bot: SampleBot
) -> None:
    await write(server, "a secret")
    assert (await bot.until("message")).content == ""
    await write(server, f"hello <@{server.sandbox.application_id}>")
    assert (await bot.until("message")).content.startswith("hello")


@pytest.mark.parametrize("fault", ["drop", "reconnect"])
async def test_nothing_is_lost_when_a_connection_is(
    server: Server, bot: SampleBot, fault: str
) -> None:
    async with server.sandbox.events.listen() as events:
        await server.control("POST", "/faults", {"gateway": fault})
        async for event in events:
            if event.type == "bot.connected":
                assert event.data == {"connected": False}
                break
    await server.control("POST", "/channels", {"name": "new"})
    await write(server, "while you were away")

    assert await bot.until("channel") == "new"
    await bot.until("message")
    await bot.until("resumed")
    await write(server, "back")
    await bot.until("message")


async def test_an_invalid_session_begins_anew(server: Server, bot: SampleBot) -> None:
    before = bot.ws.session_id
    await server.control("POST", "/faults", {"gateway": "invalid_session"})

    await bot.until("ready")
    assert bot.ws.session_id != before
    assert (await server.ask("hello"))["messages"][0]["content"] == "hello"


async def test_a_session_is_forgotten_after_a_while(server: Server) -> None:
    ws, session_id = await identified(server)
    await ws.close(code=4000)
    server.sandbox.clock.advance(301)
    async with server.session.ws_connect(server.gateway) as again:
        await again.receive_json()
        await again.send_json(resume(server, session_id, 1))
        assert (await again.receive_json())["op"] == 9


async def test_closing_with_1000_ends_the_session(server: Server) -> None:
    ws, session_id = await identified(server)
    async with server.sandbox.events.listen() as events:
        await ws.close(code=1000)
        await anext(events)
    async with server.session.ws_connect(server.gateway) as again:
        await again.receive_json()
        await again.send_json(resume(server, session_id, 1))
        assert (await again.receive_json())["op"] == 9


async def test_shards_hold_their_own_servers(server: Server) -> None:
    mine = (server.sandbox.guild_id >> 22) % 2
    for number in (0, 1):
        ws, _ = await identified(server, shard=[number, 2], intents=1)
        await ws.send_json({"op": 1, "d": None})
        received = await ws.receive_json()
        assert (received.get("t") == "GUILD_CREATE") == (number == mine)
        await ws.close()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("no json", 4002),
        (json.dumps({"op": 99}), 4003),
        (json.dumps({"op": 2, "d": {"token": TOKEN, "intents": 1 << 60}}), 4013),
        (
            json.dumps({"op": 2, "d": {"token": TOKEN, "intents": 0, "shard": [2, 1]}}),
            4010,
        ),
    ],
)
async def test_close_codes(server: Server, payload: str, code: int) -> None:
    async with server.session.ws_connect(server.gateway) as ws:
        await ws.receive_json()
        await ws.send_str(payload)
        assert (await ws.receive()).data == code


async def test_heartbeats_are_answered(server: Server) -> None:
    async with server.session.ws_connect(server.gateway) as ws:
        assert (await ws.receive_json())["d"]["heartbeat_interval"] > 0
        await ws.send_json({"op": 1, "d": None})
        assert (await ws.receive_json())["op"] == 11


async def test_a_client_without_a_heartbeat_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "HEARTBEAT_INTERVAL_MS", 20)
    async with server.session.ws_connect(server.gateway) as ws:
        await ws.receive_json()
        assert (await ws.receive(timeout=10)).data == 4009


async def test_the_answer_to_a_heartbeat_takes_its_time(server: Server) -> None:
    clock = asyncio.get_running_loop().time
    async with server.session.ws_connect(server.gateway) as ws:
        await ws.receive_json()
        sent_at = clock()
        await ws.send_json({"op": 1, "d": None})
        assert (await ws.receive_json())["op"] == 11

        assert clock() - sent_at > 0.05, "discord.py's thread must be ready for it"


async def test_a_compressed_stream(server: Server) -> None:
    async with server.session.ws_connect(f"{server.gateway}?compress=zlib-stream") as ws:
        stream = zlib.decompressobj()
        assert json.loads(stream.decompress((await ws.receive()).data))["op"] == 10
        await ws.send_json({"op": 1, "d": None})
        assert json.loads(stream.decompress((await ws.receive()).data))["op"] == 11


def test_a_zstd_stream() -> None:
    zstd = pytest.importorskip("compression.zstd", reason="zstd is in Python from 3.14")
    codec, stream = ZstdCodec(), zstd.ZstdDecompressor()
    for payload in ({"op": 10}, {"d": "x" * 300_000}, {"op": 11}):
        assert json.loads(stream.decompress(codec.encode(payload))) == payload


async def test_members_are_sent_on_request(at_sandbox: Server) -> None:
    at_sandbox.sandbox.world.application.privileged_intents = 1 << 1
    ws, _ = await identified(at_sandbox, intents=1 << 1)
    asked = {"guild_id": str(at_sandbox.sandbox.guild_id), "query": "gr", "limit": 5, "nonce": "n"}
    await ws.send_json({"op": 8, "d": asked})
    chunk = (await ws.receive_json())["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["grace"]
    assert chunk["nonce"] == "n"
    await ws.close()


async def test_the_server_closes_its_connections(server: Server) -> None:
    ws, _ = await identified(server)
    await asyncio.wait_for(asyncio.gather(server.sandbox.close(), ws.receive()), 5)
    assert ws.close_code == 1001
    assert not server.sandbox.connected


async def test_a_hidden_channel_is_silent(server: Server, bot: SampleBot) -> None:
    await server.control("PATCH", f"/channels/{LIKES}", {"deny": ["view_channel"]})
    await server.control("POST", f"/channels/{LIKES}/messages", {"content": "hidden"})
    await write(server, "open")
    assert (await bot.until("message")).channel.name == "general"


def resume(server: Server, session_id: str, seq: int) -> dict:
    data = {"token": server.sandbox.token, "session_id": session_id, "seq": seq}
    return {"op": 6, "d": data}
