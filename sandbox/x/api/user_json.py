"""A user as X writes one: a function for every field this world knows."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.x.api.text import render
from sandbox.x.world.rows import User
from sandbox.x.world.snowflake import x_time
from sandbox.x.world.state import World

DEFAULT_USER_FIELDS = frozenset({"id", "name", "username"})
# An expansion shows the field it follows, asked for or not.
FIELD_OF_EXPANSION = {
    "affiliation.user_id": "affiliation",
    "pinned_tweet_id": "pinned_tweet_id",
    "most_recent_tweet_id": "most_recent_tweet_id",
}


def most_recent_post_id(world: World, user: User) -> int | None:
    newest = world.posts_by(user.id)[:1]
    return newest[0].id if newest else None


def avatar_url(user: User, origin: str) -> str:
    return f"{origin}/sandbox/media/profile/{user.id}_normal.png"


def banner_url(user: User, origin: str) -> str | None:
    return f"{origin}/sandbox/media/banner/{user.id}.png" if user.banner else None


def _affiliation(user: User, origin: str) -> dict[str, Any] | None:
    affiliation = user.affiliation
    if affiliation is None:
        return None
    known = {
        "description": affiliation.description,
        "url": affiliation.url or None,
        "badge_url": f"{origin}/sandbox/media/profile/{affiliation.user_id}_normal.png"
        if affiliation.user_id
        else None,
        "user_id": [str(affiliation.user_id)] if affiliation.user_id else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _metrics(world: World, user: User) -> dict[str, int]:
    return {
        "followers_count": user.followers_count,
        "following_count": user.following_count,
        "tweet_count": len(world.posts_by(user.id)),
        "listed_count": user.listed_count,
        "like_count": len(world.liked_by(user.id)),
    }


def _entities(user: User) -> dict[str, Any] | None:
    entities: dict[str, Any] = {}
    if user.url:
        entities["url"] = {"urls": render(user.url).urls}
    bio = render(user.description)
    parts = {"urls": bio.urls, "hashtags": bio.hashtags, "mentions": bio.mentions}
    if described := {name: found for name, found in parts.items() if found}:
        entities["description"] = described
    return entities or None


def _id(post_id: int | None) -> str | None:
    return None if post_id is None else str(post_id)


_Write = Callable[[World, User, str], Any]
_FIELDS: Mapping[str, _Write] = {
    "id": lambda _w, user, _o: str(user.id),
    "name": lambda _w, user, _o: user.name,
    "username": lambda _w, user, _o: user.username,
    "affiliation": lambda _w, user, origin: _affiliation(user, origin),
    "created_at": lambda _w, user, _o: x_time(user.created_at),
    "description": lambda _w, user, _o: render(user.description).text,
    "entities": lambda _w, user, _o: _entities(user),
    "is_identity_verified": lambda _w, user, _o: user.is_identity_verified,
    "location": lambda _w, user, _o: user.location or None,
    "most_recent_tweet_id": lambda w, user, _o: _id(most_recent_post_id(w, user)),
    "parody": lambda _w, user, _o: user.parody,
    "pinned_tweet_id": lambda w, user, _o: (
        _id(user.pinned_post_id) if user.pinned_post_id in w.posts else None
    ),
    "profile_banner_url": lambda _w, user, origin: banner_url(user, origin),
    "profile_image_url": lambda _w, user, origin: avatar_url(user, origin),
    "protected": lambda _w, user, _o: user.protected,
    "public_metrics": lambda w, user, _o: _metrics(w, user),
    "subscription_type": lambda _w, user, _o: "Premium" if user.verified else "None",
    "url": lambda _w, user, _o: render(user.url).text,
    "verified": lambda _w, user, _o: user.verified,
    "verified_followers_count": lambda _w, user, _o: user.followers_count // 40,
    "verified_type": lambda _w, user, _o: user.verified_type,
    "withheld": lambda _w, user, _o: (
        {"country_codes": list(user.withheld_in), "scope": "user"} if user.withheld_in else None
    ),
}


def user_json(world: World, user: User, fields: frozenset[str], origin: str) -> dict[str, Any]:
    """Write the chosen fields; one without a value is absent, never null."""
    wanted = DEFAULT_USER_FIELDS | fields
    written = {
        name: write(world, user, origin) for name, write in _FIELDS.items() if name in wanted
    }
    return {name: value for name, value in written.items() if value is not None}
