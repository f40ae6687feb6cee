"""The buttons of the health card, which do what mends the worst, where that can be done here."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, member_of, require_manager, services_of
from bot.chat.answers.dollars import dollars_of
from bot.chat.answers.failures import answered
from bot.chat.buttons.watch_list import WatchesButton
from bot.chat.cards.card import Button, Card
from bot.chat.cards.health import HealthLevel, health_of
from bot.chat.cards.status import status_card
from bot.domain import Status, VerdictKind

Interaction = discord.Interaction[Any]

_MODAL_TIMEOUT_S = 600.0
_FROM_STATUS = "status"
# What `/watch list` says more of.
_ABOUT_WATCHES = frozenset({VerdictKind.CHANNELS, VerdictKind.POSTS, VerdictKind.ACCOUNTS})


class CheckAgainButton(ui.DynamicItem[ui.Button[Any]], template=r"status-again"):
    """Look at everything again, and try again what X refused."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Check again", custom_id="status-again"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            interaction.client.channels.look(guild_of(interaction))
            if (await _show(interaction)).refused:
                await services_of(interaction).status.forget_refusals()


class RaiseBudgetButton(ui.DynamicItem[ui.Button[Any]], template=r"status-budget"):
    """Ask what the server's budget is to be."""

    def __init__(self) -> None:
        button = ui.Button[Any](
            label="Raise the budget",
            custom_id="status-budget",
            style=discord.ButtonStyle.primary,
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.open_form(interaction, BudgetModal())


class BudgetModal(ui.Modal, title="Raise the budget"):
    """Takes the budget, and shows how everything stands with it."""

    def __init__(self) -> None:
        super().__init__(timeout=_MODAL_TIMEOUT_S)
        self._usd: ui.TextInput[Any] = ui.TextInput(
            custom_id="usd", placeholder="12.50", max_length=12
        )
        self.add_item(ui.Label(text="US dollars a month, for this server", component=self._usd))

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            usd = dollars_of(self._usd.value)
            await services_of(interaction).config.set_budget(guild_of(interaction), usd)
            await _show(interaction)


class LinkButton(ui.DynamicItem[ui.Button[Any]], template=r"status-link"):
    """Begin to link an X account of whoever presses it, as `/account link` does."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Link the bot's account", custom_id="status-link"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer(interaction, private=True)
            await services_of(interaction).home.require_served(guild_of(interaction))
            await interaction.client.linker.begin(interaction, member_of(interaction))


STATUS_ITEMS = (CheckAgainButton, RaiseBudgetButton, LinkButton)


def status_page(status: Status) -> Card:
    """Return the health card, with the buttons that fit what is wrong."""
    level, _ = health_of(status)
    buttons: list[Button] = []
    dear = status.too_dear
    if status.month.server_is_paused or (dear is not None and dear.of_server):
        buttons.append(RaiseBudgetButton())
    if status.set_aside or any(verdict.kind in _ABOUT_WATCHES for verdict in status.verdicts):
        buttons.append(WatchesButton("Show watches", _FROM_STATUS))
    if level is not HealthLevel.GREEN:
        buttons.append(CheckAgainButton())
    if status.is_home and status.push is not None and status.push.can_link_own:
        buttons.append(LinkButton())
    return status_card(status, *buttons)


async def _show(interaction: Interaction) -> Status:
    status = await services_of(interaction).status.show(guild_of(interaction))
    await reply.show(interaction, status_page(status))
    return status
