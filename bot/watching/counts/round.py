"""Asking for the like counts of watched posts, a hundred a request."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain import Missing, PostsFound
from bot.domain import Post as XPost
from bot.domain.errors import GuildBudgetSpent, XError
from bot.watching.announcements import AnnouncementWriter
from bot.watching.counts import schedule
from bot.watching.counts.own_timeline import Timeline
from bot.watching.counts.schedule import Countable, CountOwn, Request
from bot.watching.health import Health
from bot.watching.like_rate import rate
from bot.watching.polling_budget import PollingBudget
from bot.watching.post_state.rows import (
    STATE_OF_MISSING,
    likes_state_of,
    visibility_of,
    write_visibility,
)
from bot.watching.push.coverage import Coverage
from bot.watching.take_count import take_count
from bot.watching.visibility import look_again_at
from bot.x.client import XClient
from bot.x.limits import Endpoint
from bot.x.prices import WATCH, Bill
from bot.x.snowflake import made_at
from storage.database import Database
from storage.models import Post, PostKind, PostState
from storage.posts import Posts
from storage.until_stored import if_back_soon
from storage.watched_posts import Watched, WatchedPost

_PART = "probe"
# Likes a second that make a request worth sending, for whichever post.
_AT_ONCE = 1e-3
_NAMED = frozenset({PostKind.PENDING, PostKind.NAMES})


@dataclass(frozen=True, slots=True)
class Counted:
    """How many posts were counted, and how many announcements that made.

    `moved` are those whose likers are to be read now.
    """

    posts: int = 0
    moved: tuple[WatchedPost, ...] = ()
    announcements: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.posts + other.posts,
            self.moved + other.moved,
            self.announcements + other.announcements,
        )


class CountsRound:
    def __init__(
        self,
        database: Database,
        x: XClient,
        health: Health,
        now: Callable[[], datetime],
        *,
        every: timedelta,
        budget: PollingBudget,
        for_guests: bool = False,
        coverage: Coverage | None = None,
    ) -> None:
        """Count the posts that the operator's servers watch or, as the app, those of guests.

        Those whose likes X pushes, as the `coverage` says, are counted seldom.
        """
        self._database = database
        self._x = x
        self._health = health
        self._now = now
        self._every_s = every.total_seconds()
        self._budget = budget
        self._for_guests = for_guests
        self._coverage = coverage or Coverage(now)
        self._timeline = Timeline(x.prices)
        self._asked_at: dict[Endpoint, datetime] = {}
        self._paid: tuple[date | None, set[int]] = (None, set())

    async def run_once(self) -> Counted:
        """Count the posts whose turn it is."""
        now = self._now()
        async with self._database.reading() as session:
            rows, budgets = await Posts(session).watched(now)
            await self._budget.look(session, budgets)
        watched = {row.id: row for row in rows if self._is_asked_for(row.guild_ids)}
        self._timeline.keep(watched.keys())
        total = Counted()
        due = self._coverage.due(
            watched.values(), lambda row: _rate(row, now), lambda row: self._has_price(row, now)
        )
        for request in await self._plan(due, now):
            try:
                total += await self._send(request, watched)
            except GuildBudgetSpent:
                continue  # whose budget it is was told; others are counted
            except XError as error:
                self._health.fails(_PART, error)
                break
            self._health.works(_PART)
        return total

    def _is_asked_for(self, guild_ids: Collection[int]) -> bool:
        ours = self._budget.is_home(guild_ids) is not self._for_guests
        return ours and not self._budget.is_shut(guild_ids)

    async def _plan(self, watched: Collection[Watched], now: datetime) -> list[Request]:
        if not watched:
            return []
        return schedule.plan(
            [self._countable(row, now) for row in watched],
            now.timestamp(),
            self._every_s,
            by_id=self._affordable(Endpoint.POSTS, now),
            own=self._affordable(Endpoint.USER_POSTS, now),
            density=self._timeline.density,
        )

    def _affordable(self, endpoint: Endpoint, now: datetime) -> int:
        allowance = self._x.expected_allowance(endpoint)
        return schedule.affordable(allowance, self._every_s, now, self._asked_at.get(endpoint))

    def _countable(self, row: Watched, now: datetime) -> Countable:
        is_live = row.state is PostState.LIVE
        return Countable(
            row.id,
            row.probed_at.timestamp() if row.probed_at is not None else 0.0,
            self._worth(row, now) if is_live else 0.0,
            named=row.kind in _NAMED,
            own=is_live and self._is_listed(row),
            paid=self._is_paid(row, now),
            look_again_at=_look_again_at(row),
            overdue=row.has_last_count_to_come,
        )

    def _has_price(self, row: Watched, now: datetime) -> bool:
        """Say whether a count costs what X charges for a post, of one that is known by name."""
        is_known = row.state is PostState.LIVE and row.kind is PostKind.NAMES
        return is_known and not self._is_paid(row, now) and not self._is_listed(row)

    def _is_paid(self, row: Watched, now: datetime) -> bool:
        """Say whether X has charged for a post today; what a pushed like tells is no such count."""
        if self._paid[0] != now.date():
            self._paid = now.date(), set()
        by_event = _is_of_today(row.pushed_at, now)
        return row.id in self._paid[1] or (_is_of_today(row.probed_at, now) and not by_event)

    def _worth(self, row: Watched, now: datetime) -> float:
        rate = _rate(row, now)
        return max(rate, _AT_ONCE) if self._coverage.is_wanted(row) else rate

    def _is_listed(self, row: Watched) -> bool:
        is_own = row.author_id is not None and row.author_id == self._x.user_id
        return is_own and self._x.owns_app and self._timeline.has(row.id)

    async def _send(self, request: Request, watched: Mapping[int, Watched]) -> Counted:
        payers = {
            post_id: self._budget.payers(watched[post_id].guild_ids) for post_id in request.post_ids
        }
        guilds = {guild for some in payers.values() for guild in some}
        cost = request.micro_usd(self._x.prices)
        if not self._budget.may_spend(cost, guilds):
            return Counted()
        bill = Bill(WATCH, payers)
        if isinstance(request, CountOwn):
            asked, found = await self._ask_own(request, bill)
        else:
            asked, found = request.post_ids, await self._ask(request.post_ids, bill)
        self._budget.spent(cost, guilds)
        return await self._store([watched[post_id] for post_id in asked], found)

    async def _ask(self, post_ids: Collection[int], bill: Bill) -> PostsFound:
        keep = schedule.reserve(self._x.expected_allowance(Endpoint.POSTS))
        self._asked_at[Endpoint.POSTS] = self._now()
        return await self._x.counts(post_ids, keep=keep, bill=bill)

    async def _ask_own(self, request: CountOwn, bill: Bill) -> tuple[Collection[int], PostsFound]:
        """Read a page of the timeline, and by their IDs those that it should show and does not.

        Return which posts that was about; older ones than the page goes back to were not reached.
        """
        self._asked_at[Endpoint.USER_POSTS] = self._now()
        page = await self._x.own_posts(
            max_results=request.max_results,
            until_id=request.until_id,
            expected=request.post_ids,
            keep=schedule.reserve(self._x.expected_allowance(Endpoint.USER_POSTS)),
            bill=bill,
        )
        shown = self._timeline.read(request, page)
        if not shown.absent:
            return shown.posts.keys(), PostsFound(shown.posts, {})
        found = await self._ask(shown.absent, bill)
        asked = shown.posts.keys() | shown.absent
        return asked, PostsFound({**shown.posts, **found.posts}, found.missing)

    @if_back_soon
    async def _store(self, asked: Sequence[Watched], found: PostsFound) -> Counted:
        now = self._now()
        same = [row.id for row in asked if _is_same(row, found)]
        changed = {row.id for row in asked} - set(same)
        guilds = {row.id: row.guild_ids for row in asked}
        moved: list[WatchedPost] = []
        announcements = 0
        async with self._database.transaction() as session:
            posts, writer = Posts(session), AnnouncementWriter(session, now)
            rows = await posts.lock_some(changed) if changed else {}
            for row in rows.values():
                began_anew = row.begins_anew
                announcements += await self._take(writer, row, found, now)
                # One that begins anew is read at once, so that who comes next is surely new.
                if (began_anew and not row.begins_anew) or _is_to_be_read(row, now):
                    moved.append(WatchedPost(row, guilds[row.id]))
            if same:
                await posts.counted(same, now)
        self._coverage.counted([row.id for row in asked])
        self._paid[1].update(row.id for row in asked)
        return Counted(len(asked), tuple(moved), announcements)

    async def _take(
        self, writer: AnnouncementWriter, row: Post, found: PostsFound, now: datetime
    ) -> int:
        """Take over what X says of a post; return how many announcements that made."""
        before = visibility_of(row)
        missing: Missing | None = found.missing.get(row.id)
        seen = PostState.LIVE if missing is None else STATE_OF_MISSING[missing]
        after = before.seen(seen, now)
        write_visibility(row, after)
        made = await writer.state_changed(row.id, before.told, after.told)
        if missing is None:
            post = found.posts[row.id]
            row.newer_id = post.newer_id
            if row.erased_at is not None:
                row.text = post.text
            return made + await self._take_count(writer, row, post, now)
        row.probed_at = now
        return made

    async def _take_count(
        self, writer: AnnouncementWriter, row: Post, found: XPost, now: datetime
    ) -> int:
        pending, counted_at = likes_state_of(row).pending, row.probed_at
        pushed = self._coverage.trusts(row.author_id, counted_at)
        made = await take_count(writer, row, found.counts.likes, now, pushed=pushed)
        if pushed and likes_state_of(row).pending > pending:
            self._coverage.rose(row.author_id, counted_at)
        return made


def _look_again_at(row: Watched) -> float | None:
    return None if row.suspected_at is None else look_again_at(row.suspected_at).timestamp()


def _is_to_be_read(row: Post, now: datetime) -> bool:
    is_shown = row.state is PostState.LIVE and row.suspected in (None, PostState.LIVE)
    is_named = is_shown and row.kind in _NAMED
    state = likes_state_of(row)
    return is_named and state.pending > 0 and (state.look_at is None or state.look_at <= now)


def _is_same(row: Watched, found: PostsFound) -> bool:
    """Say whether nothing has to be written of a post but when it was counted."""
    if row.id not in found.posts and row.id not in found.missing:
        return True
    if row.suspected_at is not None or row.ahead_count:
        return False
    if row.id in found.missing:
        return row.state is STATE_OF_MISSING[found.missing[row.id]]
    return (
        row.state is PostState.LIVE
        and row.probed_at is not None
        and not row.heat
        and found.posts[row.id].counts.likes == row.like_count
        and found.posts[row.id].newer_id == row.newer_id
    )


def _is_of_today(at: datetime | None, now: datetime) -> bool:
    return at is not None and at.date() == now.date()


def _rate(row: Watched, now: datetime) -> float:
    made = made_at(row.id) or row.created_at
    age_s = (now - made).total_seconds() if made is not None else 0.0
    return rate(age_s, row.like_count, row.heat)
