"""A delivery as one message: a container for each announcement, which always fits."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.buttons.consents import ShowNamesButton
from bot.chat.buttons.pages import LikersButton, who_likes_button
from bot.chat.buttons.watch_list import WatchesButton, show_watches_button
from bot.chat.cards.card import Accent, Button, Card, beside_picture, card, frame, row
from bot.chat.cards.display_rules import quotation
from bot.chat.cards.notices import notice_sentence
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import open_button, post_link
from bot.chat.text.limits import fits
from bot.domain import Announcement, AnnouncementType, Delivery, Post, WatchKind
from bot.domain.announcements import MessageForm, Retold, WhyRetold
from bot.domain.notices import Notice, WatchEnded
from bot.domain.posts import post_url

_MAX_EXCERPT = 320  # with where it is from
_EXCERPTS = 500  # shared by all announcements of a message

_WITH_PICTURE = frozenset({MessageForm.TOGETHER, MessageForm.ALONE})
_WITH_EXCERPT = _WITH_PICTURE | {MessageForm.WITHOUT_PICTURE}

_WHY_NO_NAMES = {
    WatchKind.COUNTS: "X hides who likes posts of other accounts, so there are no names. The "
    "author lifts that with `/account link`.",
    WatchKind.STALLED: "X's list shows nobody new, so I tell how many.",
}
_NOT_AGREED = "The author has not let this server see who likes it."
_NOT_SHOWN = "X does not show who they are."
_POST_GONE = "This post is no longer on X."
_RETOLD = {
    WhyRetold.GONE: _POST_GONE,
    WhyRetold.ASKED: "What was told here is gone: somebody asked not to be named.",
}

_ACCENTS = {
    AnnouncementType.LIKES: Accent.LIKE,
    AnnouncementType.GROWTH: Accent.GROWTH,
    AnnouncementType.LEFT: Accent.PLAIN,
    AnnouncementType.NOTICE: Accent.TROUBLE,
}


def announcement_card(delivery: Delivery) -> Card:
    announcements = delivery.announcements
    if delivery.form is not MessageForm.COUNT and not fits(
        [announcement.weight for announcement in announcements]
    ):
        raise ValueError(f"delivery {delivery.key} does not fit into one message")
    return Card(*_containers(announcements, delivery.key, delivery.form))


def retold_card(retold: Retold) -> Card:
    """Return what a message that was sent is to say from now on."""
    if retold.delivery is None:
        return card(Accent.PLAIN, _RETOLD[retold.why])
    return announcement_card(retold.delivery)


def _containers(
    announcements: Sequence[Announcement], key: str, form: MessageForm
) -> list[ui.Container[Any] | ui.ActionRow[Any]]:
    containers: list[ui.Container[Any] | ui.ActionRow[Any]] = []
    seen: set[str] = set()
    for announcement in announcements:
        # Discord refuses a message in which two buttons have the same custom_id.
        buttons = [each for each in _buttons(announcement, key, form) if _name(each) not in seen]
        seen.update(filter(None, map(_name, buttons)))
        excerpts = _EXCERPTS // len(announcements) if form in _WITH_EXCERPT else 0
        if form is MessageForm.COUNT:
            body: str | ui.Section[Any] = _bare(announcement)
        else:
            body = _body(announcement, excerpts, pictured=form in _WITH_PICTURE)
        containers.append(frame(_accent(announcement), body))
        if buttons:
            containers.append(row(*buttons))
    return containers


def _buttons(announcement: Announcement, key: str, form: MessageForm) -> list[Button]:
    """Return the buttons below an announcement; in one that Discord hands back rides the key."""
    post = announcement.post
    if announcement.post_gone:
        return [show_watches_button(key)]
    links: list[Button] = [open_button(post)] if post and form is not MessageForm.COUNT else []
    if post is None or (announcement.notice is not None and not _is_summary(announcement)):
        return [*links, show_watches_button(key)]
    if _asks_author(announcement) and post.author_id is not None:
        return [*links, who_likes_button(post.id, key), ShowNamesButton(post.author_id, key)]
    return [*links, who_likes_button(post.id, key)]


def _asks_author(announcement: Announcement) -> bool:
    is_unnamed = announcement.notice is None and not announcement.told
    return is_unnamed and announcement.asks_author


def _name(button: Button) -> str | None:
    named = isinstance(button, LikersButton | WatchesButton | ShowNamesButton)
    return button.custom_id if named else None


def _accent(announcement: Announcement) -> Accent:
    if announcement.type is AnnouncementType.LIKES and not announcement.told:
        return Accent.GROWTH
    return Accent.DONE if _is_summary(announcement) else _ACCENTS[announcement.type]


def _is_summary(announcement: Announcement) -> bool:
    return isinstance(announcement.notice, WatchEnded)


def _bare(announcement: Announcement) -> str:
    """Return the least there is to say: the count and a link, nothing that anybody wrote on X."""
    post, notice = announcement.post, announcement.notice
    if announcement.post_gone:
        return _gone(announcement)
    if notice is not None:
        sentence = notice_sentence(notice)
        return sentence if post is None else f"{sentence}\n{_link(post)}"
    return _bare_likes(announcement, post)


def _gone(announcement: Announcement) -> str:
    """Return what is left of an announcement whose post X shows no more."""
    if announcement.notice is not None:
        return f"{_POST_GONE}\n{notice_sentence(announcement.notice)}"
    return f"**{_how_many(announcement)}**\n{_POST_GONE}"


def _bare_likes(announcement: Announcement, post: Post | None) -> str:
    what = _how_many(announcement)
    return f"**{what}**" if post is None else f"**{what}** on {_link(post)}"


def _how_many(announcement: Announcement) -> str:
    if announcement.told:
        return _named(announcement)
    if announcement.from_count is None:
        return _withheld(announcement)
    return counted(max(0, announcement.like_count - announcement.from_count), "new like")


def _link(post: Post) -> str:
    """Return a post's address without the username, which is foreign text."""
    return f"<{post_url(post.id, None)}>"


