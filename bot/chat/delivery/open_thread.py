"""A thread below the message of a new post, in which its likes are told."""

import logging

import discord

from bot.chat.languages.translator import translator_of
from bot.chat.text import plain
from bot.domain import Delivery
from bot.domain.sentences import Sentence

logger = logging.getLogger(__name__)

_IS_THERE = 160_004
_MAX_NAME = 100
_NAMELESS = Sentence("Likes")


async def open_thread(client: discord.Client, delivery: Delivery, message_id: int) -> int | None:
    """Return the thread of a message, which has the message's ID; None where there is to be none.

    Where the bot may open none, the likes are told in the channel.
    """
    opening = [each for each in delivery.announcements if each.opens_thread and each.post]
    if not opening:
        return None
    post = opening[0].post
    name = plain(" ".join(post.text.split()), _MAX_NAME) if post is not None else ""
    try:
        await client.http.start_thread_with_message(
            delivery.channel_id,
            message_id,
            name=name or translator_of(delivery.language)(_NAMELESS),
            auto_archive_duration=10_080,
        )
    except discord.HTTPException as error:
        if error.code != _IS_THERE:
            logger.info("delivery %s has no thread: %s", delivery.key, error)
            return None
    return message_id
