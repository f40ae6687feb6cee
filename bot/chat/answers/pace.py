"""How often one member may look something up: X's allowance, and its price, are everybody's."""

from typing import Any

import discord
from discord import app_commands

from bot.chat.answers.asker import manages_guild

# So many in so many seconds, of whatever kind, by one member in one server.
LOOKUPS, LOOKUPS_PER_S = 10, 30.0
_MANY = 1_000


class LookupPace:
    """Counts the look-ups of members; those who manage a server look up as they like there."""

    def __init__(self) -> None:
        self._cooldowns: dict[tuple[int | None, int], app_commands.Cooldown] = {}

    def require(self, interaction: discord.Interaction[Any]) -> None:
        """Raise CommandOnCooldown for a member who has looked up too much just now."""
        if manages_guild(interaction):
            return
        now = interaction.created_at.timestamp()
        if len(self._cooldowns) > _MANY:
            self._forget_who_has_rested(now)
        key = interaction.guild_id, interaction.user.id
        new = app_commands.Cooldown(LOOKUPS, LOOKUPS_PER_S)
        cooldown = self._cooldowns.setdefault(key, new)
        if (retry_after := cooldown.update_rate_limit(now)) is not None:
            raise app_commands.CommandOnCooldown(cooldown, retry_after)

    def _forget_who_has_rested(self, now: float) -> None:
        self._cooldowns = {
            key: cooldown
            for key, cooldown in self._cooldowns.items()
            if cooldown.get_tokens(now) < LOOKUPS
        }


def require_pace(interaction: discord.Interaction[Any]) -> None:
    pace: LookupPace = interaction.client.lookup_pace
    pace.require(interaction)


async def _keeps_pace(interaction: discord.Interaction[Any]) -> bool:
    require_pace(interaction)
    return True


looks_up = app_commands.check(_keeps_pace)
"""Holds for every command that looks something up; buttons ask `require_pace`."""
