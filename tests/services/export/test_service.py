"""Exports, read from the sandbox's X: whole, or cut short with the reason."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.accounts.which_account import Access
from bot.domain import Hidden
from bot.domain.errors import (
    BudgetNearlySpent,
    LikersNotShown,
    NotAPost,
    NothingToExport,
    RateLimited,
    UsageCapped,
    UserNotFound,
    UserNotShown,
)
from bot.money.ledger import Ledger
from bot.services.export.progress import Course
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.export.table import TableFormat
from bot.services.export.values import Exported, ExportPlan, ExportRequest, Kind, Progress
from bot.services.lookup_rights import LookupRights
from bot.x.credentials import Credentials
from sandbox.x.control.made_to_order import make_post, make_user
from sandbox.x.world.rows import Post
from storage.database import Database
from tests.actors import manager
from tests.x.stand import OTHERS_POST, TWITTER, TWITTER_DEV, Stand

GUILD = 7
LIKING_USERS = "GET /2/tweets/:id/liking_users"
LIKED_POSTS = "GET /2/users/:id/liked_tweets"
CAPPED = {
    "title": "Usage Capped",
    "type": "https://api.twitter.com/2/problems/usage-capped",
    "status": 429,
}


def a_quota(x: Stand) -> ExportQuota:
    return ExportQuota(x.ledger._database, x.sandbox.clock.now)


def the_rights(x: Stand) -> LookupRights:
    return LookupRights(x.ledger._database)


@pytest.fixture
def service(x: Stand) -> ExportService:
    return ExportService(Access(x.client), x.ledger, a_quota(x), the_rights(x))


@pytest.fixture
def course(x: Stand) -> Course:
    now = x.sandbox.clock.now
    return Course(now, now() + timedelta(minutes=14))


def _request(
    kind: Kind, subject: object, table_format: TableFormat = TableFormat.JSON
) -> ExportRequest:
    return ExportRequest(manager(GUILD, 7), kind, str(subject), table_format)


def _post(x: Stand, likes: int, *, hidden: int = 0, author_id: int = TWITTER_DEV) -> Post:
    world = x.sandbox.world
    post = make_post(world, {"author_id": str(author_id), "text": "A post"})
    for number in range(likes):
        who = {"username": f"u{post.id % 10**6}_{number}", "name": f"=Liker {number}"}
        world.like(post, make_user(world, {**who, "protected": number < hidden}))
    return post


def _likes_of_the_account(x: Stand, count: int) -> list[str]:
    """Let the account like so many posts of another one; return their IDs, the newest first."""
    world = x.sandbox.world
    for liked in world.liked_by(TWITTER_DEV):
        world.unlike(world.posts[liked.post_id], world.users[TWITTER_DEV])
    ids = []
    for number in range(count):
        post = make_post(world, {"author_id": str(TWITTER), "text": f"-{number}"})
        world.like(post, world.users[TWITTER_DEV])
        ids.append(str(post.id))
    return ids[::-1]


def _rows(exported: Exported) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(exported.file.contents)
    assert len(rows) == exported.rows
    return rows


async def _whole(service: ExportService, request: ExportRequest, course: Course) -> Exported:
    return await service.run(await service.plan(request), course)


async def test_likers_as_csv(x: Stand, service: ExportService, course: Course) -> None:
    post = _post(x, 40, hidden=3)

    exported = await _whole(service, _request(Kind.LIKERS, post.id, TableFormat.CSV), course)

    rows = list(csv.DictReader(io.StringIO(exported.file.contents.decode(), newline="")))
    assert exported.file.name == f"likers-of-{post.id}.csv"
    assert exported.cut_short is None
    assert len(rows) == exported.rows == 37
    assert {row["post_id"] for row in rows} == {str(post.id)}
    assert [row["name"] for row in rows] == [f"'=Liker {number}" for number in range(39, 2, -1)]
    assert exported.page is not None
    assert (exported.page.hidden, exported.page.until) == (Hidden.SOME, 37)
    assert course.progress == Progress(37)


@pytest.mark.parametrize(("listed", "hidden"), [(163, None), (160, Hidden.SOME)])
async def test_likers_come_whole_over_many_pages_as_far_as_x_lists_them(
    x: Stand, service: ExportService, course: Course, listed: int, hidden: Hidden | None
) -> None:
    post = _post(x, 163, hidden=163 - listed)

    exported = await _whole(service, _request(Kind.LIKERS, post.id), course)

    assert {int(row["user_id"]) for row in _rows(exported)} == set(list(post.likes)[-listed:])
    assert (exported.rows, exported.cut_short) == (listed, None)
    assert exported.page is not None
    assert (exported.page.hidden, exported.page.until) == (hidden, listed)


async def test_likers_are_read_with_one_request_that_holds_no_more_than_they_can_cost(
    x: Stand, sqlite: Database, course: Course
) -> None:
    post = _post(x, 4)
    ledger = Ledger(sqlite, x.sandbox.clock.now, Decimal("0.07"))
    client = x.client_with(Credentials(user=x.user_token()), ledger=ledger)

    exported = await _whole(
        ExportService(Access(client), ledger, a_quota(x), the_rights(x)),
        _request(Kind.LIKERS, post.id),
        course,
    )

    assert exported.rows == 4
    asked = [one for one in await x.requests() if one["path"].endswith("/liking_users")]
    assert len(asked) == 1


async def test_what_the_account_likes_comes_whole_over_many_pages(
    x: Stand, service: ExportService, course: Course
) -> None:
    ids = _likes_of_the_account(x, 230)

    exported = await _whole(service, _request(Kind.LIKED, "@TwitterDev"), course)

    rows = _rows(exported)
    assert exported.file.name == "liked-by-TwitterDev.json"
    assert exported.page is None
    assert [row["post_id"] for row in rows] == ids
    assert rows[0]["text"] == "-229"
    assert rows[0]["author_id"] == str(TWITTER)
    assert rows[0]["author_username"] == "Twitter"
    assert rows[0]["url"] == f"https://x.com/Twitter/status/{ids[0]}"


async def test_the_plan_says_what_it_costs_at_most(x: Stand, service: ExportService) -> None:
    post = _post(x, 103)
    _likes_of_the_account(x, 230)

    likers = await service.plan(_request(Kind.LIKERS, f"https://x.com/i/status/{post.id}"))
    liked = await service.plan(_request(Kind.LIKED, "TwitterDev"))

    assert (likers.expected, likers.most_usd) == (103, Decimal("1.03"))
    assert (likers.key, likers.asks_first) == (str(post.id), True)
    assert (liked.expected, liked.most_usd) == (230, Decimal("2.53"))
    assert (liked.key, liked.asks_first) == ("TwitterDev", True)
    assert (liked.left_usd, liked.posts_left) == (None, None)


async def test_the_ledger_and_x_agree_and_it_costs_no_more_than_was_said(
    x: Stand, service: ExportService, course: Course
) -> None:
    _likes_of_the_account(x, 120)
    plan = await service.plan(_request(Kind.LIKED, "TwitterDev"))
    before = await x.charged()

    await service.run(plan, course)

    assert plan.most_usd is not None
    assert 0 < await x.charged() - before <= plan.most_usd
    assert (await x.ledger.spent())[1] == await x.charged()


async def test_the_budget_and_xs_cap_are_looked_at_beforehand(x: Stand, sqlite: Database) -> None:
    ledger = Ledger(sqlite, x.sandbox.clock.now, Decimal("0.50"))
    _likes_of_the_account(x, 60)
    bearer = x.sandbox.credentials().bearer_token
    credentials = Credentials(user=x.user_token(), bearer=bearer)
    service = ExportService(
        Access(x.client_with(credentials, ledger=ledger)), ledger, a_quota(x), the_rights(x)
    )
    usage = {"data": {"project_cap": "100", "project_usage": "90"}}
    await x.fault("GET /2/usage/tweets", status=200, body=usage)

    plan = await service.plan(_request(Kind.LIKED, "TwitterDev"))

    # The last tenth is for what is watched, and for likes; who it is has cost a cent.
    assert plan.left_usd == Decimal("0.44")
    assert plan.posts_left == 10
    assert (plan.passes_budget, plan.passes_cap, plan.asks_first) == (True, True, True)


@pytest.mark.parametrize(
    ("kind", "subject", "error"),
    [
        (Kind.LIKERS, "nonsense", NotAPost),
        (Kind.LIKERS, OTHERS_POST, LikersNotShown),
        (Kind.LIKED, "nobody_at_all", UserNotFound),
        (Kind.LIKED, "Twitter", UserNotShown),
    ],
)
async def test_what_cannot_be_exported_says_why(
    service: ExportService, course: Course, kind: Kind, subject: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await _whole(service, _request(kind, subject), course)


async def test_nothing_makes_no_file(x: Stand, service: ExportService, course: Course) -> None:
    for post in (_post(x, 0), _post(x, 2, hidden=2)):
        with pytest.raises(NothingToExport):
            await _whole(service, _request(Kind.LIKERS, post.id), course)


async def _after_a_page(
    service: ExportService, plan: ExportPlan, course: Course, happens: Callable[[], Any]
) -> Exported:
    """Run an export, and let something happen once its first page is read."""
    tell = course.tell

    def told(rows: int) -> None:
        tell(rows)
        if rows == 100:
            happens()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "tell", told)
        return await service.run(plan, course)


async def _plan_of(x: Stand, service: ExportService, likes: int = 150) -> ExportPlan:
    _likes_of_the_account(x, likes)
    return await service.plan(_request(Kind.LIKED, "TwitterDev"))


def _fault(x: Stand, **what: Any) -> Callable[[], Any]:
    return lambda: x.sandbox.faults.add({"match": LIKED_POSTS, **what})


async def test_xs_cap_delivers_what_was_read(
    x: Stand, service: ExportService, course: Course
) -> None:
    plan = await _plan_of(x, service)

    exported = await _after_a_page(service, plan, course, _fault(x, status=429, body=CAPPED))

    assert exported.rows == len(_rows(exported)) == 100
    assert exported.cut_short == str(UsageCapped())


async def test_the_budgets_end_delivers_what_was_read(
    x: Stand, sqlite: Database, course: Course
) -> None:
    ledger = Ledger(sqlite, x.sandbox.clock.now, Decimal("0.20"))
    client = x.client_with(Credentials(user=x.user_token()), ledger=ledger)
    service = ExportService(Access(client), ledger, a_quota(x), the_rights(x))
    plan = await _plan_of(x, service)

    exported = await service.run(plan, course)

    assert 0 < exported.rows < 150
    assert exported.cut_short == str(BudgetNearlySpent())
    with pytest.raises(BudgetNearlySpent):
        await service.run(plan, course)


async def test_a_near_reset_is_waited_for(
    x: Stand, service: ExportService, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = await _plan_of(x, service)
    waited = []

    async def wait(moment: Any) -> None:
        waited.append(moment)
        x.sandbox.clock.advance((moment - x.sandbox.clock.now()).total_seconds() + 1)

    monkeypatch.setattr(course, "wait", wait)  # nobody waits for minutes here
    reset = int(x.sandbox.clock.time()) + 300
    headers = {"x-rate-limit-reset": str(reset)}

    exported = await _after_a_page(
        service, plan, course, _fault(x, status=429, body={}, headers=headers, times=1)
    )

    assert (exported.rows, exported.cut_short) == (150, None)
    assert [moment.timestamp() for moment in waited] == [reset]


async def test_a_reset_that_is_too_far_delivers_what_was_read(
    x: Stand, service: ExportService, course: Course
) -> None:
    plan = await _plan_of(x, service)
    reset = int(course.until.timestamp()) + 20
    limited = {"status": 429, "body": {}, "headers": {"x-rate-limit-reset": str(reset)}}

    exported = await _after_a_page(service, plan, course, _fault(x, **limited, times=1))

    assert exported.rows == 100
    assert exported.cut_short is not None
    assert f"<t:{reset}:R>" in exported.cut_short
    with pytest.raises(RateLimited):
        await service.run(plan, course)


async def test_the_end_of_the_time_delivers_what_was_read(
    x: Stand, service: ExportService, course: Course
) -> None:
    plan = await _plan_of(x, service)

    exported = await _after_a_page(service, plan, course, lambda: x.sandbox.clock.advance(14 * 60))

    assert exported.rows == 100
    assert "15 minutes" in (exported.cut_short or "")


async def test_a_stop_delivers_what_was_read_and_tells_the_first_reason(
    x: Stand, service: ExportService, course: Course
) -> None:
    plan = await _plan_of(x, service)

    def stop() -> None:
        course.stop("Enough.")
        course.stop("Later.")

    exported = await _after_a_page(service, plan, course, stop)

    assert (exported.rows, exported.cut_short) == (100, "Enough.")


async def test_a_stop_before_the_first_page_asks_x_for_nothing(
    x: Stand, service: ExportService, course: Course
) -> None:
    plan = await _plan_of(x, service)
    asked = len(await x.requests())
    course.stop("Enough.")

    exported = await service.run(plan, course)

    assert (exported.rows, exported.cut_short) == (0, "Enough.")
    assert len(await x.requests()) == asked


async def test_a_file_that_would_be_too_large_ends_before(x: Stand, course: Course) -> None:
    service = ExportService(
        Access(x.client), x.ledger, a_quota(x), the_rights(x), max_file_bytes=20_000
    )
    plan = await _plan_of(x, service)

    exported = await service.run(plan, course)

    assert 10 < len(_rows(exported)) < 150
    assert len(exported.file.contents) <= 20_000
    assert "no larger file" in (exported.cut_short or "")


async def test_waiting_ends_at_once_when_it_is_stopped(x: Stand, course: Course) -> None:
    until = x.sandbox.clock.now() + timedelta(hours=1)
    waiting = asyncio.create_task(course.wait(until))
    await asyncio.sleep(0)
    assert course.progress.waits_until == until

    course.stop("Enough.")

    await asyncio.wait_for(waiting, 5)
    assert course.progress == Progress(0)


async def test_waiting_ends_with_its_moment(x: Stand, course: Course) -> None:
    await asyncio.wait_for(course.wait(x.sandbox.clock.now()), 5)
    assert course.why_stopped is None


@pytest.mark.parametrize("called", ["a-b", "", "a) @everyone", "../../etc/passwd", "a\nb"])
async def test_whatever_x_calls_a_user_the_file_has_the_name_that_was_asked_for(
    x: Stand, service: ExportService, course: Course, called: str
) -> None:
    _likes_of_the_account(x, 1)
    x.sandbox.world.users[TWITTER_DEV].username = called

    plan = await service.plan(_request(Kind.LIKED, "https://x.com/TwitterDev"))
    exported = await service.run(plan, course)

    assert plan.key == "TwitterDev"
    assert exported.file.name == "liked-by-TwitterDev.json"
