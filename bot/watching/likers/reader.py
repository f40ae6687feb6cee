"""Reading a post's likers, and storing likes and announcements together."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.accounts.audience import EVERYBODY, Readers
from bot.domain import UsersPage
from bot.domain.errors import InvalidForX, LikersNotShown
from bot.domain.page_sizes import LIKERS_BEYOND_KNOWN, MAX_LIKERS_A_PAGE
from bot.watching.likers.listing import Listing, how_far
from bot.watching.likers.store_likes import Storing
from bot.watching.post_state.rows import likes_state_of
from bot.watching.post_state.state import LikesState, is_last_look, looks_back_to, page_size
from bot.x.client import XClient
from bot.x.prices import Bill
from storage.database import Database
from storage.models import ListOrder, Post
from storage.watched_posts import WatchedPost

# Of an oldest-first list so many pages are read to reach its end, once.
_MOST_PAGES = 3
# A first page of a deep reading; most who take a like back have given it lately.
_SHALLOW = 20
# Who is missing is looked for below so many who liked since; a look is paid for by the user.
_MOST_ABOVE = 10 * MAX_LIKERS_A_PAGE


@dataclass(frozen=True, slots=True)
class ReadingTerms:
    """On what terms a post is read: who pays, and how many requests are left to others.

    A `deep` reading goes on past those who are known, to see who has gone and who was overlooked.
    Whom the names may be shown to, the `readers` say. So many `more` likes than are counted are
    known to be there.
    """

    bill: Bill
    keep: int
    deep: bool = False
    readers: Readers = EVERYBODY
    more: int = 0


class PostReader:
    """Reads with any account; what it finds is the same, as far as X shows it."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._now = now
        self._storing = Storing(database, now)

    async def nobody_reads(self, row: Post) -> int:
        """Go on with a post by its count; return how many announcements that made."""
        return await self._storing.nobody_reads(row.id, likes_state_of(row))

    async def read(self, x: XClient, row: Post, terms: ReadingTerms) -> int:
        """Read a post's new likers and store them; return how many announcements that made.

        Raise XError when X cannot be read; the likes stay pending then.
        """
        began = likes_state_of(row)
        own = row.author_id is not None and row.author_id == x.user_id
        reading = _OneReading(x, row, began, terms, own=own)
        try:
            if terms.deep:
                return await self._deep(reading)
            if row.list_order is ListOrder.OLDEST_FIRST and began.read_at is not None:
                return await self._from_the_tail(reading)
            return await self._from_the_top(reading)
        except LikersNotShown:
            return await self._storing.refused(row.id, began, own=own, readers=terms.readers)

    async def _from_the_top(self, reading: "_OneReading") -> int:
        """Read as little as explains the change, and on as far as that needs."""
        row, began = reading.row, reading.began
        listing, token = reading.nothing(), None
        above = await self._above_the_missing(row, began)
        size = min(MAX_LIKERS_A_PAGE, page_size(began) + reading.terms.more + above)
        # Who was pushed since the count stands above whoever is looked for.
        pushed = 0 if row.pushed_place is None else row.places - row.pushed_place
        looked_for = began.pending + began.held_back
        enough = looked_for + MAX_LIKERS_A_PAGE + pushed
        if row.list_order is None:
            enough = max(enough, how_far(began))
        least = 0
        if is_last_look(began, self._now()):
            # Nobody is called hidden who may stand below all these.
            least = above + looked_for
            enough += above
        while True:
            page = await reading.page(size, token)
            listing, token = listing.with_page(page), page.next_token
            is_last = token is None or listing.leads_nowhere or len(listing.users) >= enough
            if began.read_at is None:
                is_last = True
            made = await self._storing.store(
                row,
                began,
                listing,
                is_last=is_last,
                least=least,
                readers=reading.terms.readers,
            )
            if made is not None:
                return made
            # Among likes that were pushed, one that was missed is near; each user read is paid for.
            shallow = _SHALLOW if row.pushed_place is None else 0
            size = min(MAX_LIKERS_A_PAGE, max(2 * size, shallow))

    async def _above_the_missing(self, row: Post, began: LikesState) -> int:
        """Return how many may stand above those who are looked for.

        Whoever X lists late stands below all who liked after them, and were listed before.
        """
        since = looks_back_to(began, self._now())
        if since is None:
            return 0
        return await self._storing.found_since(row.id, since, _MOST_ABOVE)

    async def _from_the_tail(self, reading: "_OneReading") -> int:
        """Go on where the list ended before: the newest likes are at its end."""
        row, began = reading.row, reading.began
        token, size = row.tail_token, row.tail_count + page_size(began)
        listing = reading.nothing(from_top=token is None)
        tail = (token, 0)
        for _ in range(_MOST_PAGES):
            try:
                page = await reading.page(min(MAX_LIKERS_A_PAGE, size), token)
            except InvalidForX:
                if token is None:
                    raise
                # X does not know the place any more: from the top again.
                token, size, listing = None, MAX_LIKERS_A_PAGE, reading.nothing()
                continue
            listing = listing.with_page(page)
            tail = (token, len(page.users))
            if page.next_token is None or listing.leads_nowhere:
                break
            token, size = page.next_token, MAX_LIKERS_A_PAGE
            tail = (token, 0)
        made = await self._storing.store(
            row, began, listing, is_last=True, tail=tail, readers=reading.terms.readers
        )
        return made or 0

    async def _deep(self, reading: "_OneReading") -> int:
        """Read on past those who are known, until the sum adds up or nobody more is known."""
        listing, token, size = reading.nothing(), None, _SHALLOW
        most = await self._storing.present(reading.row.id) + LIKERS_BEYOND_KNOWN
        while True:
            page = await reading.page(size, token)
            listing, token = listing.with_page(page), page.next_token
            is_last = token is None or listing.leads_nowhere or len(listing.users) >= most
            made = await self._storing.store_deep(
                reading.row, reading.began, listing, is_last=is_last, readers=reading.terms.readers
            )
            if made is not None:
                return made
            size = min(MAX_LIKERS_A_PAGE, max(1, most - len(listing.users)))


@dataclass(frozen=True, slots=True)
class _OneReading:
    """A post that is being read, as whom, and on which terms."""

    x: XClient
    row: Post
    began: LikesState
    terms: ReadingTerms
    own: bool

    def nothing(self, *, from_top: bool = True) -> Listing:
        return Listing(from_top=from_top, own=self.own)

    async def page(self, size: int, token: str | None) -> UsersPage:
        return await self.x.likes.liking_users(
            self.row.id, max_results=size, token=token, keep=self.terms.keep, bill=self.terms.bill
        )


class Readings:
    """No post is read twice at a time; and when each account read last."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._now = now
        self._reader = PostReader(database, now)
        self._last: dict[str, datetime] = {}
        self._being_read: dict[int, asyncio.Event] = {}
        self.finished = 0

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
        over = self._being_read[each.post.id] = asyncio.Event()
        try:
            self._last[x.account] = self._now()
            return await self._reader.read(x, each.post, terms)
        finally:
            del self._being_read[each.post.id]
            self.finished += 1
            over.set()

    async def over(self, each: WatchedPost) -> bool:
        """Wait while a post is being read; return whether it was."""
        if (over := self._being_read.get(each.post.id)) is None:
            return False
        await over.wait()
        return True

    async def nobody_reads(self, each: WatchedPost) -> int:
        """Go on with a post by its count, as no account may read it for those who watch it."""
        return 0 if self.is_being_read(each) else await self._reader.nobody_reads(each.post)
