"""Ending a watch, and for a minute taking that back."""

import re
from contextlib import suppress
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.failures import answered
from bot.chat.answers.find_watch import WatchKey, find_watch, key_of
from bot.chat.cards.account_watches import account_watch_removed_card
from bot.chat.cards.card import Card
from bot.chat.cards.watches import watch_removed_card, watch_restored_card
from bot.domain.errors import UnknownWatch

Interaction = discord.Interaction[Any]

_KEY = r"(?P<account>account-)?(?P<id>\d{1,18})"


async def remove_watch(interaction: Interaction, key: WatchKey) -> Card:
    """End a watch, and offer to take that back."""
    services, guild_id = services_of(interaction), guild_of(interaction)
    undo = UndoRemovalButton(key)
    if key.is_account:
        account = await services.account_watches.remove(guild_id, key.watch_id)
        return account_watch_removed_card(account, undo)
    return watch_removed_card(await services.watches.remove(guild_id, key.watch_id), undo)


async def remove_meant(interaction: Interaction, typed: str) -> Card:
    """End the watch that somebody means by what they chose or typed."""
    key = WatchKey.of(typed)
    if key is not None:
        with suppress(UnknownWatch):  # it may be a post's ID
            return await remove_watch(interaction, key)
    return await remove_watch(interaction, key_of(await find_watch(interaction, typed)))


class RemoveWatchButton(ui.DynamicItem[ui.Button[Any]], template=rf"watch-remove:{_KEY}"):
    """End a watch."""

    def __init__(self, key: WatchKey) -> None:
        button = ui.Button[Any](
            label="Stop watching",
            style=discord.ButtonStyle.danger,
            custom_id=f"watch-remove:{key}",
        )
        super().__init__(button)
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(WatchKey(int(match["id"]), match["account"] is not None))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            await reply.show(interaction, await remove_watch(interaction, self._key))


class UndoRemovalButton(ui.DynamicItem[ui.Button[Any]], template=rf"watch-undo:{_KEY}"):
    """Go on with a watch that was just ended."""

    def __init__(self, key: WatchKey) -> None:
        super().__init__(ui.Button(label="Undo", custom_id=f"watch-undo:{key}"))
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(WatchKey(int(match["id"]), match["account"] is not None))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            services, guild_id = services_of(interaction), guild_of(interaction)
            if self._key.is_account:
                await services.account_watches.restore(guild_id, self._key.watch_id)
            else:
                await services.watches.restore(guild_id, self._key.watch_id)
            await reply.show(interaction, watch_restored_card())


REMOVAL_ITEMS = (RemoveWatchButton, UndoRemovalButton)
