"""What a failed delivery means: when to try again, and what to tell the guild's admins.

Delays grow with the time since the first try, so nothing needs to count tries.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
import discord

from bot.chat.answers.channels import missing_permission
from bot.domain import Delivery
from bot.domain.troubles import DeliveryTrouble
from bot.watching.outbox import LONGEST_DELAY

logger = logging.getLogger(__name__)

_SOONEST, _SHORTLY = timedelta(seconds=2), timedelta(minutes=1)
_LATER = timedelta(minutes=1)

_CANNOT_VIEW = 50001


@dataclass(frozen=True, slots=True)
class Postponement:
    delay: timedelta
    trouble: DeliveryTrouble | None = None


def postponement(
    error: Exception, delivery: Delivery, client: discord.Client, now: datetime
) -> Postponement:
    age = now - delivery.first_tried_at if delivery.first_tried_at else timedelta(0)
    later = min(max(age, _LATER), LONGEST_DELAY)
    if isinstance(error, discord.Forbidden):
        return Postponement(later, _forbidden(error, delivery.channel_id, client))
    if isinstance(error, discord.NotFound):
        return Postponement(later, DeliveryTrouble.CHANNEL_DELETED)
    if isinstance(error, discord.RateLimited):
        return Postponement(timedelta(seconds=error.retry_after))
    if _passes(error):
        logger.warning("delivery %s waits: %r", delivery.key, error)
        return Postponement(min(max(age / 2, _SOONEST), _SHORTLY))
    logger.error("delivery %s is refused: %r", delivery.key, error)
    return Postponement(later, DeliveryTrouble.REFUSED)


def _passes(error: Exception) -> bool:
    """Return whether Discord or the way to it is at fault, which mends itself."""
    if isinstance(error, discord.HTTPException):
        return (
            error.status == HTTPStatus.TOO_MANY_REQUESTS
            or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        )
    return isinstance(error, aiohttp.ClientError | OSError)


def _forbidden(
    error: discord.Forbidden, channel_id: int, client: discord.Client
) -> DeliveryTrouble:
    channel = client.get_channel(channel_id)
    missing = None
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        missing = missing_permission(channel)
    if missing is not None:
        return missing
    cannot_view = error.code == _CANNOT_VIEW
    return DeliveryTrouble.CANNOT_VIEW if cannot_view else DeliveryTrouble.CANNOT_SEND
