"""Forums: what is told of a watch there first is a post of its own, and the rest goes into it."""

from datetime import datetime

import discord

from bot.chat.cards.card import Card
from bot.chat.delivery.find_sent import CLOCKS_DIFFER, carries
from bot.chat.delivery.mention_and_publish import mentioned
from bot.chat.languages.translator import translator_of
from bot.chat.text import plain
from bot.domain import Delivery
from bot.domain.sentences import Sentence

_MAX_NAME = 100
_NAMELESS = Sentence("Likes")
_MOST_TAGS = 5


class NotTogether(Exception):
    """What is told about several posts cannot be in one place, such as a forum's post."""


def forum_of(client: discord.Client, delivery: Delivery) -> discord.ForumChannel | None:
    channel = client.get_channel(delivery.channel_id)
    return channel if isinstance(channel, discord.ForumChannel) else None


def is_for_one_post(delivery: Delivery) -> bool:
    """Say whether all that is told is about one post: others have a forum's post of their own."""
    return len({each.post.id if each.post else 0 for each in delivery.announcements}) == 1


async def post_in_forum(
    forum: discord.ForumChannel, delivery: Delivery, card: Card, files: list[discord.File]
) -> int:
    """Return the ID of the forum's post, which its first message has too.

    A forum knows no nonce, so what an earlier try has made must be looked for before.
    """
    made = await forum.create_thread(
        name=_name(delivery),
        view=card,
        files=files,
        applied_tags=_tags(forum, delivery),
        allowed_mentions=mentioned(delivery),
    )
    return made.thread.id


async def find_in_forum(
    client: discord.Client, forum: discord.ForumChannel, delivery: Delivery, since: datetime | None
) -> int | None:
    """Return the post that carries the delivery's key, or None."""
    if since is None or client.user is None:
        return None
    earliest = discord.utils.time_snowflake(since - CLOCKS_DIFFER)
    for thread in await forum.guild.active_threads():
        if (thread.parent_id, thread.owner_id) != (forum.id, client.user.id):
            continue
        if thread.id >= earliest and await _begins_with(thread, delivery.key):
            return thread.id
    return None


async def _begins_with(thread: discord.Thread, key: str) -> bool:
    try:
        first = await thread.fetch_message(thread.id)
    except discord.NotFound:
        return False
    return carries(first, key)


def _name(delivery: Delivery) -> str:
    post = delivery.announcements[0].post
    return (
        plain(" ".join(post.text.split()), _MAX_NAME)
        if post and post.text
        else translator_of(delivery.language)(_NAMELESS)
    )


def _tags(forum: discord.ForumChannel, delivery: Delivery) -> list[discord.ForumTag]:
    """Return the tags that are called as the watch is or as its style, or one if there must be."""
    wanted = {delivery.style.value, *(name.casefold() for name in delivery.labels)}
    fitting = [tag for tag in forum.available_tags if tag.name.casefold() in wanted]
    if not fitting and forum.flags.require_tag:
        fitting = list(forum.available_tags[:1])
    return fitting[:_MOST_TAGS]
