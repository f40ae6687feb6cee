"""A post, whole or in one line."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards import facts
from bot.chat.cards.attached import films, pictures, poll_text
from bot.chat.cards.card import (
    Accent,
    Button,
    Card,
    beside_picture,
    chars_of,
    frame,
    link_button,
    open_on_x,
    row,
)
from bot.chat.cards.display_rules import newer_version, seen_on_x
from bot.chat.cards.numbers import ago, counted
from bot.chat.cards.referenced_posts import references
from bot.chat.languages.translator import ENGLISH, Translator
from bot.chat.text.limits import MAX_TEXT
from bot.domain import Post, PostCounts, ReferenceKind, like_intent_url
from bot.domain.sentences import Sentence

_MAX_POST_TEXT = 3_000
_MAX_TITLE = 150
# Wherever it is put in, it is what is done something to: languages with cases need one of them.
_A_POST = Sentence("a post")
_BY = Sentence("{post} by {author}")


def post_card(post: Post, *buttons: Button) -> Card:
    """Show a post as X does, with those that it refers to below; `buttons` come after our links."""
    below = references(post)
    head, facts = _heading(post), _facts(post)
    poll = poll_text(post.poll) if post.poll else ""
    around = text.length(f"{head}\n{poll}{facts}") + sum(chars_of(each) for each in below)
    body = _body(post, min(_MAX_POST_TEXT, MAX_TEXT - around))
    picture = post.author.profile_image_url if post.author else None
    alt_text = f"Profile picture of {post.author.name}" if post.author else ""
    whole = frame(
        Accent.PLAIN,
        beside_picture(f"{head}\n{body}".rstrip(), picture, alt_text),
        poll,
        pictures(post),
        facts,
    )
    return Card(whole, *below, row(open_button(post), like_button(post.id), *buttons))


def open_button(post: Post, say: Translator = ENGLISH) -> ui.Button[Any]:
    return open_on_x(post.url, say)


def like_button(post_id: int) -> ui.Button[Any]:
    return link_button("Like on X", like_intent_url(post_id))


def post_link(post: Post, say: Translator = ENGLISH) -> str:
    """Return "a post by @name", linked to the post and to who wrote it."""
    return _by(text.link(say(_A_POST), post.url), post, say)


def post_named(post: Post, say: Translator = ENGLISH) -> str:
    """Return "a post by @name", linked to who wrote it alone."""
    return _by(say(_A_POST), post, say)


def _by(shown: str, post: Post, say: Translator) -> str:
    if post.author is None:
        return shown
    return say(_BY, post=shown, author=text.handle_link(post.author.username))


def post_line(post: Post, limit: int) -> str:
    """Return a short line of the post's text that leads to it, or nothing."""
    words = text.label(post.text, limit) if limit else ""
    return text.link(words, post.url) if words else ""


def _heading(post: Post) -> str:
    lines = [f"### {text.link('A post on X', post.url)}"]
    if post.author is not None:
        about = [text.handle_link(post.author.username), *facts.user_marks(post.author)]
        lines = [f"### {text.profile_link(post.author)}", f"-# {' · '.join(about)}"]
    title = text.label(post.article_title, _MAX_TITLE) if post.article_title else ""
    if title:
        lines.append(f"**Article: {text.link(title, post.url)}**")
    return "\n".join([*facts.of_repost(post), *lines])


def _body(post: Post, limit: int) -> str:
    reposts = any(
        reference.kind is ReferenceKind.REPOSTED and reference.post is not None
        for reference in post.references
    )
    # X's text of a repost is the beginning of what stands below.
    return "" if reposts else text.linked(post.text, post.links, limit)


def _facts(post: Post) -> str:
    posted = [f"posted {ago(post.created_at)}"] if post.created_at else []
    newer = newer_version(post)
    lines = (
        [*films(post), *facts.warnings(post)],
        [*posted, *facts.origin(post)],
        [seen_on_x(post)],
        [newer] if newer else [],
        facts.edits(post),
        facts.conversation(post),
    )
    small = (f"-# {_sentence(line)}" for line in lines if line)
    counts = [_counts(post.counts)] if post.is_counted else []
    return "\n".join([*counts, *small])


def _sentence(facts: list[str]) -> str:
    shown = " · ".join(facts)
    return shown[:1].upper() + shown[1:]


def _counts(counts: PostCounts) -> str:
    shown = [
        counted(counts.likes, "like"),
        counted(counts.reposts, "repost"),
        counted(counts.replies, "reply", "replies"),
        counted(counts.quotes, "quote"),
    ]
    if counts.bookmarks is not None:
        shown.append(counted(counts.bookmarks, "bookmark"))
    if counts.impressions is not None:
        shown.append(counted(counts.impressions, "view"))
    return " · ".join(shown)
