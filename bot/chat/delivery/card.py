"""A delivery as one message: a container for each announcement, which always fits."""

from collections.abc import Iterable, Sequence
from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.buttons.consents import ShowNamesButton
from bot.chat.buttons.pages import (
    LikersButton,
    WatchesButton,
    show_watches_button,
    who_likes_button,
)
from bot.chat.cards.card import Accent, Button, Card, beside_picture, frame, row
from bot.chat.cards.notices import notice_sentence
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import excerpt, open_button, post_link
from bot.chat.text.limits import fits
from bot.domain import Announcement, AnnouncementType, Delivery, Post, WatchKind
from bot.domain.notices import Notice, WatchEnded

_MAX_EXCERPT = 200
_EXCERPTS = 500  # shared by all announcements of a message

_WHY_NO_NAMES = {
    WatchKind.COUNTS: "X hides who likes posts of other accounts, so there are no names. The "
    "author lifts that with `/account link`.",
    WatchKind.STALLED: "X's list shows nobody new, so I tell how many.",
}
_NOT_AGREED = "The author has not let this server see who likes it."
_NOT_SHOWN = "X does not show who they are."

_ACCENTS = {
    AnnouncementType.LIKES: Accent.LIKE,
    AnnouncementType.GROWTH: Accent.GROWTH,
    AnnouncementType.LEFT: Accent.PLAIN,
    AnnouncementType.NOTICE: Accent.TROUBLE,
}


def announcement_card(delivery: Delivery) -> Card:
    announcements = delivery.announcements
    if not fits([announcement.weight for announcement in announcements]):
        raise ValueError(f"delivery {delivery.key} does not fit into one message")
    return Card(*_containers(announcements, delivery.key))


def _containers(announcements: Sequence[Announcement], key: str) -> list[ui.Container[Any]]:
    containers: list[ui.Container[Any]] = []
    seen: set[str] = set()
    for announcement in announcements:
        # Discord refuses a message in which two buttons have the same custom_id.
        buttons = [each for each in _buttons(announcement, key) if _name(each) not in seen]
        seen.update(filter(None, map(_name, buttons)))
        containers.append(_container(announcement, len(announcements), buttons))
    return containers


def _buttons(announcement: Announcement, key: str) -> list[Button]:
    """Return the buttons below an announcement; in one that Discord hands back rides the key."""
    post = announcement.post
    links: list[Button] = [open_button(post)] if post else []
    if post is None or (announcement.notice is not None and not _is_summary(announcement)):
        return [*links, show_watches_button(key)]
    if _asks_author(announcement) and post.author_id is not None:
        return [*links, who_likes_button(post.id, key), ShowNamesButton(post.author_id, key)]
    return [*links, who_likes_button(post.id, key)]


def _asks_author(announcement: Announcement) -> bool:
    is_unnamed = announcement.notice is None and not announcement.likers
    return is_unnamed and announcement.asks_author


def _name(button: Button) -> str | None:
    named = isinstance(button, LikersButton | WatchesButton | ShowNamesButton)
    return button.custom_id if named else None


def _container(
    announcement: Announcement, together: int, buttons: Iterable[Button]
) -> ui.Container[Any]:
    post = announcement.post
    quoted = excerpt(post, min(_MAX_EXCERPT, _EXCERPTS // together)) if post else ""
    shown = list(buttons)
    return frame(_accent(announcement), _body(announcement, quoted), row(*shown) if shown else None)


def _accent(announcement: Announcement) -> Accent:
    if announcement.type is AnnouncementType.LIKES and not announcement.likers:
        return Accent.GROWTH
    return Accent.DONE if _is_summary(announcement) else _ACCENTS[announcement.type]


def _is_summary(announcement: Announcement) -> bool:
    return isinstance(announcement.notice, WatchEnded)


def _body(announcement: Announcement, quoted: str) -> str | ui.Section[Any]:
    post, notice = announcement.post, announcement.notice
    if notice is not None:
        return _notice(notice, post, quoted)
    if post is None:
        return _NOT_SHOWN
    if announcement.likers:
        return _names(announcement, post, quoted)
    return _growth(announcement, post, quoted)


def _notice(notice: Notice, post: Post | None, quoted: str) -> str:
    sentence = notice_sentence(notice)
    if post is None:
        return sentence
    if isinstance(notice, WatchEnded):
        return f"**The watch of {post_link(post)} has ended.**\n{quoted}{sentence}"
    return f"About {post_link(post)}\n{quoted}{sentence}"


def _names(announcement: Announcement, post: Post, quoted: str) -> str | ui.Section[Any]:
    likers = announcement.likers
    names = ", ".join(text.profile_link(liker) for liker in likers)
    what = counted(len(likers), "new like")
    if announcement.type is AnnouncementType.LEFT:
        what = f"{counted(len(likers), 'like')} taken back"
    body = (
        f"**{what}** on {post_link(post)}\n{quoted}"
        f"{names}\n-# {counted(announcement.like_count, 'like')} in all"
    )
    if len(likers) > 1:
        return body
    return beside_picture(body, likers[0].profile_image_url, f"Profile picture of {likers[0].name}")


def _growth(announcement: Announcement, post: Post, quoted: str) -> str:
    before, after = announcement.from_count, announcement.like_count
    why = _WHY_NO_NAMES.get(announcement.kind, _NOT_SHOWN)
    if _asks_author(announcement):
        why = _NOT_AGREED
    on = f"on {post_link(post)}\n{quoted}"
    if before is None:
        return f"**New likes** {on}{counted(after, 'like')} in all\n-# {why}"
    grown = f"**{counted(after - before, 'new like')}**" if after > before else "**Likes changed**"
    return f"{grown} {on}{number(before)} → {number(after)} likes\n-# {why}"
