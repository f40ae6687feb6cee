"""How often one member may look something up: X's allowance, and its price, are everybody's."""

from collections.abc import Hashable
from typing import Any

import discord
from discord import app_commands

from bot.chat.answers.asker import manages_guild

# So many in so many seconds, of whatever kind, by one member in one server.
LOOKUPS, LOOKUPS_PER_S = 10, 30.0
_MANY = 1_000

Interaction = discord.Interaction[Any]


class LookupPace:
    """The cooldowns of members, the same for commands and for buttons.

    Those who manage a server look up as they like there.
    """

    def __init__(self) -> None:
        self._cooldowns: dict[Hashable, app_commands.Cooldown] = {}

    def cooldown(self, interaction: Interaction) -> app_commands.Cooldown | None:
        """Return a member's cooldown; None is no limit."""
        if manages_guild(interaction):
            return None
        if len(self._cooldowns) > _MANY:
            self._forget_who_has_rested(interaction.created_at.timestamp())
        key = interaction.guild_id, interaction.user.id
        return self._cooldowns.setdefault(key, app_commands.Cooldown(LOOKUPS, LOOKUPS_PER_S))

    def _forget_who_has_rested(self, now: float) -> None:
        self._cooldowns = {
            key: cooldown
            for key, cooldown in self._cooldowns.items()
            if cooldown.get_tokens(now) < LOOKUPS
        }


def require_pace(interaction: Interaction) -> None:
    """Raise CommandOnCooldown for a member who has looked up too much just now, by a button."""
    cooldown = _cooldown(interaction)
    if cooldown is None:
        return
    retry_after = cooldown.update_rate_limit(interaction.created_at.timestamp())
    if retry_after is not None:
        raise app_commands.CommandOnCooldown(cooldown, retry_after)


def _cooldown(interaction: Interaction) -> app_commands.Cooldown | None:
    pace: LookupPace = interaction.client.lookup_pace
    return pace.cooldown(interaction)


def _each_time(interaction: Interaction) -> Hashable:
    """Let discord.py keep no cooldown of its own: who manages a server may not do so for long."""
    return interaction.id


looks_up = app_commands.checks.dynamic_cooldown(_cooldown, key=_each_time)
"""Holds for every command that looks something up; buttons ask `require_pace`."""
