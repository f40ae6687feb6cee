"""Links under way: each is shown in its member's message until the account is there."""

import asyncio
import logging
from typing import Any

import aiohttp
import discord

from bot.accounts.linking import AccountService
from bot.chat.answers import reply
from bot.chat.buttons.about import about_buttons
from bot.chat.buttons.accounts import PinButton
from bot.chat.cards.accounts import link_card, link_over_card, linked_card
from bot.chat.cards.card import Card
from bot.domain import Member
from bot.domain.about import AboutPage

logger = logging.getLogger(__name__)
Interaction = discord.Interaction[Any]


class Linker:
    """Waits for members who have gone to X, beside everything else."""

    def __init__(self, service: AccountService, about: tuple[AboutPage, ...] = ()) -> None:
        self._service = service
        self._about = about
        self._waits: set[asyncio.Task[None]] = set()

    async def begin(self, interaction: Interaction, member: Member) -> None:
        """Show the ways to link in a private answer that is promised already."""
        start = await self._service.begin(member)
        wait = asyncio.create_task(self._wait(interaction, start.key), name="link")
        self._waits.add(wait)
        wait.add_done_callback(self._waits.discard)
        pin = PinButton(start.key) if start.pin_url is not None else None
        card = link_card(start, pin, member.guild_name, about_buttons(self._about))
        await reply.show(interaction, card)

    async def close(self) -> None:
        """Wait no more. The messages stay as they are: both ways work on after a restart."""
        for wait in tuple(self._waits):
            wait.cancel()
        await asyncio.gather(*self._waits, return_exceptions=True)

    async def _wait(self, interaction: Interaction, key: str) -> None:
        try:
            card = linked_card(await self._service.linked(key))
        except TimeoutError:
            card = link_over_card()
        await _show(interaction, card)


async def _show(interaction: Interaction, card: Card) -> None:
    """Change the message; a member who has dismissed it sees it in `/account status`."""
    try:
        await reply.show(interaction, card)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        logger.info("could not show the end of a link: %s", error)
