"""A delivery as one message: a container for each announcement, which always fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.buttons.pages import (
    LikersButton,
    WatchesButton,
    show_watches_button,
    who_likes_button,
)
from bot.chat.cards.card import Accent, Button, Card, beside_picture, chars_of, frame, row
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import excerpt, open_button, post_link
from bot.chat.text.limits import fits
from bot.domain import Announcement, AnnouncementType, Delivery, Post, WatchKind

_MAX_EXCERPT = 200
_EXCERPTS = 500  # shared by all announcements of a message

_WHY_NO_NAMES = {
    WatchKind.COUNTS: "X hides who likes posts of other accounts, so there are no names. The "
    "author lifts that with `/account link`.",
    WatchKind.SATURATED: "X shows at most 100 names a post, so there are no more of them.",
}
_NOT_SHOWN = "X does not show who they are."

_ACCENTS = {
    AnnouncementType.LIKES: Accent.LIKE,
    AnnouncementType.GROWTH: Accent.GROWTH,
    AnnouncementType.LEFT: Accent.PLAIN,
    AnnouncementType.NOTICE: Accent.TROUBLE,
    AnnouncementType.SUMMARY: Accent.DONE,
}


@dataclass(frozen=True, slots=True)
class Weight:
    """What something takes of a message's 4,000 characters and 40 components."""

    chars: int
    components: int


def announcement_card(delivery: Delivery) -> Card:
    announcements = delivery.announcements
    if not fits([announcement.weight for announcement in announcements]):
        raise ValueError(f"delivery {delivery.key} does not fit into one message")
    return Card(*_containers(announcements, delivery.key))


def weight(announcement: Announcement, together: int = 1) -> Weight:
    """Measure one announcement in a message of `together`."""
    return weight_of(_container(announcement, together, _buttons(announcement, "")))


def weight_of(container: ui.Container[Any]) -> Weight:
    components = 1 + sum(1 for _ in container.walk_children())
    return Weight(chars=chars_of(container), components=components)


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
    if post is None or announcement.news is AnnouncementType.NOTICE:
        return [*links, show_watches_button(key)]
    return [*links, who_likes_button(post.id, key)]


def _name(button: Button) -> str | None:
    return button.custom_id if isinstance(button, LikersButton | WatchesButton) else None


def _container(
    announcement: Announcement, together: int, buttons: Iterable[Button]
) -> ui.Container[Any]:
    post = announcement.post
    quoted = excerpt(post, min(_MAX_EXCERPT, _EXCERPTS // together)) if post else ""
    shown = list(buttons)
    return frame(_accent(announcement), _body(announcement, quoted), row(*shown) if shown else None)


def _accent(announcement: Announcement) -> Accent:
    if announcement.news is AnnouncementType.LIKES and not announcement.likers:
        return Accent.GROWTH
    return _ACCENTS[announcement.news]


def _body(announcement: Announcement, quoted: str) -> str | ui.Section[Any]:
    post, note = announcement.post, announcement.note
    if post is None:
        return note or _NOT_SHOWN
    if announcement.news is AnnouncementType.NOTICE:
        return f"About {post_link(post)}\n{quoted}{note}"
    if announcement.news is AnnouncementType.SUMMARY:
        return f"**The watch of {post_link(post)} has ended.**\n{quoted}{note}"
    if announcement.likers:
        return _names(announcement, post, quoted)
    return _growth(announcement, post, quoted)


def _names(announcement: Announcement, post: Post, quoted: str) -> str | ui.Section[Any]:
    likers = announcement.likers
    names = ", ".join(text.profile_link(liker) for liker in likers)
    what = counted(len(likers), "new like")
    if announcement.news is AnnouncementType.LEFT:
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
    on = f"on {post_link(post)}\n{quoted}"
    if before is None:
        return f"**New likes** {on}{counted(after, 'like')} in all\n-# {why}"
    grown = f"**{counted(after - before, 'new like')}**" if after > before else "**Likes changed**"
    return f"{grown} {on}{number(before)} → {number(after)} likes\n-# {why}"
