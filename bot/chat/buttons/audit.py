"""Pages of the log of likes; each button's custom_id names the entry next to its page."""

import re
from typing import Any, Literal, Self, cast

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.failures import answered
from bot.chat.cards.audit import audit_card
from bot.chat.cards.card import Button, Card
from bot.domain import ActionsPage

Interaction = discord.Interaction[Any]
Side = Literal["before", "after"]
_LABELS: dict[Side, str] = {"after": "Previous", "before": "Next"}


class AuditButton(
    ui.DynamicItem[ui.Button[Any]], template=r"audit:(?P<side>before|after):(?P<id>\d{1,19})"
):
    """Entries older (`before`) or newer (`after`) than the one with this ID."""

    def __init__(self, side: Side, action_id: int) -> None:
        super().__init__(ui.Button(label=_LABELS[side], custom_id=f"audit:{side}:{action_id}"))
        self._asked: dict[Side, int] = {side: action_id}

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast("Side", match["side"]), int(match["id"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            audit = services_of(interaction).audit
            page = await audit.page(guild_of(interaction), **self._asked)
            await reply.show(interaction, audit_page(page))


def audit_page(page: ActionsPage) -> Card:
    buttons: list[Button] = []
    if page.after is not None:
        buttons.append(AuditButton("after", page.after))
    if page.before is not None:
        buttons.append(AuditButton("before", page.before))
    return audit_card(page, *buttons)
