"""An announcement of nobody's like, to see how one looks and whether it arrives."""

from dataclasses import replace

import discord
from discord import ui

from bot.chat.cards.card import Accent, Card, frame
from bot.chat.delivery.card import announcement_card
from bot.chat.languages.translator import translator_of
from bot.domain import (
    Announcement,
    AnnouncementType,
    Delivery,
    GuildConfig,
    Post,
    PostCounts,
    User,
    Watch,
)
from bot.domain.languages import Language
from bot.domain.sentences import Sentence
from bot.domain.styles import WatchStyle

TEST_REMARK = Sentence("This is a test that a manager asked for. Nobody liked anything.")
SAMPLE_REMARK = Sentence("This is how a like will look. Nobody liked anything: it is a sample.")
_TEST_HEAD = Sentence("**This is a test.** A new like looks like this:")
_STAND_IN = Sentence("This stands for the post that you watch.")
_SOMEBODY = Sentence("Somebody")
_SAVED = "Saved. A new like looks like this:"
_KEY = "test"


async def send_test(client: discord.Client, watch: Watch, config: GuildConfig) -> None:
    """Send to a watch's channel what an announcement looks like there; X is not asked."""
    card = _below(translator_of(config.spoken)(_TEST_HEAD), watch, config)
    channel = client.get_partial_messageable(watch.channel_id)
    await channel.send(view=card, allowed_mentions=discord.AllowedMentions.none())


def preview_card(watch: Watch, config: GuildConfig) -> Card:
    """Show how a watch announces, to whoever chose its words."""
    return _below(_SAVED, watch, config)


def sample_card(remark: Sentence, config: GuildConfig) -> Card:
    """Return what a like will look like in a server, above a remark that it is none."""
    say = translator_of(config.spoken)
    # X's first post: the links lead somewhere.
    post = Post(20, say(_STAND_IN), counts=PostCounts(likes=1))
    shown = announcement_card(_example(post, config.style, config.spoken))
    shown.add_item(frame(Accent.PLAIN, f"-# {say(remark)}"))
    return shown


def _below(head: str, watch: Watch, config: GuildConfig) -> Card:
    card = Card()
    card.add_item(ui.TextDisplay(head))
    for item in announcement_card(_example_of(watch, config)).children:
        card.add_item(item)
    return card


def _example_of(watch: Watch, config: GuildConfig) -> Delivery:
    delivery = _example(watch.post, watch.style or config.style, config.spoken)
    (liked,) = delivery.announcements
    liked = replace(liked, watch_id=watch.id, goal=watch.when.goal, template=watch.template)
    if not watch.shows_names:
        before = liked.like_count - 1
        liked = replace(liked, likers=(), type=AnnouncementType.GROWTH, from_count=before)
    return replace(delivery, channel_id=watch.channel_id, announcements=(liked,))


def _example(post: Post, style: WatchStyle, language: Language) -> Delivery:
    count = max(1, post.counts.likes)
    milestone = count if style is WatchStyle.MILESTONES else None
    liker = User(783_214, "X", translator_of(language)(_SOMEBODY))  # X's own account
    liked = Announcement(0, None, post, (liker,), count, style=style, milestone=milestone)
    return Delivery(_KEY, 0, (liked,), None, style=style, language=language)