def _body(
    announcement: Announcement, most_excerpt: int, *, pictured: bool
) -> str | ui.Section[Any]:
    post, notice = announcement.post, announcement.notice
    quoted = quotation(post, min(_MAX_EXCERPT, most_excerpt)) if post and most_excerpt else ""
    if announcement.post_gone:
        return _gone(announcement)
    if notice is not None:
        return _notice(notice, post, quoted)
    if post is None:
        return _NOT_SHOWN
    if announcement.told:
        return _names(announcement, post, quoted, pictured=pictured)
    return _growth(announcement, post, quoted)


def _notice(notice: Notice, post: Post | None, quoted: str) -> str:
    sentence = notice_sentence(notice)
    if post is None:
        return sentence
    if isinstance(notice, WatchEnded):
        return f"**The watch of {post_link(post)} has ended.**\n{quoted}{sentence}"
    return f"About {post_link(post)}\n{quoted}{sentence}"


def _names(
    announcement: Announcement, post: Post, quoted: str, *, pictured: bool
) -> str | ui.Section[Any]:
    likers = announcement.likers
    names = ", ".join([text.profile_link(liker) for liker in likers] + _others(announcement))
    body = (
        f"**{_named(announcement)}** on {post_link(post)}\n{quoted}"
        f"{names}\n-# {counted(announcement.like_count, 'like')} in all"
    )
    if len(likers) != 1 or announcement.unnamed or not pictured:
        return body
    return beside_picture(body, likers[0].profile_image_url, f"Profile picture of {likers[0].name}")


def _others(announcement: Announcement) -> list[str]:
    """Return how many likers are not to be named, beside those who are."""
    beside = announcement.likers and announcement.unnamed
    return [f"{number(announcement.unnamed)} more"] if beside else []


def _named(announcement: Announcement) -> str:
    """Return how many likes are told of."""
    likers = announcement.told
    if announcement.type is AnnouncementType.LEFT:
        return f"{counted(likers, 'like')} taken back"
    return counted(likers, "new like")


def _withheld(announcement: Announcement) -> str:
    """Return what is told where names are not shown: not even how many they were."""
    return "Likes taken back" if announcement.type is AnnouncementType.LEFT else "New likes"


def _growth(announcement: Announcement, post: Post, quoted: str) -> str:
    before, after = announcement.from_count, announcement.like_count
    why = _WHY_NO_NAMES.get(announcement.kind, _NOT_SHOWN)
    if _asks_author(announcement):
        why = _NOT_AGREED
    on = f"on {post_link(post)}\n{quoted}"
    if before is None:
        return f"**{_withheld(announcement)}** {on}{counted(after, 'like')} in all\n-# {why}"
    grown = f"**{counted(after - before, 'new like')}**" if after > before else "**Likes changed**"
    return f"{grown} {on}{number(before)} → {number(after)} likes\n-# {why}"
