"""Every place of a message in which a link may stand."""

from types import SimpleNamespace
from typing import Any, cast

import discord

from bot.chat.text.of_message import text_of


def _message(content: str = "", **more: Any) -> discord.Message:
    parts = {"embeds": [], "components": [], "message_snapshots": [], **more}
    return cast("discord.Message", SimpleNamespace(content=content, **parts))


def test_an_embeds_texts_and_addresses_are_part_of_it() -> None:
    embed = discord.Embed(title="title", url="https://a.example/1", description="described")
    embed.set_author(name="author", url="https://a.example/2")
    embed.add_field(name="name", value="value")
    embed.set_footer(text="footer")

    lines = text_of(_message("content", embeds=[embed])).splitlines()

    assert lines[0] == "content"
    assert {
        *("title", "https://a.example/1", "described", "author", "https://a.example/2"),
        *("name", "value", "footer"),
    } <= set(lines)


def test_what_a_message_forwards_is_part_of_it() -> None:
    forwarded = _message("https://x.com/i/status/1")
    assert "https://x.com/i/status/1" in text_of(_message(message_snapshots=[forwarded]))
