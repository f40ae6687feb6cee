"""A delivery as one message: a container for each announcement, which always fits."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.chat.buttons.announced import below_announcement
from bot.chat.buttons.consents import ShowNamesButton
from bot.chat.buttons.manage_watch import manage_row
from bot.chat.buttons.pages import who_likes_button
from bot.chat.buttons.watch_list import show_watches_button
from bot.chat.cards.announced import NOT_SHOWN, named, withheld
from bot.chat.cards.appeared import appeared
from bot.chat.cards.card import Accent, Button, Card, beside_picture, card, frame, row
from bot.chat.cards.display_rules import attribution
from bot.chat.cards.notices import notice_sentence
from bot.chat.cards.numbers import counted
from bot.chat.cards.posts import open_button, post_line, post_link
from bot.chat.cards.styled import styled_text
from bot.chat.delivery.message_charts import MessageChart
from bot.chat.text.limits import MAX_TEXT, fits
from bot.domain import Announcement, AnnouncementType, Delivery, Post
from bot.domain.announcements import PICTURED, MessageForm, Retold, WhyRetold
from bot.domain.notices import Notice, WatchEnded
from bot.domain.posts import post_url
from bot.domain.styles import WatchStyle

_MAX_LINE = 60
_MENTIONS = 5 * len("<@&18446744073709551615> ")
_LINES = 300  # shared by all announcements of a message

_WITH_LINE = PICTURED | {MessageForm.WITHOUT_PICTURE}

_LIKED = frozenset({AnnouncementType.LIKES, AnnouncementType.GROWTH, AnnouncementType.LEFT})
# What stays in sight can be managed right there; elsewhere, below the list of those who liked.
_LASTING = frozenset({WatchStyle.CARD, WatchStyle.MILESTONES})
_POST_GONE = "This post is no longer on X."
_RETOLD = {
    WhyRetold.GONE: _POST_GONE,
    WhyRetold.ASKED: "What was told here is gone: somebody asked not to be named.",
}

_ACCENTS = {
    AnnouncementType.POST: Accent.PLAIN,
    AnnouncementType.LIKES: Accent.LIKE,
    AnnouncementType.GROWTH: Accent.GROWTH,
    AnnouncementType.LEFT: Accent.PLAIN,
    AnnouncementType.NOTICE: Accent.TROUBLE,
}


def announcement_card(delivery: Delivery, chart: MessageChart | None = None) -> Card:
    """Return a delivery as a message: with its `chart`, which stands below what it is about."""
    announcements = delivery.announcements
    if not fits(len(announcements)):
        raise ValueError(f"delivery {delivery.key} does not fit into one message")
    shown = Card()
    seen: set[str] = set()
    for announcement in announcements:
        container = _container(announcement, delivery, chart)
        if chart is not None and chart.shows == {announcement.id}:
            container.add_item(_picture(chart))
        shown.add_item(container)
        buttons = [*_unseen(_buttons(announcement, delivery), seen)]
        # What acts stands below, and is no part of what X shows.
        if buttons:
            shown.add_item(row(*buttons))
    if chart is not None and len(chart.shows) > 1:
        shown.add_item(_picture(chart))
    if delivery.style in _LASTING and announcements[0].watch_id is not None:
        shown.add_item(manage_row(announcements[0].watch_id, delivery.key))
    return shown


def retold_card(retold: Retold, chart: MessageChart | None = None) -> Card:
    """Return what a message that was sent is to say from now on."""
    if retold.delivery is None:
        return card(Accent.PLAIN, _RETOLD[retold.why])
    return announcement_card(retold.delivery, chart)


def _picture(chart: MessageChart) -> ui.MediaGallery[Any]:
    url = f"attachment://{chart.file.name}"
    return ui.MediaGallery(discord.MediaGalleryItem(url, description=chart.alt_text))


def _unseen(buttons: list[Button], seen: set[str]) -> Iterator[Button]:
    """Leave out what is there already: Discord refuses two buttons with the same custom_id."""
    for button in buttons:
        name = None if isinstance(button, ui.Button) else button.custom_id
        if name is None or name not in seen:
            yield button
        if name is not None:
            seen.add(name)


def _container(
    announcement: Announcement, delivery: Delivery, chart: MessageChart | None
) -> ui.Container[Any]:
    together, form = len(delivery.announcements), delivery.form
    if announcement.post_gone:
        return frame(_accent(announcement), _gone(announcement))
    if form is MessageForm.COUNT:
        return frame(_accent(announcement), _bare(announcement))
    if announcement.type is AnnouncementType.POST and announcement.post is not None:
        return appeared(announcement, announcement.post, pictured=form in PICTURED)
    most_line = min(_MAX_LINE, _LINES // together) if form in _WITH_LINE else 0
    pictured = chart is not None and announcement.id in chart.shows
    limit = (MAX_TEXT - _MENTIONS) // together
    body = _body(announcement, most_line, limit, pictured=pictured)
    if announcement is delivery.announcements[0] and delivery.mentions:
        roles = " ".join(f"<@&{role_id}>" for role_id in delivery.mentions)
        body = f"{roles}\n{body}"
    if announcement.likers and form in PICTURED and announcement.notice is None:
        first = announcement.likers[0]
        alt_text = f"Profile picture of {first.name}"
        return frame(_accent(announcement), beside_picture(body, first.profile_image_url, alt_text))
    return frame(_accent(announcement), body)


def _buttons(announcement: Announcement, delivery: Delivery) -> list[Button]:
    """Return the buttons below an announcement; in one that Discord hands back rides the key."""
    post, key = announcement.post, delivery.key
    if announcement.post_gone:
        return [show_watches_button(key)]
    links: list[Button] = (
        [open_button(post)] if post and delivery.form is not MessageForm.COUNT else []
    )
    if post is None or (announcement.notice is not None and not _is_summary(announcement)):
        return [*links, show_watches_button(key)]
    if _asks_author(announcement) and post.author_id is not None:
        return [*links, who_likes_button(post.id, key), ShowNamesButton(post.author_id, key)]
    if announcement.notice is not None or delivery.form is MessageForm.COUNT:
        return [*links, who_likes_button(post.id, key)]
    return below_announcement(announcement, post, key, together=len(delivery.announcements))


def _asks_author(announcement: Announcement) -> bool:
    is_unnamed = announcement.type in _LIKED and not announcement.told
    return is_unnamed and announcement.asks_author


def _accent(announcement: Announcement) -> Accent:
    if announcement.type is AnnouncementType.LIKES and not announcement.told:
        return Accent.GROWTH
    return Accent.DONE if _is_summary(announcement) else _ACCENTS[announcement.type]


def _is_summary(announcement: Announcement) -> bool:
    return isinstance(announcement.notice, WatchEnded)


def _bare(announcement: Announcement) -> str:
    """Return the least there is to say: the count and a link, nothing that anybody wrote on X."""
    post, notice = announcement.post, announcement.notice
    if notice is not None:
        sentence = notice_sentence(notice)
        return sentence if post is None else f"{sentence}\n{_link(post)}"
    if announcement.type is AnnouncementType.POST:
        return "**A new post**" if post is None else f"**A new post**: {_link(post)}"
    what = _how_many(announcement)
    return f"**{what}**" if post is None else f"**{what}** on {_link(post)}"


def _gone(announcement: Announcement) -> str:
    """Return what is left of an announcement whose post X shows no more."""
    if announcement.notice is not None:
        return f"{_POST_GONE}\n{notice_sentence(announcement.notice)}"
    if announcement.type is AnnouncementType.POST:
        return _POST_GONE
    return f"**{_how_many(announcement)}**\n{_POST_GONE}"


def _how_many(announcement: Announcement) -> str:
    if announcement.told:
        return named(announcement)
    if announcement.from_count is None:
        return withheld(announcement)
    return counted(max(0, announcement.like_count - announcement.from_count), "new like")


def _link(post: Post) -> str:
    """Return a post's address without the username, which is foreign text."""
    return f"<{post_url(post.id, None)}>"


def _body(announcement: Announcement, most_line: int, limit: int, *, pictured: bool) -> str:
    post, notice = announcement.post, announcement.notice
    if notice is not None:
        return _notice(notice, post, most_line)
    if post is None:
        return NOT_SHOWN
    return styled_text(announcement, post, most_line, limit, pictured=pictured)


def _notice(notice: Notice, post: Post | None, most_line: int) -> str:
    sentence = notice_sentence(notice)
    if post is None:
        return sentence
    head = f"About {post_link(post)}"
    if isinstance(notice, WatchEnded):
        head = f"**The watch of {post_link(post)} has ended.**"
    line = post_line(post, most_line)
    below = attribution(post).rstrip("\n") if line else ""
    return "\n".join(filter(None, [head, line, below, sentence]))
