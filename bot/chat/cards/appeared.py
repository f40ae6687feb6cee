"""A watched account's new post, as X shows it."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.attached import films, pictures
from bot.chat.cards.card import Accent, beside_picture, frame
from bot.chat.cards.display_rules import newer_version, seen_on_x
from bot.chat.cards.facts import warnings
from bot.domain import Announcement, Post

_MAX_TEXT = 2_000
_DOES = {"posted": "posted", "replied": "replied", "quoted": "quoted a post"}


def appeared(announcement: Announcement, post: Post, *, pictured: bool) -> ui.Container[Any]:
    """Show who posted what, with its pictures; what acts on it stands below, in no part of it."""
    head = _head(announcement, post)
    body = "\n".join(filter(None, [head, text.linked(post.text, post.links, _MAX_TEXT)]))
    source = (seen_on_x(post), newer_version(post))
    facts = " · ".join(filter(None, [*films(post), *warnings(post), *source]))
    picture = post.author.profile_image_url if post.author and pictured else None
    alt_text = f"Profile picture of {post.author.name}" if post.author else ""
    return frame(
        Accent.PLAIN,
        beside_picture(body, picture, alt_text),
        pictures(post) if pictured else None,
        f"-# {facts}",
    )


def _head(announcement: Announcement, post: Post) -> str:
    if post.author is None:
        return text.link("A new post", post.url)
    handle = text.handle_link(post.author.username)
    author = f"**{text.profile_link(post.author)}** ({handle})"
    if announcement.reposted_by:
        return f"{text.handle_link(announcement.reposted_by)} reposted {author}"
    return f"{author} {_DOES.get(announcement.does, 'posted')}"
