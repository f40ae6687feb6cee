"""Reading a post's likers, and storing likes and announcements together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import User, WatchKind
from bot.domain.errors import LikersNotShown, PostNotFound
from bot.domain.page_sizes import LIKERS_SHOWN, MAX_LIKERS_A_PAGE
from bot.watching.announcements import AnnouncementWriter
from bot.watching.post_state.rows import likes_state_of, write_likes_state
from bot.watching.post_state.state import (
    LikesState,
    Reading,
    explains,
    likers_read,
    page_size,
    rebased,
    whole_size,
)
from bot.watching.stored_values import user_row
from bot.x.client import XClient
from bot.x.prices import Bill
from storage.database import Database
from storage.likes import KnownLike, Likes
from storage.models import Post, PostState
from storage.posts import Posts, WatchedPost
from storage.users import Users


@dataclass(frozen=True, slots=True)
class ReadingTerms:
    """On what terms a post is read: who pays, and how many requests are left to others.

    A `whole` reading goes to the end of the list, to see who has gone.
    """

    bill: Bill
    keep: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Listing:
    """The likers that X listed, newest like first, and whether to the end of its list."""

    users: tuple[User, ...]
    whole: bool
    own: bool


class PostReader:
    """Reads with any account; what it finds is the same, as far as X shows it."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def read(self, x: XClient, row: Post, terms: ReadingTerms) -> int:
        """Read a post's new likers and store them; return how many announcements that made.

        Raise XError when X cannot be read; the likes stay pending then.
        """
        state = likes_state_of(row)
        own = row.author_id is not None and row.author_id == x.user_id
        try:
            return await self._read(x, row.id, state, terms, own=own)
        except LikersNotShown:
            return await self._store(row.id, state, _Listing((), whole=True, own=False)) or 0
        except PostNotFound:
            return await self._deleted(row.id)

    async def _read(
        self, x: XClient, post_id: int, state: LikesState, terms: ReadingTerms, *, own: bool
    ) -> int:
        """Read as little as explains the change, else everything that X shows."""
        size = whole_size(state) if terms.whole else page_size(state)
        if size < MAX_LIKERS_A_PAGE:
            page = await x.likes.liking_users(
                post_id, max_results=size, keep=terms.keep, bill=terms.bill
            )
            whole = page.next_token is None
            if whole or not terms.whole:
                made = await self._store(post_id, state, _Listing(page.users, whole=whole, own=own))
                if made is not None:
                    return made
        users = await _list_all(x, post_id, terms)
        return await self._store(post_id, state, _Listing(users, whole=True, own=own)) or 0

    async def _store(self, post_id: int, began: LikesState, listing: _Listing) -> int | None:
        """Store the likes and their announcements in one transaction: both, or neither.

        Return None, and store nothing, where the listing does not explain the change.
        """
        now = self._now()
        async with self._database.transaction() as session:
            row, watches = await Posts(session).lock_with_watches(post_id, now)
            if row is None or row.collected_at != began.read_at:
                return 0  # somebody else has read it meanwhile
            likes = Likes(session)
            user_ids = [user.id for user in listing.users]
            known = await likes.known(post_id, user_ids)
            reading = _compare(listing, known, began)
            if not explains(began, reading):
                return None
            await Users(session).save([user_row(user) for user in listing.users])
            oldest_first = user_ids[::-1]
            new = await likes.add(post_id, oldest_first, now, known)
            after, growth = likers_read(began, reading, now, own=listing.own)
            gone: list[int] = []
            # Only a list of names tells who has gone: an empty one may just hide them.
            if reading.whole and after.kind is WatchKind.NAMES and reading.shown < LIKERS_SHOWN:
                gone = await likes.mark_gone(post_id, oldest_first, now)
            if reading.whole:
                row.whole_at = now
            write_likes_state(row, rebased(after, began, likes_state_of(row), now))
            if began.read_at is None:
                return 0
            writer = AnnouncementWriter(session, now, watches)
            announcements = await writer.likes(post_id, new, row.like_count)
            announcements += await writer.left(post_id, gone, row.like_count)
            # Where nobody was ever shown, the growth says why there are no names.
            if after.kind is WatchKind.COUNTS and await likes.any_of(post_id):
                announcements += await writer.likers_hidden(post_id)
            if growth is not None:
                announcements += await writer.growth(post_id, growth)
        return announcements

    async def _deleted(self, post_id: int) -> int:
        now = self._now()
        async with self._database.transaction() as session:
            row, watches = await Posts(session).lock_with_watches(post_id, now)
            if row is None:
                return 0
            before, row.state, row.probed_at = PostState(row.state), PostState.DELETED, now
            writer = AnnouncementWriter(session, now, watches)
            return await writer.state_changed(post_id, before, row.state)


class Readings:
    """No post is read twice at a time; and when each account read last."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._now = now
        self._reader = PostReader(database, now)
        self._last: dict[str, datetime] = {}
        self._being_read: set[int] = set()

    def last(self, account: str) -> datetime | None:
        return self._last.get(account)

    def is_being_read(self, each: WatchedPost) -> bool:
        return each.post.id in self._being_read

    async def read(self, x: XClient, each: WatchedPost, terms: ReadingTerms) -> int:
        """Read a post; return how many announcements that made. Raise XError when X cannot be read.

        Of two readings at the same time the later does nothing.
        """
        if self.is_being_read(each):
            return 0
        self._being_read.add(each.post.id)
        try:
            self._last[x.account] = self._now()
            return await self._reader.read(x, each.post, terms)
        finally:
            self._being_read.discard(each.post.id)


def _compare(listing: _Listing, known: Mapping[int, KnownLike], began: LikesState) -> Reading:
    return Reading(
        shown=len(listing.users),
        new=len(listing.users) - len(known),
        recent=sum(like.first_seen_at == began.read_at for like in known.values()),
        met_known=bool(known),
        whole=listing.whole,
    )


async def _list_all(x: XClient, post_id: int, terms: ReadingTerms) -> tuple[User, ...]:
    """Read to the end: X shows a hundred at most, but only its missing token says so."""
    users: dict[int, User] = {}
    token: str | None = None
    while True:
        page = await x.likes.liking_users(post_id, token=token, keep=terms.keep, bill=terms.bill)
        users.update({user.id: user for user in page.users if user.id not in users})
        if page.next_token is None or page.next_token == token or not page.users:
            return tuple(users.values())
        token = page.next_token
