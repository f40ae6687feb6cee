"""A post as X writes one: a function for every field this world knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.x.api.text import MediaLink, Rendered, render
from sandbox.x.world.rows import Post, User
from sandbox.x.world.snowflake import x_time
from sandbox.x.world.state import World

DEFAULT_POST_FIELDS = frozenset({"id", "text", "edit_history_tweet_ids"})
PRIVATE_METRICS = frozenset({"non_public_metrics", "organic_metrics", "promoted_metrics"})
# An expansion shows the field it follows, asked for or not.
FIELD_OF_EXPANSION = {
    "attachments.media_keys": "attachments",
    "attachments.poll_ids": "attachments",
    "author_id": "author_id",
    "edit_history_tweet_ids": "edit_history_tweet_ids",
    "entities.mentions.username": "entities",
    "entities.note.mentions.username": "note_tweet",
    "geo.place_id": "geo",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.attachments.media_keys": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "username": "username",
}
_EDIT_WINDOW = timedelta(hours=1)
_EDITS = 5


@dataclass(frozen=True, slots=True)
class _Context:
    world: World
    post: Post

    @property
    def text(self) -> Rendered:
        return rendered(self.world, self.post)

    @property
    def likes(self) -> int:
        return self.world.counted(self.post)


def rendered(world: World, post: Post) -> Rendered:
    """Return the post's text and entities, with the links of what it quotes and of its pictures."""
    return render(_with_quoted(world, post), _media_links(world, post))


def _with_quoted(world: World, post: Post) -> str:
    """Return the text with the address of the quoted post at its end, as X has it."""
    quoted = next((r.id for r in post.references if r.type == "quoted"), None)
    if quoted is None or f"/status/{quoted}" in post.text:
        return post.text
    target = world.posts.get(quoted)
    author = world.author(target).username if target else "i"
    return f"{post.text} https://twitter.com/{author}/status/{quoted}"


def _media_links(world: World, post: Post) -> tuple[MediaLink, ...]:
    path = f"{world.author(post).username}/status/{post.id}"
    return tuple(
        MediaLink(
            expanded_url=f"https://x.com/{path}/{'photo' if m.type == 'photo' else 'video'}/1",
            display_url=f"pic.x.com/{m.key[-10:]}",
            media_key=m.key,
        )
        for m in post.media
    )


def _article(post: Post) -> dict[str, str] | None:
    """Return what both `article` and the newer `article_title` hold: an object with a title."""
    return {"title": post.article_title} if post.article_title else None


def _attachments(post: Post) -> dict[str, list[str]] | None:
    attachments: dict[str, list[str]] = {}
    if post.media:
        attachments["media_keys"] = [media.key for media in post.media]
    if post.poll:
        attachments["poll_ids"] = [str(post.poll.id)]
    return attachments or None


def _entities(world: World, text: Rendered) -> dict[str, Any] | None:
    mentions = [
        {**mention, "username": user.username, "id": str(user.id)}
        for mention, user in _mentions(world, text)
    ]
    parts = {
        "urls": text.urls,
        "hashtags": text.hashtags,
        "cashtags": text.cashtags,
        "mentions": mentions,
    }
    return {name: found for name, found in parts.items() if found} or None


def _mentions(world: World, text: Rendered) -> list[tuple[dict[str, Any], User]]:
    """Return the mentions of accounts that exist; others do not count as mentioned."""
    named = ((mention, world.user_named(mention["username"])) for mention in text.mentions)
    return [(mention, user) for mention, user in named if user is not None]


def mentioned(world: World, post: Post) -> list[User]:
    """Return who is named in a post's `entities`: those of its text as it is delivered."""
    return [user for _, user in _mentions(world, rendered(world, post))]


def mentioned_in_note(world: World, post: Post) -> list[User]:
    """Return who is named in the entities of a long post's note."""
    return [user for _, user in _mentions(world, render(post.note or ""))]


def _note(world: World, post: Post) -> dict[str, Any] | None:
    if post.note is None:
        return None
    text = render(post.note)
    entities = _entities(world, text)
    return {"text": text.text, **({"entities": entities} if entities else {})}


def _public_metrics(context: _Context) -> dict[str, int]:
    post = context.post
    return {
        "retweet_count": post.counts.retweet_count,
        "reply_count": post.counts.reply_count,
        "like_count": context.likes,
        "quote_count": post.counts.quote_count,
        "bookmark_count": post.counts.bookmark_count,
        "impression_count": _impressions(context),
    }


def _impressions(context: _Context) -> int:
    return context.post.counts.impression_count + 29 * context.likes


def _organic_metrics(context: _Context) -> dict[str, int]:
    post = context.post
    return {
        "impression_count": _impressions(context),
        "like_count": context.likes,
        "reply_count": post.counts.reply_count,
        "retweet_count": post.counts.retweet_count,
    }


def _edit_controls(context: _Context) -> dict[str, Any]:
    versions = versions_of(context.post)
    first = context.world.posts.get(versions[0], context.post)
    editable_until = first.created_at + _EDIT_WINDOW
    return {
        "edits_remaining": max(0, _EDITS + 1 - len(versions)),
        "is_edit_eligible": not (context.post.poll or context.post.in_reply_to_user_id),
        "editable_until": x_time(editable_until),
    }


def _withheld(post: Post) -> dict[str, Any] | None:
    if not post.withheld_in:
        return None
    codes = list(post.withheld_in)
    return {"copyright": post.withheld_for_copyright, "country_codes": codes, "scope": "tweet"}


def versions_of(post: Post) -> tuple[int, ...]:
    return post.versions or (post.id,)


_FIELDS: Mapping[str, Callable[[_Context], Any]] = {
    "id": lambda c: str(c.post.id),
    "text": lambda c: c.text.text,
    "edit_history_tweet_ids": lambda c: [str(i) for i in versions_of(c.post)],
    "article": lambda c: _article(c.post),
    "article_title": lambda c: _article(c.post),
    "attachments": lambda c: _attachments(c.post),
    "author_id": lambda c: str(c.post.author_id),
    "username": lambda c: c.world.author(c.post).username,
    "conversation_id": lambda c: str(c.post.conversation_id or c.post.id),
    "created_at": lambda c: x_time(c.post.created_at),
    "display_text_range": lambda c: [0, len(c.text.text)],
    "edit_controls": _edit_controls,
    "entities": lambda c: _entities(c.world, c.text),
    "geo": lambda c: {"place_id": c.post.place.id} if c.post.place else None,
    "in_reply_to_user_id": lambda c: (
        str(c.post.in_reply_to_user_id) if c.post.in_reply_to_user_id else None
    ),
    "lang": lambda c: c.post.lang,
    "non_public_metrics": lambda c: {"impression_count": _impressions(c)},
    "note_tweet": lambda c: _note(c.world, c.post),
    "organic_metrics": _organic_metrics,
    "possibly_sensitive": lambda c: c.post.possibly_sensitive,
    "public_metrics": _public_metrics,
    "referenced_tweets": lambda c: (
        [{"type": r.type, "id": str(r.id)} for r in c.post.references] or None
    ),
    "reply_settings": lambda c: c.post.reply_settings,
    "source": lambda c: c.post.source,
    "withheld": lambda c: _withheld(c.post),
}


def post_json(world: World, post: Post, fields: frozenset[str]) -> dict[str, Any]:
    """Write the chosen fields; one without a value is absent, never null."""
    context, wanted = _Context(world, post), DEFAULT_POST_FIELDS | fields
    written = {name: write(context) for name, write in _FIELDS.items() if name in wanted}
    return {name: value for name, value in written.items() if value is not None}
