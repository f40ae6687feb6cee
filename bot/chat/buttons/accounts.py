"""Buttons about a member's own X account; they survive a restart."""

import re
from enum import StrEnum
from typing import Any, Self

import discord
from discord import ui

from bot.accounts.open_requests import LINK_LIFETIME
from bot.chat.answers import reply
from bot.chat.answers.asker import services_of
from bot.chat.answers.failures import answered
from bot.chat.cards.accounts import forgotten_card, linked_card, unlinked_card

Interaction = discord.Interaction[Any]

_MAX_PIN = 20


class PinButton(ui.DynamicItem[ui.Button[Any]], template=r"account-pin:(?P<key>[\w-]{1,64})"):
    """Ask for the PIN that X has shown for the request `key`."""

    def __init__(self, key: str) -> None:
        super().__init__(ui.Button(label="Enter the PIN", custom_id=f"account-pin:{key}"))
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["key"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.open_form(interaction, PinModal(self._key))


class PinModal(ui.Modal, title="Link your X account"):
    """Takes the PIN; a wrong one leaves the message as it is, to be tried again."""

    def __init__(self, key: str) -> None:
        super().__init__(
            timeout=LINK_LIFETIME.total_seconds(), custom_id=f"account-pin-modal:{key}"
        )
        self._key = key
        self._pin: ui.TextInput[Any] = ui.TextInput(
            custom_id="pin", placeholder="1234567", max_length=_MAX_PIN
        )
        self.add_item(ui.Label(text="The PIN that X shows you", component=self._pin))

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            accounts = services_of(interaction).accounts
            linked = await accounts.finish_by_pin(interaction.user.id, self._key, self._pin.value)
            await reply.show(interaction, linked_card(linked))


class ForGood(StrEnum):
    """What a member can do to their own account that cannot be undone."""

    UNLINK = "unlink"
    FORGET = "forget"


_LABELS = {ForGood.UNLINK: "Unlink", ForGood.FORGET: "Delete it all"}


class ForGoodButton(ui.DynamicItem[ui.Button[Any]], template=r"account-(?P<what>unlink|forget)"):
    """Unlink the account of whoever presses it, or delete all that is stored about them."""

    def __init__(self, what: ForGood) -> None:
        button = ui.Button[Any](
            label=_LABELS[what], custom_id=f"account-{what}", style=discord.ButtonStyle.danger
        )
        super().__init__(button)
        self._what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(ForGood(match["what"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            accounts, member_id = services_of(interaction).accounts, interaction.user.id
            if self._what is ForGood.UNLINK:
                card = unlinked_card(await accounts.unlink(member_id))
            else:
                card = forgotten_card(await accounts.forget(member_id))
            await reply.show(interaction, card)
            if self._what is ForGood.FORGET:
                # The first try at once; where X does not answer, a job goes on.
                await accounts.revoke_pending()


ACCOUNT_ITEMS = (PinButton, ForGoodButton)
