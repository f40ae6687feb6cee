"""Storing what a reading found: likes and announcements in one transaction, both or neither."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.accounts.audience import EVERYBODY, Readers
from bot.domain import WatchKind
from bot.domain.users import replaced
from bot.watching.announcements import AnnouncementWriter
from bot.watching.likers.listing import Compared, Listing, compare
from bot.watching.post_state.after_reading import (
    likers_read,
    likers_refused,
    nobody_reads,
)
from bot.watching.post_state.looking_again import LOOKS
from bot.watching.post_state.pushed import without_place
from bot.watching.post_state.rows import likes_state_of, write_likes_state
from bot.watching.post_state.state import LikesState, Outcome, explains, lacks_somebody, rebased
from bot.watching.stored_values import user_row
from storage.database import Database
from storage.likes import AbsentLike, Likes
from storage.models import Post
from storage.posts import Posts
from storage.until_stored import if_back_soon
from storage.users import Users

Tail = tuple[str | None, int]
# Between two looks for somebody who is not listed any more.
_ANOTHER_TIME = timedelta(minutes=1)
# By more than this no list is behind.
_NEVER_LATER = LOOKS[-1]


class Storing:
    """Stores what was read; those whom the `readers` do not show names are told the growth."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def present(self, post_id: int) -> int:
        """Return how many likers of a post are stored."""
        async with self._database.reading() as session:
            return await Likes(session).present(post_id)

    async def found_since(self, post_id: int, since: datetime, most: int) -> int:
        """Return how many likers were first seen after that, but no more than `most`."""
        async with self._database.reading() as session:
            return await Likes(session).found_since(post_id, since, most)

    @if_back_soon
    async def store(
        self,
        row: Post,
        began: LikesState,
        listing: Listing,
        *,
        is_last: bool,
        least: int = 0,
        tail: Tail | None = None,
        readers: Readers = EVERYBODY,
    ) -> int | None:
        """Store what a listing shows; return how many announcements that made.

        Return None, and store nothing, where it does not explain the change and is not the last, or
        lacks somebody and has not shown the `least` that stand above them.
        """
        async with self._change(row.id, began, readers) as change:
            if change is None:
                return 0
            compared = await change.compared(listing)
            may_show_more = len(listing.users) < least and lacks_somebody(began, compared.reading)
            if not is_last and (may_show_more or not explains(began, compared.reading)):
                return None
            if began.read_at is None:
                change.post.whole_at = change.now
            if tail is not None:
                change.post.tail_token, change.post.tail_count = tail
            return await change.keep(compared, likers_read(began, compared.reading, change.now))

    @if_back_soon
    async def store_deep(
        self,
        row: Post,
        began: LikesState,
        listing: Listing,
        *,
        is_last: bool,
        readers: Readers = EVERYBODY,
    ) -> int | None:
        """Store who was overlooked, and who has gone; None where the sum does not add up yet."""
        async with self._change(row.id, began, readers) as change:
            if change is None:
                return 0
            compared = await change.compared(listing)
            absent = await change.absent(compared, whole=listing.whole)
            expected = await change.expected_gone(compared)
            if not is_last and len(absent) < max(1, expected):
                return None
            made = 0
            if compared.reading.new:
                outcome = likers_read(began, compared.reading, change.now)
                made = await change.keep(compared, outcome)
            return made + await change.gone(absent, expected)

    @if_back_soon
    async def refused(
        self, post_id: int, began: LikesState, *, own: bool, readers: Readers = EVERYBODY
    ) -> int:
        """Note that X does not show who likes a post."""
        async with self._change(post_id, began, readers) as change:
            if change is None:
                return 0
            outcome = likers_refused(began, change.now, own=own)
            change.write(outcome.state)
            return await change.tell(outcome)

    @if_back_soon
    async def nobody_reads(self, post_id: int, began: LikesState) -> int:
        """Note that nobody may read who likes a post for those who watch it."""
        async with self._change(post_id, began) as change:
            if change is None:
                return 0
            outcome = nobody_reads(began, change.now)
            change.write(outcome.state)
            return await change.tell(outcome)

    @asynccontextmanager
    async def _change(
        self, post_id: int, began: LikesState, readers: Readers = EVERYBODY
    ) -> AsyncIterator["Change | None"]:
        """Yield a post, locked, to be changed; None when somebody else has changed it meanwhile."""
        now = self._now()
        async with self._database.transaction() as session:
            post, told = await Posts(session).lock_with_watches(post_id)
            if post is None or not is_as_it_was(post, began):
                yield None
                return
            named = {
                watch.guild_id
                for watch in told.watches
                if readers.shows_names(post.author_id, watch.guild_id)
            }
            writer = AnnouncementWriter(session, now, told, named)
            users = Users(session)
            yield Change(Likes(session), users, writer, post, began, now, told.any_forgotten)


def is_as_it_was(post: Post, began: LikesState) -> bool:
    """Say whether nobody else has read the post, and who can read it has not changed."""
    return post.collected_at == began.read_at and WatchKind(post.kind) is began.kind


