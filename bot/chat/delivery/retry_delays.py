"""What a failed delivery means: when to try again, what its channel lacks, or that it is refused.

Delays grow with the time since the first try, so nothing needs to count tries.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import discord

from bot.chat.answers.channels import known_trouble
from bot.domain import Delivery
from bot.domain.troubles import DeliveryTrouble
from bot.watching.outbox import LONGEST_DELAY

logger = logging.getLogger(__name__)

_SOONEST, _SHORTLY = timedelta(seconds=2), timedelta(minutes=1)
_LATER = timedelta(minutes=1)

_UNKNOWN_CHANNEL, _MISSING_ACCESS, _MISSING_PERMISSIONS = 10003, 50001, 50013
_ARCHIVED_THREAD, _LOCKED_THREAD = 50083, 160_005
_ABOUT_THE_CHANNEL = {
    _UNKNOWN_CHANNEL: DeliveryTrouble.CHANNEL_DELETED,
    _MISSING_ACCESS: DeliveryTrouble.CANNOT_VIEW,
    _MISSING_PERMISSIONS: DeliveryTrouble.CANNOT_SEND,
    _ARCHIVED_THREAD: DeliveryTrouble.THREAD_ARCHIVED,
    _LOCKED_THREAD: DeliveryTrouble.THREAD_LOCKED,
}
# Of the server's own rules and Discord's, in whatever status they come.
_FILTERED = frozenset({200_000, 240_000})
_NOT_ABOUT_THE_MESSAGE = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
_TOO_LARGE = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE})
_UNNAMED_FOR = timedelta(hours=1)


class ChannelShut(Exception):
    """A channel cannot be looked into, and so nothing is to be sent there."""

    def __init__(self, trouble: DeliveryTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Postponement:
    delay: timedelta
    trouble: DeliveryTrouble | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Discord will not have this message, whenever it is sent; `code` is its error's."""

    code: int


def later(delivery: Delivery, now: datetime) -> timedelta:
    """Return when to try again what somebody must mend first."""
    return min(max(_age(delivery, now), _LATER), LONGEST_DELAY)


def _age(delivery: Delivery, now: datetime) -> timedelta:
    return now - delivery.first_tried_at if delivery.first_tried_at else timedelta(0)


def meaning(
    error: Exception, delivery: Delivery, client: discord.Client, now: datetime
) -> Postponement | Refusal:
    if isinstance(error, ChannelShut):
        return Postponement(later(delivery, now), error.trouble)
    if isinstance(error, discord.RateLimited):
        return Postponement(timedelta(seconds=error.retry_after))
    if isinstance(error, discord.HTTPException):
        trouble = _trouble(error, delivery.channel_id, client)
        if trouble is not None:
            return Postponement(later(delivery, now), trouble)
        if _is_refusal(error, _age(delivery, now)):
            logger.warning("Discord refuses delivery %s: %r", delivery.key, error)
            return Refusal(error.code)
    logger.warning("delivery %s waits: %r", delivery.key, error)
    return Postponement(min(max(_age(delivery, now) / 2, _SOONEST), _SHORTLY))


def _is_refusal(error: discord.HTTPException, age: timedelta) -> bool:
    """Return whether it is the message's contents; all else mends itself, or is no answer of it.

    Discord names what it does not like by a code. What has none is of something before Discord,
    unless it stays so.
    """
    if error.code in _FILTERED:
        return True
    if not HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return False
    if error.status in _NOT_ABOUT_THE_MESSAGE:
        return False
    return bool(error.code) or error.status in _TOO_LARGE or age >= _UNNAMED_FOR


def _trouble(
    error: discord.HTTPException, channel_id: int, client: discord.Client
) -> DeliveryTrouble | None:
    """Return what keeps everything from arriving in the channel."""
    trouble = _ABOUT_THE_CHANNEL.get(error.code)
    if trouble in (DeliveryTrouble.CANNOT_VIEW, DeliveryTrouble.CANNOT_SEND):
        known = known_trouble(client, channel_id)
        if known is None and client.get_channel(channel_id) is None:
            return DeliveryTrouble.THREAD_HIDDEN if error.code == _MISSING_ACCESS else trouble
        return known or trouble
    return trouble
