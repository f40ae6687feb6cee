"""Roles that a member may have mentioned."""

from typing import Any

import discord

from bot.domain.errors import NotAllowed


def require_mentionable(interaction: discord.Interaction[Any], role: discord.Role | None) -> None:
    """Refuse a role that the bot's message would name without anybody hearing of it."""
    if role is None:
        return
    if role.is_default():
        raise NotAllowed("I never mention everyone. Choose another role.")
    if not (role.mentionable or interaction.app_permissions.mention_everyone):
        raise NotAllowed(
            f"I may not mention <@&{role.id}>. Let anyone mention it in the role's settings, or "
            "give me the permission “Mention @everyone, @here, and All Roles”."
        )
