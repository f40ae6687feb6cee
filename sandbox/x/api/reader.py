"""Reads the world for one request: what to show, what it brings along, what it costs."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.x.access.auth import Caller
from sandbox.x.access.charges import Charge, Resource
from sandbox.x.api.attached_json import PRIVATE_MEDIA_METRICS, media_json, place_json, poll_json
from sandbox.x.api.post_json import (
    FIELD_OF_EXPANSION,
    PRIVATE_METRICS,
    mentioned,
    mentioned_in_note,
    post_json,
    versions_of,
)
from sandbox.x.api.query import Selection
from sandbox.x.api.user_json import FIELD_OF_EXPANSION as FIELD_OF_USER_EXPANSION
from sandbox.x.api.user_json import most_recent_post_id, user_json
from sandbox.x.problems import Problem, Sought
from sandbox.x.world.rows import Post, User
from sandbox.x.world.state import World

JsonObject = dict[str, Any]


class Reader:
    """Collects objects, `includes`, partial errors and charges while it writes."""

    def __init__(self, world: World, caller: Caller, selection: Selection, origin: str) -> None:
        self.errors: list[Problem] = []
        self.charges: list[Charge] = []
        self._world = world
        self._caller = caller
        self._selection = selection
        self._origin = origin
        self._users: dict[int, JsonObject] = {}
        self._posts: dict[int, JsonObject] = {}
        self._media: dict[str, JsonObject] = {}
        self._polls: dict[int, JsonObject] = {}
        self._places: dict[str, JsonObject] = {}

    @property
    def includes(self) -> JsonObject:
        kinds: dict[str, Mapping[Any, JsonObject]] = {
            "users": self._users,
            "tweets": self._posts,
            "media": self._media,
            "polls": self._polls,
            "places": self._places,
        }
        return {kind: list(found.values()) for kind, found in kinds.items() if found}

    def may_read_posts_of(self, author: User) -> bool:
        if author.id == self._caller.user_id:
            return True
        return not (author.protected or author.gone)

    # What is asked for

    def users(self, users: Iterable[User]) -> list[JsonObject]:
        return [self._user(user, expand=True) for user in users]

    def posts(
        self, posts: Iterable[Post], resource: Resource = Resource.POST_READ
    ) -> list[JsonObject]:
        written = []
        for post in posts:
            written.append(self._post(post, resource))
            self._expand_post(post)
        return written

    def find_user(self, user: User | None, sought: Sought) -> User | None:
        """Return a user that can be shown; note why not otherwise."""
        if user is None or user.deactivated:
            self.errors.append(sought.not_found())
            return None
        if user.suspended:
            self.errors.append(sought.suspended())
            return None
        return user

    def find_post(self, sought: Sought) -> Post | None:
        """Return a post that this caller may see; note why not otherwise."""
        post = self._world.posts.get(int(sought.value))
        if post is None or self._world.author(post).deactivated:
            self.errors.append(sought.not_found())
            return None
        if not self.may_read_posts_of(self._world.author(post)):
            self.errors.append(sought.not_authorized())
            return None
        return post

    # What it brings along

    def _user(self, user: User, *, expand: bool) -> JsonObject:
        self.charges.append(Charge(Resource.USER_READ, user.id))
        shown = {FIELD_OF_USER_EXPANSION.get(name, "") for name in self._selection.expansions}
        fields = self._selection.user_fields | shown if expand else self._selection.user_fields
        if expand:
            self._expand_user(user)
        return user_json(self._world, user, fields, self._origin)

    def _expand_user(self, user: User) -> None:
        asked = self._selection.expansions
        if "pinned_tweet_id" in asked:
            self._include_post(user.pinned_post_id, "pinned_tweet_id")
        if "most_recent_tweet_id" in asked:
            newest = most_recent_post_id(self._world, user)
            self._include_post(newest, "most_recent_tweet_id")
        if "affiliation.user_id" in asked and user.affiliation and user.affiliation.user_id:
            self._include_user(user.affiliation.user_id)

    def _post(self, post: Post, resource: Resource, section: str = "data") -> JsonObject:
        self.charges.append(Charge(resource, post.id))
        shown = {FIELD_OF_EXPANSION.get(name, "") for name in self._selection.expansions}
        fields = self._selection.post_fields | shown
        private = fields & PRIVATE_METRICS
        if private and self._caller.user_id != post.author_id:
            sought = Sought("tweet", "id", str(post.id), section)
            self.errors += [sought.field_not_authorized(name) for name in sorted(private)]
            fields -= private
        return post_json(self._world, post, fields)

    def _expand_post(self, post: Post) -> None:
        asked = self._selection.expansions
        if asked & {"author_id", "username"}:
            self._include_user(post.author_id)
        if "in_reply_to_user_id" in asked and post.in_reply_to_user_id:
            self._include_user(post.in_reply_to_user_id)
        if "edit_history_tweet_ids" in asked:
            for version in versions_of(post):
                self._include_post(version, "edit_history_tweet_ids")
        if "entities.mentions.username" in asked:
            self._include_users(mentioned(self._world, post))
        if "entities.note.mentions.username" in asked:
            self._include_users(mentioned_in_note(self._world, post))
        self._expand_attachments(post)
        self._expand_references(post)

    def _expand_attachments(self, post: Post) -> None:
        asked = self._selection.expansions
        if "attachments.media_keys" in asked:
            self._include_media(post)
        if "attachments.poll_ids" in asked and post.poll:
            is_open = self._world.clock.now() < post.poll.ends_at
            written = poll_json(post.poll, self._selection.poll_fields, is_open=is_open)
            self._polls[post.poll.id] = written
        if "geo.place_id" in asked and post.place:
            self._places[post.place.id] = place_json(post.place, self._selection.place_fields)

    def _include_media(self, post: Post) -> None:
        fields = self._selection.media_fields
        if self._caller.user_id != post.author_id:
            fields -= PRIVATE_MEDIA_METRICS
        for media in post.media:
            self._media[media.key] = media_json(media, fields, self._origin)

    def _expand_references(self, post: Post) -> None:
        asked = self._selection.expansions
        for reference in post.references:
            found = self._world.posts.get(reference.id)
            if "referenced_tweets.id" in asked:
                found = self._include_post(reference.id, "referenced_tweets.id")
            if found is None:
                continue
            if "referenced_tweets.id.author_id" in asked:
                self._include_user(found.author_id)
            if "referenced_tweets.id.attachments.media_keys" in asked:
                self._include_media(found)

    def _include_users(self, users: Iterable[User]) -> None:
        for user in users:
            self._include_user(user.id)

    def _include_user(self, user_id: int) -> None:
        user = self._world.users.get(user_id)
        if user and not user.gone and user_id not in self._users:
            self._users[user_id] = self._user(user, expand=False)

    def _include_post(self, post_id: int | None, parameter: str) -> Post | None:
        """Include a post, or note as a partial error why it cannot be shown."""
        if post_id is None:
            return None
        post = self.find_post(Sought("tweet", parameter, str(post_id), "includes"))
        if post and post_id not in self._posts:
            self._posts[post_id] = self._post(post, Resource.POST_READ, "includes")
        return post
