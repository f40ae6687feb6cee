"""Who runs the bot, as Discord has it: the application's owner, or who develops it in its team."""

import logging
from collections.abc import Iterable

import aiohttp
import discord

from bot.chat.connection.whole_application import NOBODY_ID
from bot.services.home import HomeService

logger = logging.getLogger(__name__)
_DEVELOPS = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)


class Operators:
    def __init__(self, client: discord.Client, home: HomeService) -> None:
        self._client = client
        self._home = home
        self._ids: frozenset[int] = frozenset()
        self._noted: dict[int, bool] = {}

    def has(self, user_id: int) -> bool:
        """Say whether somebody runs the bot, as of when Discord was last asked."""
        return user_id in self._ids

    def owns(self, guild_id: int) -> bool:
        """Say whether a guild is noted as one that belongs to somebody who runs the bot."""
        return self._noted.get(guild_id, False)

    def learn(self, application: discord.AppInfo) -> None:
        self._ids = _ids(application)
        if not self._ids:
            logger.warning(
                "Discord does not say who owns the bot, so no server is its home; HOME_GUILD_IDS "
                "can name them"
            )

    async def ask(self) -> frozenset[int]:
        """Ask Discord who runs the bot."""
        self.learn(await self._client.application_info())
        return self._ids

    async def refresh(self) -> None:
        """Ask Discord, if it answers; a team may have changed since."""
        try:
            await self.ask()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            logger.warning("Discord does not say who runs the bot: %s", error)

    async def note(self, guilds: Iterable[discord.Guild]) -> None:
        """Note whose guilds these are, where that is not known yet or has changed.

        Of a guild that is unavailable, Discord does not say who owns it. Where it has not said who
        runs the bot, all stays as it was.
        """
        if not self._ids:
            return
        owned = {
            guild.id: guild.owner_id in self._ids for guild in guilds if guild.owner_id is not None
        }
        news = {
            guild_id: is_owned
            for guild_id, is_owned in owned.items()
            if self._noted.get(guild_id) is not is_owned
        }
        if news:
            await self._home.note_owners(news)
            self._noted |= news

    async def note_at_once(self, guild: discord.Guild | None) -> None:
        """Note whose guild it is before a command is answered, which may come before on_ready."""
        if guild is None:
            return
        try:
            await self.note([guild])
        except Exception:
            # What the command itself needs of the database tells the member.
            logger.exception("could not note whose server %d is", guild.id)


def _ids(application: discord.AppInfo) -> frozenset[int]:
    """Return who runs an application, if Discord says; of a team, who may change what it does."""
    team = application.team
    if team is None:
        return frozenset({application.owner.id} - {NOBODY_ID})
    members = {
        member.id
        for member in team.members
        if member.role in _DEVELOPS
        and member.membership_state is discord.TeamMembershipState.accepted
    }
    return frozenset({*members, *([] if team.owner_id is None else [team.owner_id])})
