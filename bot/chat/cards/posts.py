"""A post, whole or in one line."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import (
    Accent,
    Button,
    Card,
    beside_picture,
    card,
    gallery,
    link_button,
    row,
)
from bot.chat.cards.words import ago, counted, date
from bot.domain import Post, PostCounts, like_intent_url

_MAX_POST_TEXT = 3_000
_MAX_PICTURES = 4


def post_card(post: Post, *buttons: Button) -> Card:
    """Show a post as X does: author, text, pictures, counts; `buttons` come after our links."""
    body = f"{_heading(post)}\n{text.escape(post.text, _MAX_POST_TEXT)}".rstrip()
    picture = post.author.profile_image_url if post.author else None
    alt_text = f"Profile picture of {post.author.name}" if post.author else ""
    items: list[str | ui.Item[Any]] = [beside_picture(body, picture, alt_text)]
    pictures = gallery(
        ((media.url, media.alt_text) for media in post.media[:_MAX_PICTURES]),
        spoiler=post.possibly_sensitive,
    )
    if pictures is not None:
        items.append(pictures)
    items.append(f"{_counts(post.counts)}{_posted(post)}")
    items.append(row(open_button(post), like_button(post.id), *buttons))
    return card(Accent.PLAIN, *items)


def open_button(post: Post) -> ui.Button[Any]:
    return link_button("Open on X", post.url)


def like_button(post_id: int) -> ui.Button[Any]:
    return link_button("Like on X", like_intent_url(post_id))


def post_link(post: Post) -> str:
    """Return "a post by @name", linked to it."""
    by = f" by {text.handle(post.author.username)}" if post.author else ""
    return text.link(f"a post{by}", post.url)


def excerpt(post: Post, limit: int) -> str:
    """Return a quoted line of the post's text with its line break, or nothing."""
    quoted = text.one_line(post.text, limit)
    return f"> {quoted}\n" if quoted else ""


def _heading(post: Post) -> str:
    if post.author is None:
        return f"### {text.link('A post on X', post.url)}"
    name = text.profile_link(post.author)
    protected = " · protected" if post.author.protected else ""
    verified = " · verified" if post.author.verified_type not in (None, "", "none") else ""
    return f"### {name}\n-# {text.handle(post.author.username)}{verified}{protected}"


def _counts(counts: PostCounts) -> str:
    shown = [
        counted(counts.likes, "like"),
        counted(counts.reposts, "repost"),
        counted(counts.replies, "reply", "replies"),
        counted(counts.quotes, "quote"),
    ]
    if counts.impressions is not None:
        shown.append(counted(counts.impressions, "view"))
    return " · ".join(shown)


def _posted(post: Post) -> str:
    if post.created_at is None:
        return ""
    return f"\n-# Posted {date(post.created_at)}, {ago(post.created_at)}"
