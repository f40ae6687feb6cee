"""Letting a linked account serve a server, and ending that; the buttons survive a restart."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, is_personal, services_of
from bot.chat.answers.failures import answered
from bot.chat.cards.accounts import account_card
from bot.chat.cards.card import Button, Card, row
from bot.chat.cards.consents import agreed_card, server_name
from bot.chat.languages.translator import ENGLISH, Translator
from bot.chat.text import plain
from bot.chat.text.limits import MAX_BUTTON_LABEL
from bot.domain import AccountStatus
from bot.domain.accounts import Served
from bot.domain.sentences import Sentence

Interaction = discord.Interaction[Any]
_ADD, _END = "add", "end"
_SHOW_NAMES = Sentence("I'm the author: show names")
_A_ROW, _MOST = 5, 20


class ConsentButton(
    ui.DynamicItem[ui.Button[Any]], template=r"consent:(?P<what>add|end):(?P<guild>\d{1,20})"
):
    """Let the account of whoever presses it serve the server they are in, or no more serve one."""

    def __init__(self, what: str, guild_id: int, label: str = "") -> None:
        shown = plain(label or what, MAX_BUTTON_LABEL)
        super().__init__(ui.Button(label=shown, custom_id=f"consent:{what}:{guild_id}"))
        self._what, self._guild_id = what, guild_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"], int(match["guild"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            consents, member_id = services_of(interaction).consents, interaction.user.id
            if self._what == _ADD:
                # Whoever presses a button of a server is a member of it, and of no other by that.
                await consents.agree(member_id, guild_of(interaction))
            else:
                await consents.withdraw(member_id, self._guild_id)
            await reply.show(interaction, await account_page(interaction))


class ShowNamesButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"consent-names:(?P<account>\d{1,20}):(?P<key>[^:]*)",
):
    """Under what is told without names: its author alone lets the server see them."""

    def __init__(self, x_user_id: int, key: str, say: Translator = ENGLISH) -> None:
        button = ui.Button[Any](
            label=say(_SHOW_NAMES), custom_id=f"consent-names:{x_user_id}:{key}"
        )
        super().__init__(button)
        self._x_user_id = x_user_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["account"]), match["key"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer(interaction, private=True)
            linked = await services_of(interaction).consents.agree(
                interaction.user.id, guild_of(interaction), self._x_user_id
            )
            await reply.show(interaction, agreed_card(linked))


async def account_page(interaction: Interaction, *, tries_again: bool = False) -> Card:
    """Show a member's account and the servers that it serves, each with a button.

    With `tries_again`, X is first asked whether it still refuses an account that it refused.
    """
    services, member_id = services_of(interaction), interaction.user.id
    status = await services.accounts.status(member_id)
    if tries_again and not status.accepted:
        await services.accounts.retry_refused_account(member_id)
        status = await services.accounts.status(member_id)
    served = await services.consents.show(member_id)
    return _page(interaction, status, served)


def _page(interaction: Interaction, status: AccountStatus, served: Served) -> Card:
    names = {guild_id: _name(interaction, guild_id) for guild_id in served.guild_ids}
    here = None if is_personal(interaction) else interaction.guild_id
    buttons: list[Button] = []
    if here is not None and here not in {guild.guild_id for guild in served.guilds}:
        buttons.append(ConsentButton(_ADD, here, "Let this server see names"))
    buttons += [
        ConsentButton(_END, guild.guild_id, f"Stop showing names in {names[guild.guild_id]}")
        for guild in served.guilds
    ]
    card = account_card(status, served, names)
    for some in _rows(buttons[:_MOST]):
        card.add_item(row(*some))
    return card


def _name(interaction: Interaction, guild_id: int) -> str:
    guild = interaction.client.get_guild(guild_id)
    return server_name(guild_id, None if guild is None else guild.name)


def _rows(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    return [buttons[start : start + _A_ROW] for start in range(0, len(buttons), _A_ROW)]


CONSENT_ITEMS = (ConsentButton, ShowNamesButton)
