"""What a failed delivery means: when to try again, what its channel lacks, or that it is refused.

Delays grow with the time since the first try, so nothing needs to count tries.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import discord

from bot.chat.answers.channels import missing_permission
from bot.domain import Delivery
from bot.domain.troubles import DeliveryTrouble
from bot.watching.outbox import LONGEST_DELAY

logger = logging.getLogger(__name__)

_SOONEST, _SHORTLY = timedelta(seconds=2), timedelta(minutes=1)
_LATER = timedelta(minutes=1)

_UNKNOWN_CHANNEL, _CANNOT_VIEW, _CANNOT_SEND = 10003, 50001, 50013
_ABOUT_THE_CHANNEL = {
    _UNKNOWN_CHANNEL: DeliveryTrouble.CHANNEL_DELETED,
    _CANNOT_VIEW: DeliveryTrouble.CANNOT_VIEW,
    _CANNOT_SEND: DeliveryTrouble.CANNOT_SEND,
}
# Of the server's own rules and Discord's, in whatever status they come.
_FILTERED = frozenset({200_000, 240_000})
_NOT_ABOUT_THE_MESSAGE = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
)


@dataclass(frozen=True, slots=True)
class Postponement:
    delay: timedelta
    trouble: DeliveryTrouble | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Discord will not have this message, whenever it is sent; `code` is its error's."""

    code: int


def meaning(
    error: Exception, delivery: Delivery, client: discord.Client, now: datetime
) -> Postponement | Refusal:
    age = now - delivery.first_tried_at if delivery.first_tried_at else timedelta(0)
    if isinstance(error, discord.RateLimited):
        return Postponement(timedelta(seconds=error.retry_after))
    if isinstance(error, discord.HTTPException):
        trouble = _trouble(error, delivery.channel_id, client)
        if trouble is not None:
            return Postponement(min(max(age, _LATER), LONGEST_DELAY), trouble)
        if _is_refusal(error):
            logger.warning("Discord refuses delivery %s: %r", delivery.key, error)
            return Refusal(error.code)
    logger.warning("delivery %s waits: %r", delivery.key, error)
    return Postponement(min(max(age / 2, _SOONEST), _SHORTLY))


def _is_refusal(error: discord.HTTPException) -> bool:
    """Return whether it is the message's contents; all else mends itself, or is no answer of it."""
    if error.code in _FILTERED:
        return True
    return (
        HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
        and error.status != HTTPStatus.TOO_MANY_REQUESTS
        and error.status not in _NOT_ABOUT_THE_MESSAGE
    )


def _trouble(
    error: discord.HTTPException, channel_id: int, client: discord.Client
) -> DeliveryTrouble | None:
    """Return what keeps everything from arriving in the channel."""
    trouble = _ABOUT_THE_CHANNEL.get(error.code)
    if trouble in (DeliveryTrouble.CANNOT_VIEW, DeliveryTrouble.CANNOT_SEND):
        channel = client.get_channel(channel_id)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return missing_permission(channel) or trouble
    return trouble
