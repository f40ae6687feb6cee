"""A test announcement: as a watch would tell, marked as a test."""

from dataclasses import replace

import discord
from discord import ui

from bot.chat.cards.card import Card
from bot.chat.delivery.card import announcement_card
from bot.domain import Announcement, AnnouncementType, Delivery, User, Watch
from bot.domain.styles import WatchStyle

_KEY = "test"
_EXAMPLE = User(id=0, username="example", name="Somebody")


async def send_test(client: discord.Client, watch: Watch, style: WatchStyle) -> None:
    """Send to a watch's channel what an announcement looks like there; X is not asked."""
    card = _below("**This is a test.** A new like looks like this:", watch, style)
    channel = client.get_partial_messageable(watch.channel_id)
    await channel.send(view=card, allowed_mentions=discord.AllowedMentions.none())


def preview_card(watch: Watch, style: WatchStyle) -> Card:
    """Show how a watch announces, to whoever chose its words."""
    return _below("Saved. A new like looks like this:", watch, style)


def _below(head: str, watch: Watch, style: WatchStyle) -> Card:
    card = Card()
    card.add_item(ui.TextDisplay(head))
    for item in announcement_card(_example_of(watch, style)).children:
        card.add_item(item)
    return card


def _example_of(watch: Watch, style: WatchStyle) -> Delivery:
    post, count = watch.post, max(1, watch.post.counts.likes)
    liked = Announcement(
        id=0,
        watch_id=watch.id,
        post=post,
        likers=(_EXAMPLE,),
        like_count=count,
        style=style,
        goal=watch.when.goal,
        template=watch.template,
        milestone=count if style is WatchStyle.MILESTONES else None,
    )
    if not watch.shows_names:
        liked = replace(liked, likers=(), type=AnnouncementType.GROWTH, from_count=count - 1)
    return Delivery(_KEY, watch.channel_id, (liked,), None, style=style)
