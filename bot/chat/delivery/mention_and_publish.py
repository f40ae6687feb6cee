"""Whom a message may mention, and that it is published where somebody wants it to be."""

import logging

import discord

from bot.domain import Delivery

logger = logging.getLogger(__name__)

_PUBLISHED_ALREADY = 40033


def mentioned(delivery: Delivery) -> discord.AllowedMentions:
    """Return the roles that the settings name, and nobody else."""
    roles = [discord.Object(role_id) for role_id in delivery.mentions]
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


async def publish(channel: discord.PartialMessageable, delivery: Delivery, message_id: int) -> None:
    """Publish a message of an announcement channel; that it cannot be holds nothing up."""
    if not delivery.publishes:
        return
    try:
        await channel.get_partial_message(message_id).publish()
    except discord.HTTPException as error:
        if error.code != _PUBLISHED_ALREADY:
            logger.info("delivery %s is sent and not published: %s", delivery.key, error)
