"""Threads, servers that the bot is removed from, and what Discord refuses and limits."""

import asyncio
from dataclasses import replace
from typing import Any

import discord
import pytest

from sandbox.discord.permissions import Permission
from tests.sandbox.discord.sample import SampleBot, running
from tests.sandbox.discord.sending import MESSAGES
from tests.sandbox.discord.server import ADA, BOT, GENERAL, GUILD, LIKES, Answer, Server

COMMANDS = f"/applications/{BOT}/commands"
GUILD_COMMANDS = f"/applications/{BOT}/guilds/{GUILD}/commands"
HELLO = {"name": "hello", "description": "Say hello"}


class Listener(SampleBot):
    """Notes what happens to places."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.put_nowait((event, args[-1] if args else None))
        super().dispatch(event, *args, **kwargs)


async def opened(server: Server, **more: Any) -> str:
    body = {"parent_id": GENERAL, "name": "aside", **more}
    thread_id: str = (await server.control("POST", "/threads", body)).body["id"]
    return thread_id


async def change(server: Server, thread_id: str, **how: bool) -> None:
    assert (await server.control("PATCH", f"/threads/{thread_id}", how)).status == 200


async def say(server: Server, channel_id: str, content: str = "x") -> Answer:
    return await server.rest("POST", f"/channels/{channel_id}/messages", {"content": content})


async def test_a_thread_is_told_of_listed_and_written_to(server: Server) -> None:
    thread_id = await opened(server)
    shown = await server.rest("GET", f"/channels/{thread_id}")
    assert (shown.body["type"], shown.body["parent_id"]) == (11, GENERAL)
    assert (await say(server, thread_id)).status == 200
    assert len(await server.read(thread_id)) == 1
    active = (await server.rest("GET", f"/guilds/{GUILD}/threads/active")).body
    assert [one["id"] for one in active["threads"]] == [thread_id]
    assert (await server.control("DELETE", f"/channels/{thread_id}")).status == 204
    assert (await say(server, thread_id)).body["code"] == 10003


async def test_a_post_of_a_forum_has_the_forums_tags_alone(server: Server) -> None:
    made = {"name": "showcase", "kind": "forum", "tags": ["Launch", "Talk"]}
    forum = (await server.control("POST", "/channels", made)).body
    ids = {tag["name"]: tag["id"] for tag in forum["available_tags"]}
    threads = f"/channels/{forum['id']}/threads"
    post = {"name": "First", "message": {"content": "Hello"}}

    tagged = await server.rest("POST", threads, {**post, "applied_tags": [ids["Talk"]]})
    untagged = await server.rest("POST", threads, post)
    unknown = await server.rest("POST", threads, {**post, "applied_tags": [GENERAL]})
    six = await server.rest("POST", threads, {**post, "applied_tags": [ids["Talk"]] * 6})

    assert tagged.body["applied_tags"] == [ids["Talk"]]
    assert untagged.body["applied_tags"] == []
    assert unknown.body["code"] == 10087
    assert six.body["code"] == 50035


async def test_who_added_the_bot_is_told_to_those_who_may_read_the_audit_log(
    server: Server,
) -> None:
    guild = server.sandbox.world.guilds[int(GUILD)]
    audit_log = f"/guilds/{GUILD}/audit-logs?action_type=28"
    assert (await server.rest("GET", audit_log)).body["code"] == 50013
    everyone = guild.everyone
    seeing = everyone.permissions | Permission.VIEW_AUDIT_LOG
    guild.roles[everyone.id] = replace(everyone, permissions=seeing)
    await server.control("DELETE", f"/guilds/{GUILD}/bot")
    await server.control("PUT", f"/guilds/{GUILD}/bot", {"by": ADA})

    answer = (await server.rest("GET", audit_log)).body

    (entry,) = answer["audit_log_entries"]
    assert (entry["user_id"], entry["target_id"], entry["action_type"]) == (ADA, BOT, 28)
    assert [user["id"] for user in answer["users"]] == sorted([ADA, BOT])
    other = await server.rest("GET", f"/guilds/{GUILD}/audit-logs?action_type=1")
    assert other.body["audit_log_entries"] == []


async def test_threads_go_with_their_channel(server: Server) -> None:
    thread_id = await opened(server)
    await server.control("DELETE", f"/channels/{GENERAL}")
    assert (await say(server, thread_id)).body["code"] == 10003


async def test_writing_opens_an_archived_thread_and_not_a_locked_one(server: Server) -> None:
    thread_id = await opened(server)
    await change(server, thread_id, archived=True)
    assert (await server.rest("GET", f"/guilds/{GUILD}/threads/active")).body["threads"] == []
    assert (await say(server, thread_id)).status == 200
    shown = (await server.rest("GET", f"/channels/{thread_id}")).body
    assert shown["thread_metadata"]["archived"] is False

    await change(server, thread_id, locked=True)
    assert (await say(server, thread_id)).body["code"] == 160005
    await change(server, thread_id, archived=True)
    assert (await say(server, thread_id)).body["code"] == 50083
    await change(server, thread_id, locked=False)
    assert (await say(server, thread_id)).status == 200


@pytest.mark.parametrize(
    ("denied", "code"),
    [("SEND_MESSAGES_IN_THREADS", 50013), ("VIEW_CHANNEL", 50001), ("SEND_MESSAGES", None)],
)
async def test_a_thread_has_the_permissions_of_its_channel(
    server: Server, denied: str, code: int | None
) -> None:
    thread_id = await opened(server)
    await server.control("PATCH", f"/channels/{GENERAL}", {"deny": [denied]})
    assert (await say(server, thread_id)).body.get("code") == code


async def test_a_private_thread_is_for_those_in_it(server: Server) -> None:
    thread_id = await opened(server, private=True)
    assert (await say(server, thread_id)).status == 200
    await change(server, thread_id, bot=False)
    assert (await say(server, thread_id)).body["code"] == 50001
    await change(server, thread_id, bot=True)
    assert (await server.rest("GET", f"/channels/{thread_id}")).body["type"] == 12


async def test_discord_py_hears_of_threads_and_servers(at_sandbox: Server) -> None:
    bot = Listener(discord.Intents(guilds=True))
    async with running(bot, at_sandbox.sandbox.token):
        thread_id = await opened(at_sandbox, private=True)
        assert (await bot.until("thread_create")).is_private()
        await change(at_sandbox, thread_id, locked=True)
        assert (await bot.until("thread_update")).locked
        await change(at_sandbox, thread_id, bot=False)
        assert (await bot.until("thread_remove")).id == int(thread_id)
        public = await opened(at_sandbox)
        assert (await bot.until("thread_create")).me is not None
        await at_sandbox.control("DELETE", f"/channels/{public}")
        assert (await bot.until("raw_thread_delete")).thread_id == int(public)

        roles = f"/roles/{GUILD}"
        await at_sandbox.control("PATCH", roles, {"permissions": ["VIEW_CHANNEL"]})
        assert not (await bot.until("guild_role_update")).permissions.send_messages
        await at_sandbox.control("DELETE", f"/guilds/{GUILD}/bot")
        assert (await bot.until("guild_remove")).id == int(GUILD)
        assert (await say(at_sandbox, LIKES)).body["code"] == 50001
        assert (await at_sandbox.rest("GET", f"/guilds/{GUILD}")).body["code"] == 50001
        assert (await at_sandbox.rest("GET", "/users/@me/guilds")).body == []
        await at_sandbox.control("PUT", f"/guilds/{GUILD}/bot")
        assert (await bot.until("guild_join")).me.id == int(BOT)


async def test_a_bot_that_is_in_no_server_connects(at_sandbox: Server) -> None:
    await at_sandbox.control("DELETE", f"/guilds/{GUILD}/bot")
    bot = Listener(discord.Intents(guilds=True))
    async with running(bot, at_sandbox.sandbox.token):
        assert not bot.guilds


async def test_what_is_registered_twice_is_shown_twice(server: Server) -> None:
    await server.rest("PUT", COMMANDS, [HELLO])
    await server.rest("PUT", GUILD_COMMANDS, [{**HELLO, "description": "Here"}])
    scopes = (await server.control("GET", "/commands/scopes")).body
    assert scopes == {"global": ["hello"], GUILD: ["hello"]}
    offered = (await server.control("GET", "/commands")).body
    assert [one["description"] for one in offered] == ["Here", "Say hello"]
    await server.rest("PUT", GUILD_COMMANDS, [])
    assert (await server.control("GET", "/commands/scopes")).body == {"global": ["hello"]}


async def test_a_filtered_word_or_link_is_refused(server: Server) -> None:
    await server.control("POST", "/filters", {"words": ["Spam"], "links": ["bad.example"]})
    assert (await say(server, LIKES, "no spam here")).body["code"] == 200000
    assert (await say(server, LIKES, "https://bad.example/x")).body["code"] == 240000
    hidden = {"flags": 1 << 15, "components": [{"type": 10, "content": "so much SPAM"}]}
    refused = await server.rest("POST", MESSAGES, hidden)
    assert (refused.status, refused.body["code"]) == (400, 200000)
    await server.control("POST", "/filters", {})
    assert (await say(server, LIKES, "no spam here")).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "https:///x.png",
        "https://",
        "x.png",
        "//pbs.twimg.com/x.png",
        "https://pbs twimg.com/x.png",
        "https://pbs.twimg.com/a b.png",
        "https://pbs.twimg.com/a\nb.png",
        "https://[pbs.twimg.com/x.png",
        "https://pbs.twimg.com:99999/x.png",
        "https://<host>/x.png",
        "ftp://pbs.twimg.com/x.png",
        "javascript:alert(1)",
        "",
    ],
)
async def test_a_pictures_address_must_be_one(server: Server, address: str) -> None:
    thumbnail = {"type": 11, "media": {"url": address}}
    text = {"type": 10, "content": "x"}
    section = {"type": 9, "components": [text], "accessory": thumbnail}
    refused = await server.rest("POST", MESSAGES, {"flags": 1 << 15, "components": [section]})
    assert (refused.status, refused.body["code"]) == (400, 50035)


@pytest.mark.parametrize("channel_id", [None, LIKES])
async def test_a_limit_is_told_with_its_scope(server: Server, channel_id: str | None) -> None:
    await server.control("POST", "/faults", {"limit_s": 40, "channel_id": channel_id})
    limited = await say(server, LIKES)
    assert limited.status == 429
    assert limited.body["global"] is (channel_id is None)
    assert 39 < limited.body["retry_after"] <= 40
    assert limited.headers["Retry-After"] == "40"
    assert limited.headers["X-RateLimit-Scope"] == ("shared" if channel_id else "global")
    assert limited.headers.get("X-RateLimit-Global") == (None if channel_id else "true")
    assert (await say(server, GENERAL)).status == (200 if channel_id else 429)
    await server.control("POST", "/clock", {"advance_s": 40})
    assert (await say(server, LIKES)).status == 200


async def test_discord_py_waits_for_a_global_limit(server: Server, bot: SampleBot) -> None:
    await server.control("POST", "/faults", {"limit_s": 0.3})
    channel = bot.get_partial_messageable(int(LIKES))
    sent = await asyncio.gather(channel.send("one"), channel.send("two"))
    assert {message.content for message in sent} == {"one", "two"}
