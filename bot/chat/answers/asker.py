"""Who asks, and where."""

from typing import Any, Protocol

import discord
from discord import app_commands

from bot.domain import Actor, Member
from bot.domain.errors import NotAllowed
from bot.services.all_services import Services
from bot.services.export.values import ExportRequest

managers_only = app_commands.checks.has_permissions(manage_guild=True)
"""Holds even where a server's own command settings would let others in."""


class RunsExports(Protocol):
    """Runs exports beside everything else."""

    async def begin(
        self, interaction: discord.Interaction[Any], request: ExportRequest, *, sure: bool = False
    ) -> None:
        """Begin an export in a private answer that is promised already."""
        ...

    async def cancel(self, interaction: discord.Interaction[Any], key: str) -> None:
        """End an export with what it has read."""
        ...


class RunsImports(Protocol):
    """Adds many watches beside everything else."""

    async def begin(self, interaction: discord.Interaction[Any], key: str) -> None:
        """Begin what was asked about."""
        ...

    async def stop(self, interaction: discord.Interaction[Any], key: str) -> None:
        """End it with what it has added."""
        ...


class KnowsOperators(Protocol):
    """Knows who runs the bot."""

    def has(self, user_id: int) -> bool:
        """Say whether somebody runs the bot, as of when Discord was last asked."""
        ...

    async def ask(self) -> frozenset[int]:
        """Ask Discord who runs the bot."""
        ...


def operators_of(interaction: discord.Interaction[Any]) -> KnowsOperators:
    operators: KnowsOperators = interaction.client.operators
    return operators


def services_of(interaction: discord.Interaction[Any]) -> Services:
    services: Services = interaction.client.services
    return services


def exporter_of(interaction: discord.Interaction[Any]) -> RunsExports:
    exporter: RunsExports = interaction.client.exporter
    return exporter


def importer_of(interaction: discord.Interaction[Any]) -> RunsImports:
    importer: RunsImports = interaction.client.importer
    return importer


def guild_of(interaction: discord.Interaction[Any]) -> int:
    if interaction.guild_id is None:
        raise NotAllowed("This works in a server only.")
    return interaction.guild_id


def actor_of(interaction: discord.Interaction[Any]) -> Actor:
    user = interaction.user
    roles = user.roles if isinstance(user, discord.Member) else []
    return Actor(
        user_id=user.id,
        guild_id=guild_of(interaction),
        role_ids=frozenset(role.id for role in roles),
        manages_guild=manages_guild(interaction),
    )


def member_of(interaction: discord.Interaction[Any]) -> Member:
    """Return who asks, by the names that people know them and the server by."""
    guild = interaction.guild
    guild_id = guild_of(interaction)
    name = guild.name if guild is not None else str(guild_id)
    user = interaction.user
    return Member(user.id, user.display_name, name, guild_id, user.name)


def manages_guild(interaction: discord.Interaction[Any]) -> bool:
    return interaction.permissions.manage_guild or interaction.permissions.administrator


def require_manager(interaction: discord.Interaction[Any]) -> None:
    if not manages_guild(interaction):
        raise app_commands.MissingPermissions(["manage_guild"])
