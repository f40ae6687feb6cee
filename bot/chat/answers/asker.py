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


IN_SERVERS_TOO = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
FOR_ONESELF = app_commands.allowed_installs(guilds=True, users=True)
"""Together: a command that works wherever somebody is who has installed the bot for themselves."""


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

    def owns(self, guild_id: int) -> bool:
        """Say whether a guild is noted as one that belongs to somebody who runs the bot."""
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
    """Return the server that the bot was asked in, as a member of it."""
    if interaction.guild_id is None or is_personal(interaction):
        raise NotAllowed("This works only in a server that I am in.")
    return interaction.guild_id


def is_personal(interaction: discord.Interaction[Any]) -> bool:
    """Say whether somebody asks for themselves alone.

    That is in private messages, and in servers that the bot is not in, where it comes with who
    has installed it for themselves.
    """
    by_user = interaction.is_user_integration() and not interaction.is_guild_integration()
    return interaction.guild_id is None or by_user


async def asker_of(interaction: discord.Interaction[Any]) -> Actor:
    """Return who asks where one may ask for oneself alone, too.

    Who does, asks with their own linked account, and pays alone; raise NotLinked.
    """
    if is_personal(interaction):
        await services_of(interaction).accounts.status(interaction.user.id)
    return actor_of(interaction)


def actor_of(interaction: discord.Interaction[Any]) -> Actor:
    """Return who asks, and for which server; for themselves alone, that is by their own ID."""
    user = interaction.user
    if is_personal(interaction):
        return Actor(user.id, user.id, frozenset(), manages_guild=False)
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
    """Say whether somebody manages the server; who asks for themselves alone manages nothing."""
    if is_personal(interaction):
        return False
    return interaction.permissions.manage_guild or interaction.permissions.administrator


def require_manager(interaction: discord.Interaction[Any]) -> None:
    if not manages_guild(interaction):
        raise app_commands.MissingPermissions(["manage_guild"])
