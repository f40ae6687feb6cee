"""Migrations 0009 and 0012: what watches said of channels, and who has agreed to be watched.

What was said of a channel is said once. A linked account of before serves the servers that its
owner themselves had told of its likes: nobody else has agreed for them.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, GUILD, MEMBER, POST

BEFORE = "0008"
AUTHOR, ELSEWHERE, OWN_ACCOUNT = 7, GUILD + 1, GUILD + 2
TROUBLES = (None, "cannot_send", "refused")


@dataclass
class Way:
    """From 0008 to the newest version, and back."""

    now: Any
    shut_channels: list[dict[str, Any]]
    command_scopes: list[int]
    columns_of_watches: set[str]
    consents: list[dict[str, Any]]
    troubles: list[str | None]


async def _link(old: OldDatabase) -> None:
    """Let an account be linked, and its owner and others watch it in three servers."""
    await old.add("x_user", id=AUTHOR, username="ada", name="Ada", protected=False)
    account = {"username": "ada", "owner_id": MEMBER, "scopes": ""}
    await old.add("x_account", x_user_id=AUTHOR, created_at=old.now, **account)
    for number in (1, 2):
        await old.post(POST + number, author_id=AUTHOR)
    for number, guild_id, member_id in ((1, GUILD, MEMBER), (2, GUILD, MEMBER), (1, ELSEWHERE, 1)):
        watch = {"guild_id": guild_id, "channel_id": CHANNEL + 10 + guild_id - GUILD}
        by = {"created_by": member_id, "created_at": old.now}
        await old.add("watch", post_id=POST + number, unlikes=False, **watch, **by)
    for guild_id, member_id in ((OWN_ACCOUNT, MEMBER), (ELSEWHERE, 1)):
        await old.add(
            "account_watch",
            guild_id=guild_id,
            channel_id=CHANNEL + guild_id - GUILD,
            x_user_id=AUTHOR,
            username="ada",
            days=7,
            replies=False,
            reposts=False,
            since_id=0,
            created_by=member_id,
            created_at=old.now,
        )


async def _go(old: OldDatabase) -> Way:
    await old.upgrade(BEFORE)
    await _link(old)
    await old.post()
    for number, trouble in enumerate(TROUBLES, start=101):
        await old.watch(number, trouble)

    await old.upgrade()
    shut = await old.rows("shut_channel", by=["channel_id"])
    scopes = await old.column("command_scope", "guild_id")
    watches = await old.rows("watch")
    consents = await old.rows("account_consent", by=("x_user_id", "guild_id"))

    channel = {"channel_id": CHANNEL + 101, "since": old.now}
    await old.add("shut_channel", trouble="thread_locked", **channel)
    await old.downgrade(BEFORE)
    troubles = [row["trouble"] for row in await old.rows("watch") if row["id"] > 100]
    return Way(old.now, shut, scopes, set(watches[0]), consents, troubles)


@pytest.fixture(scope="module")
def way(old_database_url: str) -> Way:
    async def go() -> Way:
        async with opened(old_database_url) as database:
            return await _go(OldDatabase(database))

    return asyncio.run(go())


def test_troubles_of_watches_become_those_of_channels(way: Way) -> None:
    (shut,) = way.shut_channels
    assert (shut["channel_id"], shut["trouble"]) == (CHANNEL + 102, "cannot_send")
    # Which server DISCORD_GUILD_ID named before is not known.
    assert way.command_scopes == [GUILD, ELSEWHERE, OWN_ACCOUNT]
    assert "trouble" not in way.columns_of_watches
    assert way.troubles == [None, "cannot_send", None]


def test_nobody_else_has_agreed_for_them(way: Way) -> None:
    agreed = [(row["x_user_id"], row["guild_id"], row["agreed_at"]) for row in way.consents]
    assert agreed == [(AUTHOR, GUILD, way.now), (AUTHOR, OWN_ACCOUNT, way.now)]
