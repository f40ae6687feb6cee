"""Looking whether those who let their accounts serve a server are still members of it."""

import logging

import aiohttp
import discord

from bot.accounts.consents import ConsentService

logger = logging.getLogger(__name__)
_UNKNOWN_MEMBER = 10007


class Memberships:
    """Asks Discord once a day for each of them: of who leaves, it tells only privileged bots."""

    def __init__(self, client: discord.Client, consents: ConsentService) -> None:
        self._client = client
        self._consents = consents

    async def check(self) -> None:
        for consent in await self._consents.to_check():
            try:
                await self._client.http.get_member(consent.guild_id, consent.member_id)
            except discord.NotFound as error:
                # Any other answer is about the server: while the bot is away, it is not served.
                is_member = error.code != _UNKNOWN_MEMBER
            except discord.Forbidden:
                is_member = True
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                logger.warning("Discord does not say who is a member: %s", error)
                return
            else:
                is_member = True
            await self._consents.checked(consent, is_member=is_member)
