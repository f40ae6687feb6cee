"""Posts below another card: quoted, replied to, reposted, pinned."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.attached import films, pictures, poll_text
from bot.chat.cards.card import Accent, frame
from bot.chat.cards.display_rules import newer_version, seen_on_x
from bot.chat.cards.facts import user_marks, warnings
from bot.chat.cards.numbers import counted
from bot.domain import Missing, Post, Reference, ReferenceKind, post_url

MAX_REFERENCES = 2
"""A post quotes one at most, and replies to or reposts one at most."""

_MAX_SMALL_POST = 600
_LEAST_TEXT = 120
_KIND = {
    ReferenceKind.QUOTED: "Quoted post",
    ReferenceKind.REPLIED_TO: "In reply to",
    ReferenceKind.REPOSTED: "Reposted",
}
_WHY_MISSING = {
    Missing.DELETED: "it was deleted, or its author is gone",
    Missing.PROTECTED: "its author's posts are protected",
    Missing.WITHHELD: "it is withheld",
    None: "X does not show it",
}


def references(post: Post) -> list[ui.Container[Any]]:
    return [_reference(reference) for reference in post.references[:MAX_REFERENCES]]


def _reference(reference: Reference) -> ui.Container[Any]:
    title = _KIND[reference.kind]
    if reference.post is None:
        address = text.link(title, post_url(reference.id))
        return frame(Accent.PLAIN, f"-# {address}: {_WHY_MISSING[reference.missing]}")
    return small_post(title, reference.post)


def small_post(title: str, post: Post, limit: int = _MAX_SMALL_POST) -> ui.Container[Any]:
    """Show a post in at most so many characters, with its pictures.

    Where they do not suffice, the poll goes first, then the facts, then the end of the text.
    """
    head = _lines(f"-# {text.link(title, post.url)}", author_line(post))
    left = limit - text.length(head)
    facts = f"-# {' · '.join(_facts(post))}"
    facts = facts if text.length(facts) <= left // 2 else ""
    poll = poll_text(post.poll) if post.poll else ""
    poll = poll if text.length(_lines(facts, poll)) <= left - _LEAST_TEXT else ""
    below = _lines(poll, facts)
    body = text.linked(post.text, post.links, left - text.length(below) - 2 * len("\n"))
    return frame(Accent.PLAIN, _lines(head, body, below), pictures(post))


def _facts(post: Post) -> list[str]:
    newer = [newer_version(post)] if post.newer_id is not None else []
    likes = [counted(post.counts.likes, "like")] if post.is_counted else []
    counts = [*likes, *films(post), *warnings(post)]
    return [*counts, seen_on_x(post), *newer]


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def author_line(post: Post) -> str:
    """Return whose post it is, in one line."""
    if post.author is None:
        return ""
    marks = " · ".join([text.handle_link(post.author.username), *user_marks(post.author)])
    return f"**{text.profile_link(post.author)}** {marks}"
