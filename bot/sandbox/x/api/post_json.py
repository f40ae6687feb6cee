"""A post, its pictures and its poll as X writes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.sandbox.x.api.text import MediaLink, Rendered, render
from bot.sandbox.x.world.rows import Media, Poll, Post
from bot.sandbox.x.world.snowflake import x_time
from bot.sandbox.x.world.state import World

DEFAULT_POST_FIELDS = frozenset({"id", "text", "edit_history_tweet_ids"})
DEFAULT_MEDIA_FIELDS = frozenset({"media_key", "type"})
DEFAULT_POLL_FIELDS = frozenset({"id", "options"})
PRIVATE_METRICS = frozenset({"non_public_metrics", "organic_metrics", "promoted_metrics"})
# An expansion shows the field it follows, asked for or not.
FIELD_OF_EXPANSION = {
    "attachments.media_keys": "attachments",
    "attachments.poll_ids": "attachments",
    "author_id": "author_id",
    "edit_history_tweet_ids": "edit_history_tweet_ids",
    "entities.mentions.username": "entities",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.attachments.media_keys": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "username": "username",
}
_EDIT_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Context:
    world: World
    post: Post

    @property
    def text(self) -> Rendered:
        return rendered(self.world, self.post)


def rendered(world: World, post: Post) -> Rendered:
    """Return the post's text and entities, with the links of its pictures."""
    return render(post.text, _media_links(world, post))


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


def _attachments(post: Post) -> dict[str, list[str]] | None:
    attachments: dict[str, list[str]] = {}
    if post.media:
        attachments["media_keys"] = [media.key for media in post.media]
    if post.poll:
        attachments["poll_ids"] = [str(post.poll.id)]
    return attachments or None


def _entities(world: World, text: Rendered) -> dict[str, Any] | None:
    """Return the entities; only accounts that exist count as mentioned."""
    mentions = [
        {**mention, "username": user.username, "id": str(user.id)}
        for mention in text.mentions
        if (user := world.user_named(mention["username"])) is not None
    ]
    parts = {
        "urls": text.urls,
        "hashtags": text.hashtags,
        "cashtags": text.cashtags,
        "mentions": mentions,
    }
    return {name: found for name, found in parts.items() if found} or None


def _note(world: World, post: Post) -> dict[str, Any] | None:
    if post.note is None:
        return None
    text = render(post.note)
    entities = _entities(world, text)
    return {"text": text.text, **({"entities": entities} if entities else {})}


def _public_metrics(post: Post) -> dict[str, int]:
    return {
        "retweet_count": post.counts.retweet_count,
        "reply_count": post.counts.reply_count,
        "like_count": post.like_count,
        "quote_count": post.counts.quote_count,
        "bookmark_count": post.counts.bookmark_count,
        "impression_count": _impressions(post),
    }


def _impressions(post: Post) -> int:
    return post.counts.impression_count + 29 * post.like_count


def _organic_metrics(post: Post) -> dict[str, int]:
    return {
        "impression_count": _impressions(post),
        "like_count": post.like_count,
        "reply_count": post.counts.reply_count,
        "retweet_count": post.counts.retweet_count,
    }


def _edit_controls(context: _Context) -> dict[str, Any]:
    editable_until = context.post.created_at + _EDIT_WINDOW
    return {
        "edits_remaining": 5,
        "is_edit_eligible": not (context.post.poll or context.post.in_reply_to_user_id),
        "editable_until": x_time(editable_until),
    }


def _withheld(post: Post) -> dict[str, Any] | None:
    if not post.withheld_in:
        return None
    codes = list(post.withheld_in)
    return {"copyright": post.withheld_for_copyright, "country_codes": codes, "scope": "tweet"}


_FIELDS: Mapping[str, Callable[[_Context], Any]] = {
    "id": lambda c: str(c.post.id),
    "text": lambda c: c.text.text,
    "edit_history_tweet_ids": lambda c: [str(c.post.id)],
    "attachments": lambda c: _attachments(c.post),
    "author_id": lambda c: str(c.post.author_id),
    "username": lambda c: c.world.author(c.post).username,
    "conversation_id": lambda c: str(c.post.conversation_id or c.post.id),
    "created_at": lambda c: x_time(c.post.created_at),
    "display_text_range": lambda c: [0, len(c.text.text)],
    "edit_controls": _edit_controls,
    "entities": lambda c: _entities(c.world, c.text),
    "in_reply_to_user_id": lambda c: (
        str(c.post.in_reply_to_user_id) if c.post.in_reply_to_user_id else None
    ),
    "lang": lambda c: c.post.lang,
    "non_public_metrics": lambda c: {"impression_count": _impressions(c.post)},
    "note_tweet": lambda c: _note(c.world, c.post),
    "organic_metrics": lambda c: _organic_metrics(c.post),
    "possibly_sensitive": lambda c: c.post.possibly_sensitive,
    "public_metrics": lambda c: _public_metrics(c.post),
    "referenced_tweets": lambda c: (
        [{"type": r.type, "id": str(r.id)} for r in c.post.references] or None
    ),
    "reply_settings": lambda c: c.post.reply_settings,
    "withheld": lambda c: _withheld(c.post),
}


def post_json(world: World, post: Post, fields: frozenset[str]) -> dict[str, Any]:
    """Write the chosen fields; one without a value is absent, never null."""
    context, wanted = _Context(world, post), DEFAULT_POST_FIELDS | fields
    written = {name: write(context) for name, write in _FIELDS.items() if name in wanted}
    return {name: value for name, value in written.items() if value is not None}


def picture_url(media: Media, origin: str) -> str:
    return f"{origin}/sandbox/media/post/{media.key}.png"


def media_json(media: Media, fields: frozenset[str], origin: str) -> dict[str, Any]:
    """Write a picture or film; a film has a preview picture instead of an address."""
    url = picture_url(media, origin)
    is_photo = media.type == "photo"
    known = {
        "media_key": media.key,
        "type": media.type,
        "url": url if is_photo else None,
        "preview_image_url": None if is_photo else url,
        "width": media.width,
        "height": media.height,
        "alt_text": media.alt_text or None,
        "duration_ms": media.duration_ms,
    }
    wanted = DEFAULT_MEDIA_FIELDS | fields
    return {k: value for k, value in known.items() if k in wanted and value is not None}


def poll_json(poll: Poll, fields: frozenset[str], *, is_open: bool) -> dict[str, Any]:
    known = {
        "id": str(poll.id),
        "options": [
            {"position": position, "label": option.label, "votes": option.votes}
            for position, option in enumerate(poll.options, start=1)
        ],
        "duration_minutes": poll.duration_minutes,
        "end_datetime": x_time(poll.ends_at),
        "voting_status": "open" if is_open else "closed",
    }
    return {k: value for k, value in known.items() if k in DEFAULT_POLL_FIELDS | fields}
