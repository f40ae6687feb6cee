"""Posts below another card: quoted, replied to, reposted, pinned."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.attached import films, pictures, poll_text
from bot.chat.cards.card import Accent, frame
from bot.chat.cards.marks import user_marks, warnings
from bot.chat.cards.words import ago, counted
from bot.domain import Missing, Post, Reference, ReferenceKind, post_url

MAX_REFERENCES = 2
"""A post quotes one at most, and replies to or reposts one at most."""

_MAX_TEXT = 500
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


def small_post(title: str, post: Post, limit: int = _MAX_TEXT) -> ui.Container[Any]:
    """Show a post in few lines, with its pictures."""
    facts = [counted(post.counts.likes, "like"), *films(post), *warnings(post)]
    if post.created_at:
        facts.append(ago(post.created_at))
    lines = [
        f"-# {text.link(title, post.url)}",
        author_line(post),
        text.linked(post.text, post.links, limit),
        poll_text(post.poll) if post.poll else "",
        f"-# {' · '.join(facts)}",
    ]
    shown = "\n".join(line for line in lines if line)
    return frame(Accent.PLAIN, shown, pictures(post))


def author_line(post: Post) -> str:
    """Return whose post it is, in one line."""
    if post.author is None:
        return ""
    marks = " · ".join([text.handle(post.author.username), *user_marks(post.author)])
    return f"**{text.profile_link(post.author)}** {marks}"