@dataclass(frozen=True, slots=True)
class Change:
    """A post whose reading is being stored: its locked row, and how it was when that began."""

    likes: Likes
    users: Users
    writer: AnnouncementWriter
    post: Post
    began: LikesState
    now: datetime
    any_forgotten: bool = False

    async def compared(self, listing: Listing) -> Compared:
        if self.any_forgotten:
            stand_ins = await self.users.stand_ins({user.id for user in listing.users})
            listing = replace(listing, users=replaced(listing.users, stand_ins))
        user_ids = [user.id for user in listing.users]
        known = await self.likes.known(self.post.id, user_ids)
        compared = compare(listing, known, self.began, self.post.list_order, self.post.tail_count)
        if compared.order is None and compared.reading.whole:
            self.post.tail_count = compared.reading.cut
        return compared

    async def keep(self, compared: Compared, outcome: Outcome) -> int:
        """Store who was found, and announce who is news; return how many announcements."""
        post, likes = self.post, self.likes
        new, again = compared.likes(post.places, outcome.news, outcome.doubtful)
        await self.users.save([user_row(user) for user in compared.newest_first])
        if outcome.doubtful and not self.began.doubtful:
            await likes.settle(post.id)  # those of earlier times are old
        added = await likes.add(post.id, new, self.now)
        await likes.given_again(post.id, again)
        place, post.places = post.places, post.places + len(new) + len(again)
        post.list_order = compared.order
        if outcome.doubts_order:
            post.list_order, post.tail_token, post.tail_count = None, None, 0
        self.write(outcome.state)
        if post.pushed_at is not None and post.surplus and post.pushed_place is None:
            post.pushed_place = place  # they too are counted when X pleases, not at once
        news = added[len(added) - outcome.news :] if outcome.news else []
        made = await self.writer.likes(post.id, news, post.like_count)
        if outcome.settled:
            settled = await likes.newest_doubtful(post.id, outcome.settled)
            made += await self.writer.likes(post.id, settled, post.like_count)
        return made + await self.tell(outcome)

    async def tell(self, outcome: Outcome) -> int:
        """Tell of growth where names are not shown, and once that they are hidden from now on."""
        post_id, made = self.post.id, 0
        hidden = outcome.state.kind is WatchKind.COUNTS and self.began.kind is not WatchKind.COUNTS
        # Where nobody was ever shown, that was said when the watch began.
        if hidden and await self.likes.any_of(post_id):
            made += await self.writer.likers_hidden(post_id)
        stalled = WatchKind.STALLED
        if outcome.state.kind is stalled and self.began.kind is not stalled:
            made += await self.writer.list_stalled(post_id)
        if outcome.growth is not None:
            made += await self.writer.growth(post_id, outcome.growth)
        return made

    def write(self, after: LikesState) -> None:
        latest = likes_state_of(self.post)
        state = rebased(after, self.began, latest, self.now)
        write_likes_state(self.post, without_place(state))

    async def absent(self, compared: Compared, *, whole: bool) -> list[AbsentLike]:
        """Return who is stored and was not listed where they should have been."""
        between = compared.covered(whole=whole)
        if between is None or not compared.reading.shown:
            return []  # an empty list may just hide them
        present = [user.id for user in compared.newest_first]
        return await self.likes.absent(self.post.id, present, between)

    async def gone(self, absent: Sequence[AbsentLike], expected: int) -> int:
        """Note who has gone; return how many announcements that made.

        As many as the count fell by have, if they did not like lately. A list may be late, or show
        again how it was: of who liked lately it takes a second look, another time, and of whom the
        count says nothing, that they liked some time ago as well. Where a list lacks fewer than the
        count says, it is looked at once more.
        """
        post, likes = self.post, self.likes
        agrees = len(absent) <= expected
        sure = [each for each in absent if self._has_gone(each, agrees=agrees)]
        doubted = [each.user_id for each in absent if each not in sure]
        is_first = post.deep_at is None or post.deep_at <= self.now - _NEVER_LATER
        looks_again = bool(doubted) or (is_first and len(sure) < expected)
        post.deep_at = self.now
        post.whole_at = None if looks_again else self.now
        await likes.mark_absent(post.id, doubted, self.now)
        gone = [each.user_id for each in sure]
        if not gone:
            return 0
        await likes.mark_gone(post.id, gone, self.now)
        return await self.writer.left(post.id, gone, post.like_count)

    def _has_gone(self, like: AbsentLike, *, agrees: bool) -> bool:
        """Say whether somebody who is not listed has gone, where the count `agrees` or does not."""
        is_old = like.first_seen_at <= self.now - _NEVER_LATER
        was_absent = like.is_before(self.now - _ANOTHER_TIME)
        return (is_old or was_absent) if agrees else (is_old and was_absent)

    async def expected_gone(self, compared: Compared) -> int:
        """Return how many of those who are stored the count says have gone."""
        post = self.post
        stored = await self.likes.present(post.id) + compared.reading.new
        # What was pushed is stored, and not counted yet.
        listed = (
            post.like_count
            + post.ahead_count
            - post.hidden_count
            - post.held_back_count
            - post.older_count
        )
        return max(0, stored - listed)
