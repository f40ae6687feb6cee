"""The small world: who is there, what they posted, who liked it."""

import itertools
import random
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.events import Events
from sandbox.x.world import listing
from sandbox.x.world.people import another_username, make_up
from sandbox.x.world.rows import Like, Post, Settings, TakenBack, User
from sandbox.x.world.snowflake import first_id_at


class World:
    """Everything that happens here is also emitted on `events`."""

    def __init__(
        self, clock: Clock, events: Events, rng: random.Random, *, plain_names: bool = False
    ) -> None:
        self.clock = clock
        self.events = events
        self.settings = Settings()
        self.users: dict[int, User] = {}
        self.posts: dict[int, Post] = {}
        self._rng = rng
        self._plain_names = plain_names
        self._usernames: dict[str, int] = {}
        self._liked: dict[int, dict[int, Like]] = {}
        self._like_numbers = itertools.count(1)
        self._made_up: list[int] = []

    # People

    def add_user(self, user: User) -> User:
        if self.user_named(user.username) is not None or user.id in self.users:
            raise ValueError(f"there is a user {user.username} or with the ID {user.id} already")
        self.users[user.id] = user
        self._usernames[user.username.lower()] = user.id
        self.events.emit("user.create", {"user_id": str(user.id), "username": user.username})
        return user

    def user_named(self, username: str) -> User | None:
        user_id = self._usernames.get(username.lower())
        return None if user_id is None else self.users[user_id]

    def make_up_user(self) -> User:
        """Add a person nobody has seen before."""
        person = make_up(self._rng, are_plain=self._plain_names)
        username = person.username
        for attempt in itertools.count(1):
            if self.user_named(username) is None:
                break
            username = another_username(person.username, attempt)
        user = User(
            id=self.free_id(self.users, person.created_at),
            username=username,
            name=person.name,
            created_at=person.created_at,
            description=person.description,
            location=person.location,
            protected=person.protected,
            verified=person.verified,
            verified_type="blue" if person.verified else "none",
            followers_count=person.followers_count,
            following_count=person.following_count,
        )
        self._made_up.append(user.id)
        return self.add_user(user)

    def stranger_to(self, post: Post) -> User:
        """Return somebody who does not like this post yet: an acquaintance or a new face."""
        for _ in range(4):
            if self._made_up and self._rng.random() < 0.8:
                candidate = self.users[self._rng.choice(self._made_up)]
                if candidate.id not in post.likes and not candidate.gone:
                    return candidate
        return self.make_up_user()

    def user_changed(self, user: User) -> None:
        self.events.emit("user.update", {"user_id": str(user.id), "username": user.username})

    # Posts

    def add_post(self, post: Post) -> Post:
        if post.id in self.posts:
            raise ValueError(f"there is a post {post.id} already")
        self.posts[post.id] = post
        self.events.emit("post.create", self._post_news(post))
        return post

    def post_changed(self, post: Post) -> None:
        self.events.emit("post.update", self._post_news(post))

    def delete_post(self, post: Post) -> None:
        del self.posts[post.id]
        for user_id in post.likes:
            del self._liked[user_id][post.id]
        self.events.emit("post.delete", self._post_news(post))

    def posts_by(self, user_id: int) -> list[Post]:
        """Return somebody's posts, newest first."""
        mine = (post for post in self.posts.values() if post.author_id == user_id)
        return sorted(mine, key=lambda post: post.id, reverse=True)

    def author(self, post: Post) -> User:
        return self.users[post.author_id]

    # Likes

    def like(self, post: Post, user: User) -> bool:
        """Let somebody like a post; say whether that is new."""
        if user.id in post.likes:
            return False
        like = Like(next(self._like_numbers), post.id, user.id, self.clock.time())
        post.likes[user.id] = like
        self._liked.setdefault(user.id, {})[post.id] = like
        if user.id not in post.ever_liked and user.listed_as_liker:
            post.listable_likers[user.id] = len(post.listable_likers)
        post.ever_liked.setdefault(user.id, len(post.ever_liked))
        self.events.emit("like.create", self._like_news(post, user, like.at))
        return True

    def unlike(self, post: Post, user: User) -> bool:
        like = post.likes.pop(user.id, None)
        if like is None:
            return False
        now = self.clock.time()
        post.taken_back.append(TakenBack(like, now))
        del self._liked[user.id][post.id]
        self.events.emit("like.delete", self._like_news(post, user, now))
        return True

    def likers(self, post: Post, lag_s: float = 0, jitter_s: float = 0) -> list[Like]:
        """Return the likes that X would list if it were late by so much, in its order."""
        likes = listing.likes_seen(post, self.clock.time(), lag_s, jitter_s)
        return listing.listed(post, likes, self.users, self.settings)

    def counted(self, post: Post) -> int:
        """Return how many likes X says that a post has."""
        return len(listing.likes_seen(post, self.clock.time(), self.settings.count_lag_s))

    def liked_by(self, user_id: int) -> list[Like]:
        """Return what somebody likes, newest first."""
        return list(reversed(self._liked.get(user_id, {}).values()))

    # Settings and IDs

    def settings_changed(self) -> None:
        self.events.emit("settings", asdict(self.settings))

    def free_id(self, taken: Iterable[int], moment: datetime | None = None) -> int:
        """Return an unused ID that tells this moment (now, if none is given)."""
        snowflake = first_id_at(moment or self.clock.now())
        while snowflake in taken:  # `taken` is a dictionary or a set
            snowflake += 1
        return snowflake

    def _post_news(self, post: Post) -> dict[str, Any]:
        return {
            "post_id": str(post.id),
            "author_id": str(post.author_id),
            "text": post.text,
            "like_count": post.like_count,
        }

    def _like_news(self, post: Post, user: User, at: float) -> dict[str, Any]:
        """Describe a like; `visible` is false for one that X counts but never lists.

        Whether it was `pushed` is noted by whoever pushes it.
        """
        return {
            "post_id": str(post.id),
            "author_id": str(post.author_id),
            "user_id": str(user.id),
            "username": user.username,
            "name": user.name,
            "at": at,
            "like_count": post.like_count,
            "visible": listing.may_be_listed(post, user, self.settings),
            "pushed": False,
        }
