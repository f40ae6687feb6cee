"""A delivery as one message: a container for each announcement, which always fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, beside_picture, chars_of, frame, row
from bot.chat.cards.posts import excerpt, open_button, post_link
from bot.chat.cards.words import counted, number
from bot.chat.limits import fits
from bot.chat.pages import who_likes_button
from bot.domain import Announcement, Delivery, WatchKind

_MAX_EXCERPT = 200
_EXCERPTS = 500  # shared by all announcements of a message

_WHY_NO_NAMES = {
    WatchKind.COUNTS: "X hides who likes posts of other accounts, so there are no names. The "
    "author lifts that with `/account link`.",
    WatchKind.SATURATED: "X shows at most 100 names a post, so there are no more of them.",
}
_NOT_SHOWN = "X does not show who they are."


@dataclass(frozen=True, slots=True)
class Weight:
    """What something takes of a message's 4,000 characters and 40 components."""

    chars: int
    components: int


def announcement_card(delivery: Delivery) -> Card:
    announcements = delivery.announcements
    if not fits([len(announcement.likers) for announcement in announcements]):
        raise ValueError(f"delivery {delivery.key} does not fit into one message")
    return Card(*_containers(announcements, delivery.key))


def weight(announcement: Announcement, together: int = 1) -> Weight:
    """Measure one announcement in a message of `together`."""
    return weight_of(_container(announcement, together, "", with_likers_button=True))


def weight_of(container: ui.Container[Any]) -> Weight:
    components = 1 + sum(1 for _ in container.walk_children())
    return Weight(chars=chars_of(container), components=components)


def _containers(announcements: Sequence[Announcement], key: str) -> list[ui.Container[Any]]:
    containers: list[ui.Container[Any]] = []
    seen: set[int] = set()
    for announcement in announcements:
        # Discord refuses a message in which two buttons have the same custom_id.
        first = announcement.post.id not in seen
        seen.add(announcement.post.id)
        containers.append(
            _container(announcement, len(announcements), key, with_likers_button=first)
        )
    return containers


def _container(
    announcement: Announcement, together: int, key: str, *, with_likers_button: bool
) -> ui.Container[Any]:
    quoted = excerpt(announcement.post, min(_MAX_EXCERPT, _EXCERPTS // together))
    buttons: list[Button] = [open_button(announcement.post)]
    if with_likers_button:
        buttons.append(who_likes_button(announcement.post.id, key))
    if announcement.likers:
        return frame(Accent.LIKE, _names(announcement, quoted), row(*buttons))
    return frame(Accent.GROWTH, _growth(announcement, quoted), row(*buttons))


def _names(announcement: Announcement, quoted: str) -> str | ui.Section[Any]:
    likers = announcement.likers
    names = ", ".join(text.profile_link(liker) for liker in likers)
    body = (
        f"**{counted(len(likers), 'new like')}** on {post_link(announcement.post)}\n{quoted}"
        f"{names}\n-# {counted(announcement.like_count, 'like')} in all"
    )
    if len(likers) > 1:
        return body
    return beside_picture(body, likers[0].profile_image_url, f"Profile picture of {likers[0].name}")


def _growth(announcement: Announcement, quoted: str) -> str:
    before, after = announcement.from_count, announcement.like_count
    why = _WHY_NO_NAMES.get(announcement.kind, _NOT_SHOWN)
    on = f"on {post_link(announcement.post)}\n{quoted}"
    if before is None:
        return f"**New likes** {on}{counted(after, 'like')} in all\n-# {why}"
    grown = f"**{counted(after - before, 'new like')}**" if after > before else "**Likes changed**"
    return f"{grown} {on}{number(before)} → {number(after)} likes\n-# {why}"
