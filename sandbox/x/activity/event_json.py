"""An event as X writes one, with whatever is wrong with it."""

import hashlib
import json
from typing import Any

from sandbox.x.activity.subscriptions import Subscription
from sandbox.x.api.post_json import post_json
from sandbox.x.api.user_json import user_json
from sandbox.x.spelling import Spelling, respell
from sandbox.x.world.push_traps import PushTraps
from sandbox.x.world.rows import Post, User
from sandbox.x.world.snowflake import x_time
from sandbox.x.world.state import World

_USER_FIELDS = frozenset(
    {"created_at", "profile_image_url", "protected", "public_metrics", "verified", "verified_type"}
)
_POST_FIELDS = frozenset({"author_id", "created_at", "public_metrics"})


def like_id(post_id: int, user_id: int) -> str:
    """Return what X calls a like: 32 hexadecimal digits."""
    return hashlib.md5(f"{post_id}:{user_id}".encode(), usedforsecurity=False).hexdigest()


def event_uuid(what: str, *, negative: bool) -> str:
    number = int(hashlib.sha256(what.encode()).hexdigest()[:15], 16)
    return f"-{number}" if negative else str(number)


def like_event(
    world: World,
    told: Subscription,
    news: dict[str, Any],
    liker: User | None,
    origin: str,
) -> dict[str, Any]:
    """Write that somebody likes a post; `liker` None: X does not say who."""
    traps, post = world.settings.push_traps, world.posts[int(news["post_id"])]
    at_ms = int(float(news["at"]) * 1_000)
    payload: dict[str, Any] = {
        "id": like_id(post.id, int(news["user_id"])),
        "created_at": x_time(world.clock.now()),
        "timestamp_ms": at_ms if traps.numbers else str(at_ms),
        "liked_tweet_id": post.id if traps.numbers else str(post.id),
        traps.author_name: post.author_id if traps.numbers else str(post.author_id),
    }
    if traps.unreadable:
        payload["timestamp_ms"] = "soon"
        payload["liked_tweet_id"] = {"id": str(post.id)}
    event = _event(told, f"like {payload['id']}", payload, traps)
    shown = _includes(world, post, liker, traps, origin)
    if shown:
        event["includes"] = shown
    return {"data": event}


def _includes(
    world: World, post: Post, liker: User | None, traps: PushTraps, origin: str
) -> dict[str, Any] | None:
    if traps.includes == "missing":
        return None
    people = [] if liker is None else [liker]
    if traps.includes == "account_too":
        people = [world.author(post), *people]
    users: list[Any] = [user_json(world, user, _USER_FIELDS, origin) for user in people]
    if traps.numbers:
        users = [{**user, "id": int(user["id"])} for user in users]
    if traps.includes == "wrapped":
        users = [{"data": user} for user in users]
    posts = [post_json(world, post, _POST_FIELDS)]
    found = {"users": users, "tweets": posts} if users else {"tweets": posts}
    spelling = Spelling.NEW if traps.new_names else Spelling.OLD
    written = respell(found, spelling)
    return written if isinstance(written, dict) else None


def delete_event(told: Subscription, post_id: str, traps: PushTraps) -> dict[str, Any]:
    payload = {"id": post_id, "author_id": str(told.user_id)}
    return {"data": _event(told, f"delete {post_id}", payload, traps)}


def revoke_event(told: Subscription, traps: PushTraps, moment: str) -> dict[str, Any]:
    payload = {"user_id": str(told.user_id), "revoked_at": moment}
    return {"data": _event(told, f"revoke {told.user_id} {moment}", payload, traps)}


def _event(
    told: Subscription, what: str, payload: dict[str, Any], traps: PushTraps
) -> dict[str, Any]:
    filtered = told.filter()
    if not traps.direction:
        filtered.pop("direction", None)
    event = {
        "event_uuid": event_uuid(what, negative=traps.negative_uuid),
        "event_type": told.event_type,
        "filter": filtered,
        "payload": payload,
    }
    return {**event, "tag": told.tag} if told.tag else event


def line(event: object) -> bytes:
    """Write a line of the stream."""
    return json.dumps(event, ensure_ascii=False).encode() + b"\r\n"
