"""Making a server one of the operator's own, and letting it go; they survive a restart."""

import re
from typing import Any, Self

import discord
from discord import app_commands, ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, operators_of, require_manager, services_of
from bot.chat.answers.failures import answered
from bot.chat.cards.card import Card
from bot.chat.cards.home import adopt_question_card, home_card
from bot.domain.errors import NotAllowed
from bot.domain.guilds import HomeState, WhyHome

Interaction = discord.Interaction[Any]
_ADOPT, _END = "adopt", "end"
_LABELS = {_ADOPT: "Make it home", _END: "Let it go"}


class HomeButton(ui.DynamicItem[ui.Button[Any]], template=r"home:(?P<what>adopt|end)"):
    """Adopt the server in which it is pressed, or end that, if whoever presses runs the bot."""

    def __init__(self, what: str) -> None:
        style = discord.ButtonStyle.primary if what == _ADOPT else discord.ButtonStyle.danger
        super().__init__(ui.Button(label=_LABELS[what], custom_id=f"home:{what}", style=style))
        self._what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            # The team may have changed since the button was shown.
            if interaction.user.id not in await operators_of(interaction).ask():
                raise NotAllowed(
                    "Only the person who runs me, or somebody of their team, can do that."
                )
            home, guild_id = services_of(interaction).home, guild_of(interaction)
            if self._what == _ADOPT:
                state = await home.adopt(guild_id, interaction.user.id)
            else:
                state = await home.end(guild_id)
            await reply.show(interaction, home_page(interaction, state))


def home_page(interaction: Interaction, state: HomeState) -> Card:
    """Show whether a server is home, with a button for whoever runs the bot."""
    if operators_of(interaction).has(interaction.user.id):
        if state.can_be_adopted:
            return home_card(state, HomeButton(_ADOPT))
        if state.why is WhyHome.ADOPTED:
            return home_card(state, HomeButton(_END))
    return home_card(state)


async def offer_home(interaction: Interaction) -> None:
    """Ask whoever runs the bot, after a manager's command in a guest server, whether it is home."""
    if not _is_managers(interaction.command) or interaction.guild_id is None:
        return
    operators = operators_of(interaction)
    if not operators.has(interaction.user.id) or operators.owns(interaction.guild_id):
        return
    state = await services_of(interaction).home.show(interaction.guild_id)
    if state.can_be_adopted:
        await reply.add_private(interaction, adopt_question_card(HomeButton(_ADOPT)))


def _is_managers(command: object) -> bool:
    """Say whether a command is for managers; `/config home` offers the same by itself."""
    if not isinstance(command, app_commands.Command | app_commands.ContextMenu):
        return False
    if command.qualified_name == "config home":
        return False
    root = command.root_parent if isinstance(command, app_commands.Command) else None
    permissions = (root or command).default_permissions
    return permissions is not None and permissions.manage_guild
