"""Watched posts with their likers, the same in the bot's database and at the sandbox's X."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import insert, inspect
from sqlmodel import SQLModel

from sandbox.discord import seed as discord
from sandbox.x.world import rows as x
from sandbox.x.world.seed import TWITTER_DEV
from sandbox.x.world.snowflake import first_id_at, made_at
from sandbox.x.world.state import World
from storage.database import Database
from storage.models import Guild, Post, PostKind, PostLike, Watch, XUser
from storage.upsert import Row

# Of each ten posts one has twice as many likers as the others, which is all that X shows, and one
# has none.
LIKERS = 50
MOST_LIKERS = 2 * LIKERS
_LIKERS = (MOST_LIKERS, 0, *8 * (LIKERS,))
SEED = 4
# So long ago the youngest post was made: the bot has read the likers of all of them.
_READ = timedelta(hours=1)
_WEEK = timedelta(days=7)
# The bot's own account, and the authors of nine posts of ten.
_AUTHORS = (TWITTER_DEV, *range(9_000_000_001, 9_000_000_010))
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class LikedPost:
    """A post and who likes it, the first to like first."""

    id: int
    author_id: int
    liker_ids: tuple[int, ...]

    @property
    def created_at(self) -> datetime:
        return made_at(self.id)


def make_posts(count: int, now: datetime) -> list[LikedPost]:
    """Draw posts of the last week, oldest first, each liked by people who like no other.

    That is the most that can be stored: a row for the like and one for the person.
    """
    drawn = random.Random(f"likecord-scale-{SEED}-{count}")
    ages = sorted((drawn.uniform(_READ / _WEEK, 1) for _ in range(count)), reverse=True)
    people = iter(drawn.sample(range(10**10, 2 * 10**18), count * MOST_LIKERS))
    return [
        LikedPost(
            id=first_id_at(now - _WEEK * age) + index,
            author_id=_AUTHORS[index % len(_AUTHORS)],
            liker_ids=tuple(islice(people, _LIKERS[index // len(_AUTHORS) % len(_LIKERS)])),
        )
        for index, age in enumerate(ages)
    ]


async def fill_database(url: str, posts: Sequence[LikedPost], now: datetime) -> None:
    """Store what a bot stores that has watched these posts for a while.

    The likes are stored in the order in which they came, each post's among those of the others.
    """
    database = Database(url)
    try:
        await database.upgrade()
        channel = {"guild_id": discord.GUILD_ID, "channel_id": discord.LIKES_ID}
        await _insert(database, Guild, [{"id": discord.GUILD_ID, "channel_id": discord.LIKES_ID}])
        await _insert(database, XUser, (_person_row(author) for author in _AUTHORS))
        await _insert(database, Post, (_post_row(post, now) for post in posts))
        await _insert(
            database,
            Watch,
            (
                {"post_id": post.id, "created_by": discord.ADA_ID, "created_at": now, **channel}
                for post in posts
            ),
        )
        await _insert(database, XUser, (_person_row(liker) for _, liker in _in_time(posts)))
        await _insert(
            database,
            PostLike,
            (
                {"post_id": post.id, "user_id": liker, "first_seen_at": now - _READ}
                for post, liker in _in_time(posts)
            ),
        )
    finally:
        await database.close()


def fill_x(world: World, posts: Sequence[LikedPost], now: datetime) -> None:
    """Let the same people like the same posts at X.

    It shows likers to everybody there, as it does to a bot with which all authors are linked.
    """
    world.settings.likers = "public"
    for author in _AUTHORS:
        if author not in world.users:
            world.add_user(_person(author, now))
    for post in posts:
        made = x.Post(post.id, post.author_id, _text(post.id), post.created_at)
        world.add_post(made)
        for liker in post.liker_ids:
            world.like(made, world.add_user(_person(liker, now)))


def _in_time(posts: Sequence[LikedPost]) -> Iterator[tuple[LikedPost, int]]:
    """Yield each post's first liker, then the second ones, and so on."""
    for place in range(MOST_LIKERS):
        for post in posts:
            if place < len(post.liker_ids):
                yield post, post.liker_ids[place]


async def _insert(database: Database, model: type[SQLModel], rows: Iterable[Row]) -> None:
    table, left = inspect(model).local_table, iter(rows)
    while some := list(islice(left, _ROWS_AT_ONCE)):
        async with database.transaction() as session:
            await session.exec(insert(table), params=some)


def _post_row(post: LikedPost, now: datetime) -> Row:
    likes = len(post.liker_ids)
    return {
        "id": post.id,
        "author_id": post.author_id,
        "text": _text(post.id),
        "created_at": post.created_at,
        "kind": PostKind.NAMES,
        "like_count": likes,
        "collected_count": likes,
        "probed_at": now - _READ,
        "collected_at": now - _READ,
        "whole_at": now - _READ,
    }


def _person_row(user_id: int) -> Row:
    return {
        "id": user_id,
        "username": _username(user_id),
        "name": _name(user_id),
        "profile_image_url": f"https://pbs.twimg.com/profile_images/{user_id}/Jj0hvVxA_normal.jpg",
        "verified_type": "none",
    }


def _person(user_id: int, now: datetime) -> x.User:
    return x.User(user_id, _username(user_id), _name(user_id), now)


def _username(user_id: int) -> str:
    return f"p{user_id % 10**14:x}"


def _name(user_id: int) -> str:
    return f"Person {user_id % 10**6}"


def _text(post_id: int) -> str:
    return f"Post {post_id}, of the length that most posts have: a sentence or two, and no more."
