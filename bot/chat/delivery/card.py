"""A delivery as one message: a container for each announcement, which always fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.chat.buttons.announced import below_announcement
from bot.chat.buttons.consents import ShowNamesButton
from bot.chat.buttons.manage_watch import manage_row
from bot.chat.buttons.pages import who_likes_button
from bot.chat.buttons.watch_list import show_watches_button
from bot.chat.cards.announced import likes_told
from bot.chat.cards.appeared import PICTURE_OF, appeared
from bot.chat.cards.card import Accent, Button, Card, beside_picture, card, frame, row
from bot.chat.cards.display_rules import attribution
from bot.chat.cards.notices import notice_sentence
from bot.chat.cards.posts import open_button, post_line, post_link
from bot.chat.cards.styled import styled_text
from bot.chat.delivery.message_charts import MessageChart
from bot.chat.languages.translator import Translator, translator_of
from bot.chat.text.limits import MAX_TEXT, fits
from bot.domain import Announcement, AnnouncementType, Delivery, Post
from bot.domain.announcements import PICTURED, MessageForm, Retold, WhyRetold
from bot.domain.notices import Notice, WatchEnded
from bot.domain.posts import post_url
from bot.domain.sentences import Sentence
from bot.domain.styles import WatchStyle

_MAX_LINE = 60
_MENTIONS = 5 * len("<@&18446744073709551615> ")
_LINES = 300  # shared by all announcements of a message

_WITH_LINE = PICTURED | {MessageForm.WITHOUT_PICTURE}

_LIKED = frozenset({AnnouncementType.LIKES, AnnouncementType.GROWTH, AnnouncementType.LEFT})
# What stays in sight can be managed right there; elsewhere, below the list of those who liked.
_LASTING = frozenset({WatchStyle.CARD, WatchStyle.MILESTONES})
_POST_GONE = Sentence("This post is no longer on X.")
_RETOLD = {
    WhyRetold.GONE: _POST_GONE,
    WhyRetold.ASKED: Sentence("What was told here is gone: somebody asked not to be named."),
}
_NOT_SHOWN = Sentence("X does not show who they are.")
_NEW_POST, _NEW_POST_AT = Sentence("**A new post**"), Sentence("**A new post**: {address}")
_ON = Sentence("{what} on {post}")
_ABOUT = Sentence("About {post}")
_ENDED = Sentence("The watch of {post} has ended.")

_ACCENTS = {
    AnnouncementType.POST: Accent.PLAIN,
    AnnouncementType.LIKES: Accent.LIKE,
    AnnouncementType.GROWTH: Accent.GROWTH,
    AnnouncementType.LEFT: Accent.PLAIN,
    AnnouncementType.NOTICE: Accent.TROUBLE,
}


def announcement_card(delivery: Delivery, chart: MessageChart | None = None) -> Card:
    """Return a delivery as a message: with its `chart`, which stands below what it is about."""
    if not fits(len(delivery.announcements)):
        raise ValueError(f"delivery {delivery.key} does not fit into one message")
    return _Message(delivery, translator_of(delivery.language), chart).card()


def retold_card(retold: Retold, chart: MessageChart | None = None) -> Card:
    """Return what a message that was sent is to say from now on."""
    if retold.delivery is None:
        return card(Accent.PLAIN, translator_of(retold.language)(_RETOLD[retold.why]))
    return announcement_card(retold.delivery, chart)


def _picture(chart: MessageChart) -> ui.MediaGallery[Any]:
    url = f"attachment://{chart.file.name}"
    return ui.MediaGallery(discord.MediaGalleryItem(url, description=chart.alt_text))


@dataclass(frozen=True, slots=True)
class _Message:
    """Says a delivery in a language."""

    delivery: Delivery
    say: Translator
    chart: MessageChart | None

    def card(self) -> Card:
        first, key, chart = self.delivery.announcements[0], self.delivery.key, self.chart
        shown = Card()
        seen: set[str] = set()
        for announcement in self.delivery.announcements:
            container = self._container(announcement)
            if chart is not None and chart.shows == {announcement.id}:
                container.add_item(_picture(chart))
            shown.add_item(container)
            buttons = [*_unseen(self._buttons(announcement), seen)]
            # What acts stands below, and is no part of what X shows.
            if buttons:
                shown.add_item(row(*buttons))
        if chart is not None and len(chart.shows) > 1:
            shown.add_item(_picture(chart))
        if self.delivery.style in _LASTING and first.watch_id is not None:
            shown.add_item(manage_row(first.watch_id, key, self.say))
        return shown

    def _container(self, announcement: Announcement) -> ui.Container[Any]:
        together, form = len(self.delivery.announcements), self.delivery.form
        if announcement.post_gone:
            return frame(_accent(announcement), self._gone(announcement))
        if form is MessageForm.COUNT:
            return frame(_accent(announcement), self._bare(announcement))
        if announcement.type is AnnouncementType.POST and announcement.post is not None:
            return appeared(announcement, announcement.post, self.say, pictured=form in PICTURED)
        most_line = min(_MAX_LINE, _LINES // together) if form in _WITH_LINE else 0
        body = self._body(announcement, most_line, (MAX_TEXT - _MENTIONS) // together)
        if announcement is self.delivery.announcements[0] and self.delivery.mentions:
            roles = " ".join(f"<@&{role_id}>" for role_id in self.delivery.mentions)
            body = f"{roles}\n{body}"
        if announcement.likers and form in PICTURED and announcement.notice is None:
            first = announcement.likers[0]
            alt_text = self.say(PICTURE_OF, name=first.name)
            pictured_body = beside_picture(body, first.profile_image_url, alt_text)
            return frame(_accent(announcement), pictured_body)
        return frame(_accent(announcement), body)

    def _buttons(self, announcement: Announcement) -> list[Button]:
        """Return the buttons below it; in one that Discord hands back rides the key."""
        post, key, form, say = announcement.post, self.delivery.key, self.delivery.form, self.say
        if announcement.post_gone:
            return [show_watches_button(key, say)]
        is_bare = form is MessageForm.COUNT
        links: list[Button] = [open_button(post, say)] if post and not is_bare else []
        if post is None or (announcement.notice is not None and not _is_summary(announcement)):
            return [*links, show_watches_button(key, say)]
        who = who_likes_button(post.id, key, say)
        if _asks_author(announcement) and post.author_id is not None:
            return [*links, who, ShowNamesButton(post.author_id, key, say)]
        if announcement.notice is not None or is_bare:
            return [*links, who]
        together = len(self.delivery.announcements)
        return below_announcement(announcement, post, key, say, together=together)

    def _bare(self, announcement: Announcement) -> str:
        """Return the count and a link: the least there is to say, and nothing written on X."""
        post, notice = announcement.post, announcement.notice
        if notice is not None:
            sentence = notice_sentence(notice, self.say)
            return sentence if post is None else f"{sentence}\n{_link(post)}"
        if announcement.type is AnnouncementType.POST:
            if post is None:
                return self.say(_NEW_POST)
            return self.say(_NEW_POST_AT, address=_link(post))
        what = f"**{likes_told(announcement, self.say)}**"
        return what if post is None else self.say(_ON, what=what, post=_link(post))

    def _gone(self, announcement: Announcement) -> str:
        """Return what is left of an announcement whose post X shows no more."""
        gone = self.say(_POST_GONE)
        if announcement.notice is not None:
            return f"{gone}\n{notice_sentence(announcement.notice, self.say)}"
        if announcement.type is AnnouncementType.POST:
            return gone
        return f"**{likes_told(announcement, self.say)}**\n{gone}"

    def _body(self, announcement: Announcement, most_line: int, limit: int) -> str:
        post, notice = announcement.post, announcement.notice
        if notice is not None:
            return self._notice(notice, post, most_line)
        if post is None:
            return self.say(_NOT_SHOWN)
        pictured = self.chart is not None and announcement.id in self.chart.shows
        return styled_text(announcement, post, self.say, most_line, limit, pictured=pictured)

    def _notice(self, notice: Notice, post: Post | None, most_line: int) -> str:
        sentence = notice_sentence(notice, self.say)
        if post is None:
            return sentence
        shown = post_link(post, self.say)
        ended = isinstance(notice, WatchEnded)
        head = f"**{self.say(_ENDED, post=shown)}**" if ended else self.say(_ABOUT, post=shown)
        line = post_line(post, most_line)
        below = attribution(post, self.say).rstrip("\n") if line else ""
        return "\n".join(filter(None, [head, line, below, sentence]))


def _unseen(buttons: list[Button], seen: set[str]) -> Iterator[Button]:
    """Leave out what is there already: Discord refuses two buttons with the same custom_id."""
    for button in buttons:
        name = None if isinstance(button, ui.Button) else button.custom_id
        if name is None or name not in seen:
            yield button
        if name is not None:
            seen.add(name)


def _asks_author(announcement: Announcement) -> bool:
    is_unnamed = announcement.type in _LIKED and not announcement.told
    return is_unnamed and announcement.asks_author


def _accent(announcement: Announcement) -> Accent:
    if announcement.type is AnnouncementType.LIKES and not announcement.told:
        return Accent.GROWTH
    return Accent.DONE if _is_summary(announcement) else _ACCENTS[announcement.type]


def _is_summary(announcement: Announcement) -> bool:
    return isinstance(announcement.notice, WatchEnded)


def _link(post: Post) -> str:
    """Return a post's address without the username, which is foreign text."""
    return f"<{post_url(post.id, None)}>"
