"""An announcement of nobody's like, to see how one looks and whether it arrives."""

from dataclasses import replace

import discord
from discord import ui

from bot.chat.cards.card import Accent, Card, frame
from bot.chat.delivery.card import announcement_card
from bot.domain import Announcement, AnnouncementType, Delivery, Post, PostCounts, User, Watch
from bot.domain.styles import WatchStyle

_KEY = "test"
# X's first post, and X's own account: the links lead somewhere.
_POST = Post(20, "This stands for the post that you watch.", counts=PostCounts(likes=1))
_EXAMPLE = User(783_214, "X", "Somebody")


async def send_test(client: discord.Client, watch: Watch, style: WatchStyle) -> None:
    """Send to a watch's channel what an announcement looks like there; X is not asked."""
    card = _below("**This is a test.** A new like looks like this:", watch, style)
    channel = client.get_partial_messageable(watch.channel_id)
    await channel.send(view=card, allowed_mentions=discord.AllowedMentions.none())


def preview_card(watch: Watch, style: WatchStyle) -> Card:
    """Show how a watch announces, to whoever chose its words."""
    return _below("Saved. A new like looks like this:", watch, style)


def sample_card(remark: str, style: WatchStyle) -> Card:
    """Return what a like will look like, above a remark that it is none."""
    shown = announcement_card(_example(_POST, style))
    shown.add_item(frame(Accent.PLAIN, remark))
    return shown


def _below(head: str, watch: Watch, style: WatchStyle) -> Card:
    card = Card()
    card.add_item(ui.TextDisplay(head))
    for item in announcement_card(_example_of(watch, style)).children:
        card.add_item(item)
    return card


def _example_of(watch: Watch, style: WatchStyle) -> Delivery:
    delivery = _example(watch.post, style)
    (liked,) = delivery.announcements
    liked = replace(liked, watch_id=watch.id, goal=watch.when.goal, template=watch.template)
    if not watch.shows_names:
        before = liked.like_count - 1
        liked = replace(liked, likers=(), type=AnnouncementType.GROWTH, from_count=before)
    return replace(delivery, channel_id=watch.channel_id, announcements=(liked,))


def _example(post: Post, style: WatchStyle) -> Delivery:
    count = max(1, post.counts.likes)
    milestone = count if style is WatchStyle.MILESTONES else None
    liked = Announcement(0, None, post, (_EXAMPLE,), count, style=style, milestone=milestone)
    return Delivery(_KEY, 0, (liked,), None, style=style)
