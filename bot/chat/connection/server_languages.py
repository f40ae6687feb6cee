"""Which languages servers have on Discord: those who chose none with the bot are told in these."""

from collections.abc import Iterable

import discord

from bot.domain.languages import Language, language_of
from bot.services.server_settings import ConfigService


class ServerLanguages:
    def __init__(self, config: ConfigService) -> None:
        self._config = config
        self._noted: dict[int, Language] = {}

    async def note(self, guilds: Iterable[discord.Guild]) -> None:
        """Note them where that is not known yet or has changed."""
        here = {
            guild.id: language_of(guild.preferred_locale.value)
            for guild in guilds
            if not guild.unavailable
        }
        news = {each: here[each] for each in here if self._noted.get(each) is not here[each]}
        if news:
            await self._config.note_discord_languages(news)
            self._noted |= news
