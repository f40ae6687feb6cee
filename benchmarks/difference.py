"""What it costs to find the one new like of a post, with the production reader."""

import gc
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.liked import LikedPost
from bot.domain import User, UsersPage
from bot.run.clock import Clock
from bot.watching.likers.reader import PostReader, ReadingTerms
from bot.x.client import XClient
from bot.x.liking import LikesApi
from bot.x.prices import NOBODY, Bill
from storage.database import Database
from storage.models import Post
from storage.posts import Posts

ROUNDS = 5
_NEW_ID = 3 * 10**18
# There is a next page: the reader has to know when it has read enough.
_MORE = "more"
_CLOCK = Clock()


class _Likes(LikesApi):
    """An X that shows each post's new liker and, behind, the newest who was there before."""

    def __init__(self, posts: Sequence[LikedPost]) -> None:
        self._newest = {post.id: post.liker_ids[-1] for post in posts}
        self._new = {post.id: _NEW_ID for post in posts}

    async def liking_users(
        self,
        post_id: int,
        *,
        max_results: int = 2,
        token: str | None = None,
        keep: int = 0,
        bill: Bill = NOBODY,
    ) -> UsersPage:
        del token, keep, bill
        if max_results != 2:
            raise ValueError("a post with one new like is asked for two likers")
        self._new[post_id] += 1
        known, self._newest[post_id] = self._newest[post_id], self._new[post_id]
        return UsersPage((_person(self._newest[post_id]), _person(known)), _MORE)


class _Pages(XClient):
    """A client of that X, which is nobody's account."""

    def __init__(self, posts: Sequence[LikedPost]) -> None:
        self.likes = _Likes(posts)

    @property
    def user_id(self) -> int | None:
        return None


async def reading_ms(url: str, posts: Sequence[LikedPost]) -> float:
    """Return the median milliseconds of CPU of reading a post that got one new like.

    From the request's answer to the stored like and its announcement; each post is read once a
    round, and of the rounds the least counts. Everything stays in the database.
    """
    database = Database(url)
    reader, pages = PostReader(database, _CLOCK.now), _Pages(posts)
    gc.collect()
    # The benchmark's own objects are many; looking through them is no work of the reader's.
    gc.freeze()
    try:
        rounds = [
            median([await _read(database, reader, pages, post.id) for post in posts])
            for _ in range(ROUNDS)
        ]
    finally:
        gc.unfreeze()
        await database.close()
    return min(rounds) * 1_000


async def _read(database: Database, reader: PostReader, pages: _Pages, post_id: int) -> float:
    row = await _liked_once_more(database, post_id)
    began = time.process_time()
    announcements = await reader.read(pages, row, ReadingTerms(NOBODY, keep=0))
    took = time.process_time() - began
    if announcements != 1:
        raise RuntimeError(f"one new like made {announcements} announcements")
    return took


async def _liked_once_more(database: Database, post_id: int) -> Post:
    async with database.transaction() as session:
        row = await Posts(session).get(post_id, lock=True)
        if row is None:
            raise LookupError(post_id)
        row.like_count += 1
        row.moved_at = _CLOCK.now()
    return row


def _person(user_id: int) -> User:
    return User(user_id, f"n{user_id}", "Somebody new")
