"""Buttons about a member's own X account; they survive a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.accounts.linking import LINK_LIFETIME
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
            await interaction.response.send_modal(PinModal(self._key))


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


class UnlinkButton(ui.DynamicItem[ui.Button[Any]], template="account-unlink"):
    """Unlink the account of whoever presses it."""

    def __init__(self) -> None:
        button = ui.Button[Any](
            label="Unlink", custom_id="account-unlink", style=discord.ButtonStyle.danger
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            unlinked = await services_of(interaction).accounts.unlink(interaction.user.id)
            await reply.show(interaction, unlinked_card(unlinked))


class ForgetButton(ui.DynamicItem[ui.Button[Any]], template="account-forget"):
    """Delete all that is stored about whoever presses it."""

    def __init__(self) -> None:
        button = ui.Button[Any](
            label="Delete it all", custom_id="account-forget", style=discord.ButtonStyle.danger
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            accounts = services_of(interaction).accounts
            await reply.show(
                interaction, forgotten_card(await accounts.forget(interaction.user.id))
            )
            # The first try at once; where X does not answer, a job goes on.
            await accounts.revoke_pending()


ACCOUNT_ITEMS = (PinButton, UnlinkButton, ForgetButton)
