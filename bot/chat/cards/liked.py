"""A page of the posts that a user likes."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import (
    Accent,
    Button,
    Card,
    beside_picture,
    chars_of,
    frame,
    gallery,
    line,
    open_on_x,
    row,
)
from bot.chat.cards.display_rules import excerpt, posted_link
from bot.chat.cards.numbers import counted
from bot.chat.cards.profile import profile_text
from bot.chat.cards.referenced_posts import small_post
from bot.chat.text.limits import MAX_TEXT
from bot.domain import LikedPage, Post, Profile, User, post_url

_MAX_LIST = 3_500
_MAX_EXCERPT, _MIN_EXCERPT = 200, 20


def liked_card(found: LikedPage, *buttons: Button, note: str | None = None) -> Card:
    """List the posts; on the first page, below the user's profile and above their pinned post."""
    user = found.user
    head = f"### Posts that {text.profile_link(user)} likes"
    remark = f"-# {note}" if note else ""
    shown = _posts(found.page.posts)
    left = MAX_TEXT - text.length(f"{head}\n{shown}{remark}")
    about, pinned = _profile(found.profile, left) if found.profile else ("", None)
    alt_text = f"Profile picture of {user.name}"
    listed = frame(
        Accent.LIKE,
        _banner(user) if about else None,
        beside_picture(f"{head}\n{about}", user.profile_image_url, alt_text) if about else head,
        line(),
        shown,
        remark,
    )
    ours = row(*buttons, open_on_x(user.url))
    return Card(listed, pinned, ours) if pinned else Card(listed, ours)


def _banner(user: User) -> ui.MediaGallery[Any] | None:
    banner = [(user.banner_url, f"Banner of {user.name}")] if user.banner_url else []
    return gallery(banner, spoiler=False)


def _profile(profile: Profile, left: int) -> tuple[str, ui.Container[Any] | None]:
    """Return what there is room for beside the posts: the profile first, then what is pinned."""
    about = profile_text(profile.user)
    if text.length(about) > left:
        return "", None
    if profile.pinned is None:
        return about, None
    pinned = small_post("Pinned post", profile.pinned)
    return about, pinned if text.length(about) + chars_of(pinned) <= left else None


def _posts(posts: tuple[Post, ...]) -> str:
    """List posts with less of each the more there are; a server's largest page always fits."""
    if not posts:
        return "X shows no posts here."
    shown = "\n\n".join(_post(post, _excerpt_limit(len(posts))) for post in posts)
    if text.length(shown) <= _MAX_LIST:
        return shown
    shown = "\n".join(f"- {_fact(post)}" for post in posts)
    if text.length(shown) <= _MAX_LIST:
        return shown
    return _as_many_as_fit(posts)


def _excerpt_limit(count: int) -> int:
    # The fixed part of each is at most 190.
    return max(_MIN_EXCERPT, min(_MAX_EXCERPT, _MAX_LIST // count - 190))


def _as_many_as_fit(posts: Sequence[Post]) -> str:
    lines: list[str] = []
    left = _MAX_LIST - text.length("\n-# and 999,999 more posts")
    for post in posts:
        shown = f"- {text.link('a post', post_url(post.id))}"
        left -= text.length(shown) + 1
        if left < 0:
            break
        lines.append(shown)
    if len(lines) < len(posts):
        lines.append(f"-# and {counted(len(posts) - len(lines), 'more post')}")
    return "\n".join(lines)


def _post(post: Post, limit: int) -> str:
    return f"{_fact(post)}\n{excerpt(post, limit)}".rstrip()


def _fact(post: Post) -> str:
    by = [text.handle_link(post.author.username)] if post.author else []
    likes = [counted(post.counts.likes, "like")] if post.is_counted else []
    return " · ".join([*by, posted_link(post), *likes])
