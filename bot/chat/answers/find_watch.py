"""The watch that somebody means: by its choice, its post's link or ID, its label or its channel."""

import re
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.chat.answers.asker import guild_of, services_of
from bot.domain import AccountWatch, WatchRef
from bot.domain.errors import SeveralWatches, UnknownWatch
from bot.watching.matching import AnyWatch, is_called, matches

_KEY = re.compile(r"(?P<account>account-)?(?P<id>[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class WatchKey:
    """A watch among all, as it rides in choices and custom_ids: `12`, or `account-12`."""

    watch_id: int
    is_account: bool = False

    def __str__(self) -> str:
        return f"account-{self.watch_id}" if self.is_account else str(self.watch_id)

    @classmethod
    def of(cls, text: str) -> Self | None:
        match = _KEY.fullmatch(text)
        return cls(int(match["id"]), match["account"] is not None) if match else None


def key_of(watch: AnyWatch) -> WatchKey:
    return WatchKey(watch.id, isinstance(watch, AccountWatch))


def ref_of(watch: AnyWatch) -> WatchRef:
    return WatchRef(watch.id, account=isinstance(watch, AccountWatch))


async def watches_of(interaction: discord.Interaction[Any]) -> list[AnyWatch]:
    """Return a guild's watches: of accounts, then of posts."""
    services, guild_id = services_of(interaction), guild_of(interaction)
    return list(await services.watches.everything(guild_id))


async def find_watch(interaction: discord.Interaction[Any], typed: str) -> AnyWatch:
    """Return the watch that is meant; raise UnknownWatch, or SeveralWatches."""
    watches, key = await watches_of(interaction), WatchKey.of(typed.strip())
    for watch in watches:
        if key_of(watch) == key:
            return watch
    called = [watch for watch in watches if is_called(watch, typed)]
    if len(called) == 1:
        return called[0]
    wanted = _with_channel(interaction, typed)
    found = [watch for watch in watches if wanted.strip() and matches(watch, wanted)]
    if not found:
        raise UnknownWatch
    if len(found) > 1:
        raise SeveralWatches(len(found))
    return found[0]


def _with_channel(interaction: discord.Interaction[Any], typed: str) -> str:
    """Return what was typed, with `#name` made into the channel of that name."""
    name = typed.strip().removeprefix("#")
    guild = interaction.guild
    if guild is None or name == typed.strip():
        return typed
    channel = discord.utils.get([*guild.channels, *guild.threads], name=name.lower())
    return typed if channel is None else f"<#{channel.id}>"
