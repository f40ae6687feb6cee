"""Builds users and posts from control calls, and changes them and the settings later."""

from dataclasses import replace
from typing import Any

from sandbox.x.api.text import POST_LENGTH, shortened
from sandbox.x.api.values import USERNAME
from sandbox.x.control import attached, orders
from sandbox.x.control.orders import BadOrder, Raw, read_all
from sandbox.x.control.push_orders import read_traps
from sandbox.x.world.rows import Counts, Post, Reference, Settings, User
from sandbox.x.world.snowflake import made_at
from sandbox.x.world.state import World

_USER: dict[str, orders.ReadValue] = {
    "name": orders.a_string,
    "description": orders.a_string,
    "location": orders.a_string,
    "url": orders.a_string,
    "protected": orders.a_bool,
    "suspended": orders.a_bool,
    "deactivated": orders.a_bool,
    "verified": orders.a_bool,
    "verified_type": orders.one_of("blue", "government", "business", "none"),
    "is_identity_verified": orders.a_bool,
    "parody": orders.a_bool,
    "followers_count": orders.an_int,
    "following_count": orders.an_int,
    "listed_count": orders.an_int,
    "pinned_tweet_id": orders.an_optional_id,
    "withheld_in": orders.country_codes,
    "affiliation": orders.an_object,
    "banner": orders.a_bool,
}
_NEW_USER = {"id": orders.an_id, "username": orders.a_string, "created_at": orders.a_time}
_POST: dict[str, orders.ReadValue] = {
    "text": orders.a_string,
    "note_tweet": orders.a_string,
    "lang": orders.a_string,
    "media": orders.objects,
    "poll": orders.an_object,
    "referenced_tweets": orders.objects,
    "conversation_id": orders.an_id,
    "reply_settings": orders.one_of(
        "everyone", "mentionedUsers", "following", "other", "subscribers", "verified"
    ),
    "possibly_sensitive": orders.a_bool,
    "withheld_in": orders.country_codes,
    "withheld_for_copyright": orders.a_bool,
    "public_metrics": orders.an_object,
    "article_title": orders.a_string,
    "place": orders.an_object,
    "source": orders.a_string,
}
_NEW_POST = {
    "id": orders.an_id,
    "author_id": orders.an_id,
    "created_at": orders.a_time,
    "edit_of": orders.an_id,
}
_SETTINGS: dict[str, orders.ReadValue] = {
    "likers": orders.one_of("private", "public"),
    "liking": orders.one_of("refused", "allowed"),
    "app_only_likes": orders.a_bool,
    "listing": orders.one_of("all", "newest_100", "first_100"),
    "list_order": orders.one_of("newest_first", "oldest_first"),
    "hidden": orders.an_int,
    "list_lag_s": orders.seconds,
    "list_jitter_s": orders.seconds,
    "count_lag_s": orders.seconds,
    "edition": orders.one_of("any", "2.165", "2.167"),
    "spelling": orders.one_of("asked", "2.165", "2.167"),
    "push": orders.one_of("on", "silent", "off"),
    "push_traps": read_traps,
}
_REFERENCE = {"type": orders.one_of("retweeted", "quoted", "replied_to"), "id": orders.an_id}
_COUNTS: dict[str, orders.ReadValue] = dict.fromkeys(Counts.__dataclass_fields__, orders.an_int)
_ELSEWHERE = {"pinned_tweet_id": "pinned_post_id", "note_tweet": "note"}


def make_user(world: World, raw: Raw) -> User:
    """Add a user; the username alone is enough."""
    given = read_all(raw, _USER | _NEW_USER)
    username = given.pop("username", "")
    if not USERNAME.fullmatch(username):
        raise BadOrder("username: 1 to 15 letters, digits or underscores are needed")
    created_at = given.pop("created_at", world.clock.now())
    user_id = given.pop("id", None) or world.free_id(world.users, created_at)
    name = given.pop("name", username)
    user = User(id=user_id, username=username, name=name, created_at=created_at)
    _set(user, given)
    return world.add_user(user)


def change_user(world: World, user: User, raw: Raw) -> User:
    _set(user, read_all(raw, _USER))
    world.user_changed(user)
    return user


def make_post(world: World, raw: Raw) -> Post:
    """Add a post; author_id and text are enough."""
    given = read_all(raw, _POST | _NEW_POST)
    if given.get("author_id") not in world.users:
        raise BadOrder(f"author_id: there is no user {given.get('author_id')}")
    if "text" not in given:
        raise BadOrder("text: is needed")
    post_id = given.pop("id", None)
    made = given.pop("created_at", made_at(post_id) if post_id else world.clock.now())
    post = Post(
        id=post_id or world.free_id(world.posts, made),
        author_id=given.pop("author_id"),
        text="",
        created_at=made,
    )
    edited = given.pop("edit_of", post.id)
    if edited not in (post.id, *world.posts):
        raise BadOrder(f"edit_of: there is no post {edited}")
    _set_post(world, post, given)
    world.add_post(post)
    if edited != post.id:
        _succeed(world, post, edited)
    return post


def _succeed(world: World, post: Post, edited: int) -> None:
    """Make a post the newest version of another; all versions name all of them."""
    versions = (*(world.posts[edited].versions or (edited,)), post.id)
    for version in set(versions) & world.posts.keys():
        world.posts[version].versions = versions


def change_post(world: World, post: Post, raw: Raw) -> Post:
    _set_post(world, post, read_all(raw, _POST))
    world.post_changed(post)
    return post


def change_settings(world: World, raw: Raw) -> Settings:
    given = read_all(raw, _SETTINGS)
    traps = given.pop("push_traps", {})
    world.settings.push_traps = replace(world.settings.push_traps, **traps)
    _set(world.settings, given)
    world.settings_changed()
    return world.settings


def _set(row: User | Post | Settings, values: dict[str, Any]) -> None:
    if "affiliation" in values:
        values["affiliation"] = attached.affiliation(values["affiliation"])
    for name, value in values.items():
        setattr(row, _ELSEWHERE.get(name, name), value)


def _set_post(world: World, post: Post, given: dict[str, Any]) -> None:
    """Set what is named. A text above 280 characters becomes a note, as on X."""
    if "media" in given:
        given["media"] = attached.media(post, given["media"])
    if "poll" in given:
        given["poll"] = attached.poll(world, post, given["poll"])
    if "place" in given:
        given["place"] = attached.place(given["place"])
    if "referenced_tweets" in given:
        _refer(world, post, given.pop("referenced_tweets"))
    if "public_metrics" in given:
        post.counts = replace(post.counts, **read_all(given.pop("public_metrics"), _COUNTS))
    _set(post, given)
    if len(post.text) > POST_LENGTH:
        post.note = post.note or post.text
        post.text = shortened(post.text)


def _refer(world: World, post: Post, raw: list[Raw]) -> None:
    """Point to other posts; the first one replied to makes this a reply."""
    if any(not _REFERENCE.keys() <= each.keys() for each in raw):
        raise BadOrder("referenced_tweets: each needs a type and an id")
    post.references = tuple(Reference(**read_all(each, _REFERENCE)) for each in raw)
    for reference in post.references:
        target = world.posts.get(reference.id)
        if reference.type == "replied_to" and target is not None:
            post.in_reply_to_user_id = target.author_id
            post.conversation_id = target.conversation_id or target.id
