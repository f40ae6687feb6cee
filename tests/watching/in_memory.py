"""What the database keeps of one post's likes, in memory, so that thousands of readings are quick.

Its methods do not wait for anything.
"""
# ruff: noqa: ARG002 -- they have the parameters of those that they stand for

from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.accounts.audience import EVERYBODY, Readers
from bot.watching.announcements import AnnouncementWriter
from bot.watching.likers.store_likes import Change, Storing, is_as_it_was
from bot.watching.post_state.state import Growth, LikesState
from storage import models
from storage.likes import AbsentLike, KnownLike, Likes, NewLike
from storage.upsert import Row
from storage.users import Users


@dataclass(slots=True)
class LikeRow:
    """A row of `post_like`: to make one of the database's own takes longer than to store it."""

    user_id: int
    first_seen_at: datetime
    place: int
    doubtful: bool
    gone_at: datetime | None = None
    absent_at: datetime | None = None


class LikesInMemory(Likes):
    def __init__(self) -> None:
        self.rows: dict[int, LikeRow] = {}

    async def known(self, post_id: int, user_ids: Collection[int]) -> dict[int, KnownLike]:
        found = [self.rows[user_id] for user_id in user_ids if user_id in self.rows]
        places = sorted(row.place for row in self._present()) if found else []
        return {
            row.user_id: KnownLike(
                row.first_seen_at,
                row.gone_at,
                row.place,
                len(places) - bisect_right(places, row.place),
            )
            for row in found
        }

    def _present(self) -> list[LikeRow]:
        return [row for row in self.rows.values() if row.gone_at is None]

    async def any_of(self, post_id: int) -> bool:
        return bool(self.rows)

    async def present(self, post_id: int) -> int:
        return len(self._present())

    async def found_since(self, post_id: int, since: datetime, most: int) -> int:
        newest = sorted(self._present(), key=lambda row: -row.place)[:most]
        return sum(row.first_seen_at > since for row in newest)

    async def add(self, post_id: int, likes: Sequence[NewLike], seen_at: datetime) -> list[int]:
        new = [like for like in likes if like.user_id not in self.rows]
        for like in new:
            self.rows[like.user_id] = LikeRow(
                like.user_id, like.seen_at or seen_at, like.place, like.doubtful
            )
        return [like.user_id for like in new]

    async def given_again(self, post_id: int, places: Mapping[int, int]) -> None:
        for user_id, place in places.items():
            self.rows[user_id].gone_at, self.rows[user_id].place = None, place

    async def newest_doubtful(self, post_id: int, number: int) -> list[int]:
        doubted = [row for row in self.rows.values() if row.doubtful]
        newest = sorted(doubted, key=lambda row: -row.place)[:number]
        return [row.user_id for row in reversed(newest)]

    async def settle_some(self, post_id: int, user_ids: Collection[int]) -> set[int]:
        found = {user_id for user_id in user_ids if self.rows[user_id].doubtful}
        for user_id in found:
            self.rows[user_id].doubtful = False
        return found

    async def settle(self, post_id: int) -> None:
        for row in self.rows.values():
            row.doubtful = False

    async def absent(
        self, post_id: int, present: Collection[int], between: tuple[int, int]
    ) -> list[AbsentLike]:
        return [
            AbsentLike(row.user_id, row.absent_at, row.first_seen_at)
            for row in self._present()
            if between[0] <= row.place <= between[1] and row.user_id not in present
        ]

    async def mark_absent(self, post_id: int, user_ids: Collection[int], at: datetime) -> None:
        for row in self.rows.values():
            row.absent_at = (row.absent_at or at) if row.user_id in user_ids else None

    async def mark_gone(self, post_id: int, user_ids: Collection[int], at: datetime) -> None:
        for user_id in user_ids:
            self.rows[user_id].gone_at = at


class NoUsers(Users):
    def __init__(self) -> None:
        pass

    async def save(self, rows: Sequence[Row]) -> None:
        pass

    async def stand_ins(self, _ids: Collection[int]) -> dict[int, int]:
        return {}


@dataclass
class Told(AnnouncementWriter):
    """Counts what is told: of whom, that they like and that they left; and what growth."""

    announced: Counter[int] = field(default_factory=Counter)
    gone: Counter[int] = field(default_factory=Counter)
    growths: list[Growth] = field(default_factory=list)
    hidden: int = 0

    async def likes(self, post_id: int, liker_ids: Sequence[int], count: int) -> int:
        self.announced.update(liker_ids)
        return bool(liker_ids)

    async def left(self, post_id: int, user_ids: Sequence[int], count: int) -> int:
        self.gone.update(user_ids)
        return bool(user_ids)

    async def growth(self, post_id: int, growth: Growth) -> int:
        self.growths.append(growth)
        return 1

    async def likers_hidden(self, post_id: int) -> int:
        self.hidden += 1
        return 1

    async def list_stalled(self, post_id: int) -> int:
        return 1


class StoringInMemory(Storing):
    """Stores the likes of one post; `meanwhile` is what happens before each time it does."""

    def __init__(self, post: models.Post, told: Told, now: Callable[[], datetime]) -> None:
        self._row, self._told, self._now = post, told, now
        self.likes = LikesInMemory()
        self.meanwhile: Callable[[], None] = lambda: None

    async def present(self, post_id: int) -> int:
        return await self.likes.present(post_id)

    async def found_since(self, post_id: int, since: datetime, most: int) -> int:
        return await self.likes.found_since(post_id, since, most)

    @asynccontextmanager
    async def _change(
        self, post_id: int, began: LikesState, _readers: Readers = EVERYBODY
    ) -> AsyncIterator[Change | None]:
        self.meanwhile()
        as_it_was = is_as_it_was(self._row, began)
        change = Change(self.likes, NoUsers(), self._told, self._row, began, self._now())
        yield change if as_it_was else None
