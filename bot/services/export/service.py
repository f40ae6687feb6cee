"""Exporting all that X shows of who likes a post, or of what a user likes."""

from dataclasses import replace
from decimal import Decimal

from bot.accounts.which_account import Access
from bot.domain import LikersPage, Post, UsersPage
from bot.domain.discord_limits import ANSWER_MINUTES
from bot.domain.errors import LikecordError, NothingToExport, RateLimited, XError
from bot.domain.files import NamedFile
from bot.domain.money import in_usd
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.money.ledger import Ledger
from bot.services.export.progress import Course
from bot.services.export.quota import ExportQuota
from bot.services.export.sources import LikedBy, LikersOf, RowsPage, Source
from bot.services.export.table import Row, Table
from bot.services.export.values import Exported, ExportPlan, ExportRequest, Kind
from bot.services.lookup import why_hidden
from bot.services.lookup_rights import LookupRights
from bot.x.client import XClient
from bot.x.originals import read_original
from bot.x.post_ref import parse_post_ref, parse_username
from bot.x.prices import Resource

# Discord takes files of 10 MiB.
MAX_FILE_BYTES = 10 * 1024 * 1024 - 64 * 1024
_TOO_LARGE = "Discord takes no larger file from me, so it ends here."
_OUT_OF_TIME = f"Discord lets me answer for {ANSWER_MINUTES} minutes, so it ends here."


class ExportService:
    def __init__(
        self,
        access: Access,
        ledger: Ledger,
        quota: ExportQuota,
        rights: LookupRights,
        max_file_bytes: int = MAX_FILE_BYTES,
    ) -> None:
        self._access = access
        self._quota = quota
        self._rights = rights
        self._ledger = ledger
        self._max_file_bytes = max_file_bytes

    async def plan(self, request: ExportRequest) -> ExportPlan:
        """Look at what is to be exported, and what it will cost at most."""
        guild = await self._rights.require(request.actor)
        x = await self._access.public(guild.id, is_home=self._access.audience.is_home_by(guild))
        if request.kind is Kind.LIKERS:
            post = await read_original(x, parse_post_ref(request.subject), request.bill)
            count, left_usd = post.counts.likes, await self._ledger.left(request.bill)
            if post.is_counted and not count:
                raise NothingToExport
            return ExportPlan(request, post, count, self._usd(count, Resource.USER_READ), left_usd)
        username = parse_username(request.subject)
        user = await x.user_by_username(username, request.bill)
        left_usd = await self._ledger.left(request.bill)
        likes = user.counts.likes if user.counts else None
        read = Resource.OWNED_READ if user.id == x.user_id else Resource.POST_READ
        most_usd = None if likes is None else self._usd(likes, read, Resource.USER_READ)
        request = replace(request, subject=username)
        return ExportPlan(request, user, likes, most_usd, left_usd, await self._posts_left(x))

    async def _posts_left(self, x: XClient) -> int | None:
        if x is not self._access.own:
            return None  # what the whole app has used up is not a guest's to know
        try:
            return await x.posts_left()
        except XError:
            # It is good to know, and no reason not to begin: X says itself when there is an end.
            return None

    async def run(self, plan: ExportPlan, course: Course) -> Exported:
        """Read page after page into a file; what ends it early is told with what was read.

        Raise what X says when it shows nothing at all.
        """
        source = self._source(plan)
        table = Table(plan.request.format, source.columns, self._max_file_bytes)
        rows = _Rows(table, source, self._quota, plan.request.actor.user_id)
        cut_short = await _fill(rows, course)
        if table.rows == 0 and cut_short is None:
            raise NothingToExport
        return Exported(
            plan=plan,
            file=NamedFile(_name(plan), table.contents()),
            rows=table.rows,
            cut_short=cut_short,
            page=_last_page(plan, table.rows) if cut_short is None else None,
            bare=rows.bare,
        )

    def _usd(self, count: int, *resources: Resource) -> Decimal:
        prices = self._ledger.prices
        return in_usd(count * sum(prices[resource] for resource in resources))

    def _source(self, plan: ExportPlan) -> Source:
        bill = plan.request.bill
        if isinstance(plan.subject, Post):
            most = self._affordable(plan, Resource.USER_READ)
            return LikersOf(self._access, plan.subject, bill, most)
        most = self._affordable(plan, Resource.POST_READ, Resource.USER_READ)
        return LikedBy(self._access, plan.subject, bill, plan.request.actor.user_id, most)

    def _affordable(self, plan: ExportPlan, *resources: Resource) -> int:
        """Return how many rows the budget had money for: no page is to cost more than that."""
        each = self._usd(1, *resources)
        if plan.left_usd is None or not each:
            return MAX_LIKERS_A_PAGE
        return max(1, int(plan.left_usd / each))


def _last_page(plan: ExportPlan, rows: int) -> LikersPage | None:
    """Return the empty page after so many likers: it knows how many X hides, and why."""
    if not isinstance(plan.subject, Post):
        return None
    last = LikersPage(plan.subject, UsersPage(()), before=rows)
    return replace(last, hidden=why_hidden(last, None))


class _Rows:
    """Reads pages into a table: whole, until a person has been given what X's policy allows."""

    def __init__(self, table: Table, source: Source, quota: ExportQuota, member_id: int) -> None:
        self.table = table
        self.source = source
        self.bare = 0
        self._quota = quota
        self._member_id = member_id

    async def write(self, page: RowsPage) -> bool:
        """Write a page; return False when the file has no room left for all of it."""
        whole = await self._quota.take(self._member_id, len(page.rows))
        for number, row in enumerate(page.rows):
            is_bare = number >= whole
            if not self.table.add(_ids_of(row) if is_bare else row):
                return False
            self.bare += is_bare
        return True


def _ids_of(row: Row) -> Row:
    return {name: value if name.endswith("_id") else None for name, value in row.items()}


async def _fill(rows: _Rows, course: Course) -> str | None:
    """Write all rows; return a sentence when something ended it before."""
    table = rows.table
    token: str | None = None
    read: set[str | None] = set()
    while True:
        if course.why_stopped is not None:
            return course.why_stopped
        if course.is_over:
            return _OUT_OF_TIME
        try:
            page = await rows.source.page(token)
        except RateLimited as error:
            if error.resets_at >= course.until:
                return _or_raise(error, table)
            await course.wait(error.resets_at)
            continue
        except LikecordError as error:
            return _or_raise(error, table)
        if not await rows.write(page):
            return _TOO_LARGE
        course.tell(table.rows)
        # A page that names an earlier one as the next would never end.
        read.add(token)
        if page.next_token is None or page.next_token in read:
            return None
        token = page.next_token


def _or_raise(error: LikecordError, table: Table) -> str:
    if table.rows == 0:
        raise error
    return str(error)


def _name(plan: ExportPlan) -> str:
    of = "likers-of" if isinstance(plan.subject, Post) else "liked-by"
    return f"{of}-{plan.key}.{plan.request.format}"
