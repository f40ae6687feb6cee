"""Storing a pushed like: with its announcements, in one transaction, by the key that polling has.

So a like is announced once, whichever of the two is first, and whatever is killed between.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain.push import PushEvent
from bot.domain.users import replaced
from bot.money.home_guilds import EVERYWHERE
from bot.watching.announcements import AnnouncementWriter
from bot.watching.post_state.pushed import likes_pushed
from bot.watching.post_state.rows import likes_state_of, write_likes_state
from bot.watching.post_state.state import BY_COUNT
from bot.watching.push.coverage import Coverage
from bot.watching.stored_values import user_row
from bot.watching.take_count import take_count
from bot.x.x_time import XTime
from storage.database import Database
from storage.likes import KnownLike, Likes, NewLike
from storage.models import Post, Watch
from storage.posts import Posts
from storage.told_watches import ToldWatches
from storage.users import Users

# X's clock and ours may differ by so little without anybody noticing.
_CLOCKS = timedelta(seconds=2)
_FAR_OFF = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class PushStored:
    """How many announcements were made; whether the post `is_known`, and `is_read` at all yet."""

    announcements: int = 0
    is_known: bool = True
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class _Like:
    event: PushEvent
    user_id: int
    at: datetime


class PushedLikes:
    def __init__(
        self, database: Database, access: Access, x_time: XTime, coverage: Coverage
    ) -> None:
        self._database = database
        self._coverage = coverage
        self._access = access
        self._x_time = x_time
        self._now = x_time.our_now

    async def store(self, post_id: int, events: Sequence[PushEvent]) -> PushStored:
        """Store who likes a post, and announce who is news, in order of the likes' own times."""
        now = self._now()
        async with self._database.transaction() as session:
            post, told = await Posts(session).lock_with_watches(post_id)
            if post is None:
                return PushStored(is_known=False)
            if post.collected_at is None or not told.watches:
                return PushStored(is_read=not told.watches)
            post.pushed_at = now
            if told.any_forgotten:
                events = await _without_forgotten(session, events)
            likes = self._likes_of(events, now)
            return PushStored(await self._store(session, post, told, likes))

    def _likes_of(self, events: Sequence[PushEvent], now: datetime) -> list[_Like]:
        """Return each liker's like, the oldest first, by our clock and never in the future."""
        ahead = self._x_time.we_are_ahead()
        shift = ahead if abs(ahead) > _FAR_OFF else timedelta(0)
        found: dict[int, _Like] = {}
        for event in events:
            if event.liker is not None:
                at = now if event.at is None else min(now, event.at + shift)
                found.setdefault(event.liker.id, _Like(event, event.liker.id, at))
        return sorted(found.values(), key=lambda like: (like.at, like.user_id))

    # Overridden where a model keeps all of it in memory.

    def _likes(self, session: AsyncSession) -> Likes:
        return Likes(session)

    def _users(self, session: AsyncSession) -> Users:
        return Users(session)

    def _writer(
        self,
        session: AsyncSession,
        told: ToldWatches | None = None,
        named: Container[int] = EVERYWHERE,
    ) -> AnnouncementWriter:
        return AnnouncementWriter(session, self._now(), told, named)

    async def _store(
        self, session: AsyncSession, post: Post, told: ToldWatches, likes: Sequence[_Like]
    ) -> int:
        stored, now = self._likes(session), self._now()
        known = await stored.known(post.id, [like.user_id for like in likes])
        doubtful = await stored.settle_some(post.id, known) if post.doubtful_count else set()
        news = [like for like in likes if like.user_id not in known]
        doubted = [like for like in likes if like.user_id in doubtful]
        again = [like for like in likes if _has_gone(known.get(like.user_id))]
        is_new = {like.user_id for like in (*news, *doubted) if _is_news(post, told.watches, like)}
        await self._users(session).save(
            [user_row(like.event.liker) for like in news if like.event.liker is not None]
        )
        place, post.places = post.places, post.places + len(news) + len(again)
        rows = [
            NewLike(like.user_id, place + number, seen_at=like.at)
            for number, like in enumerate(news, 1)
        ]
        await stored.add(post.id, rows, now)
        places = {like.user_id: place + len(news) + n for n, like in enumerate(again, 1)}
        await stored.given_again(post.id, places)
        # Those from before the watch began are in its first count.
        counting = [like for like in likes if like.user_id in is_new or like in again]
        pushed = likes_pushed(
            likes_state_of(post),
            [like.at for like in counting],
            now,
            counted_at=post.probed_at,
            place=place,
        )
        write_likes_state(post, pushed.state)
        await self._take_count(session, post, likes)
        post.doubtful_count = max(0, post.doubtful_count - len(doubtful))
        is_told = {like.user_id for like, tell in zip(counting, pushed.told, strict=True) if tell}
        tell = [like for like in counting if like.user_id in is_new & is_told]
        return await self._announce(session, post, told, tell)

    async def _take_count(
        self, session: AsyncSession, post: Post, likes: Collection[_Like]
    ) -> None:
        """Take what the newest event shows for a count, which is free.

        What is more than is known are likes whose events are late, or lost. Less than is known
        says nothing, and neither does what is older than the last count.
        """
        state, counted_at = likes_state_of(post), post.probed_at
        if state.kind in BY_COUNT or post.erased_at is not None or post.begins_anew:
            return
        newest = max(likes, key=lambda like: like.at, default=None)
        if newest is None or (counted_at is not None and newest.at < counted_at):
            return
        if (newest.event.like_count or 0) < max(1, state.count + state.ahead):
            return
        is_trusted = self._coverage.trusts(post.author_id, counted_at)
        writer = self._writer(session)
        await take_count(writer, post, newest.event.like_count or 0, self._now(), pushed=is_trusted)
        post.probed_at = newest.at

    async def _announce(
        self, session: AsyncSession, post: Post, told: ToldWatches, likes: Sequence[_Like]
    ) -> int:
        """Tell each watch of the likes since it began, by name where its server may see them."""
        if not likes:
            return 0
        readers = await self._access.readers(session, post.author_id)
        by_likes: defaultdict[tuple[int, ...], list[Watch]] = defaultdict(list)
        for watch in told.watches:
            mine = tuple(like.user_id for like in likes if _is_since(post, watch, like.at))
            by_likes[mine].append(watch)
        counts = [like.event.like_count or 0 for like in likes]
        count = max(counts) or post.like_count + post.ahead_count
        made = 0
        for user_ids, watches in by_likes.items():
            named = {
                watch.guild_id
                for watch in watches
                if readers.shows_names(post.author_id, watch.guild_id)
            }
            writer = self._writer(session, ToldWatches(watches, told.held), named)
            made += await writer.likes(post.id, user_ids, count)
        return made


async def _without_forgotten(session: AsyncSession, events: Sequence[PushEvent]) -> list[PushEvent]:
    """Return the events, with a stand-in for whoever asked to be forgotten."""
    likers = {event.liker.id for event in events if event.liker is not None}
    stand_ins = await Users(session).stand_ins(likers)
    return [
        event
        if event.liker is None
        else replace(event, liker=replaced([event.liker], stand_ins)[0])
        for event in events
    ]


def _has_gone(known: KnownLike | None) -> bool:
    return known is not None and known.gone_at is not None


def _is_news(post: Post, watches: Collection[Watch], like: _Like) -> bool:
    """Say whether a like came after any of the watches began."""
    return any(_is_since(post, watch, like.at) for watch in watches)


def _is_since(post: Post, watch: Watch, at: datetime) -> bool:
    """Say whether a like is not older than a watch; of a post watched from birth, none is.

    Nor is it to be from before the watch was resumed: what came in a pause is not told.
    """
    if watch.begun_again_at is not None and at < watch.begun_again_at - _CLOCKS:
        return False
    return post.first_read_at is None or at >= watch.created_at - _CLOCKS
