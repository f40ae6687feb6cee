"""Which credential X is asked with, what its refusals teach, and when they are forgotten."""

from datetime import timedelta

import aiohttp
import pytest

from bot.accounts.abilities import Learnt, LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain.errors import (
    AccountSuspended,
    CredentialRefused,
    LikingRefused,
    NoCredential,
    NotInPlan,
    PostNotFound,
    PostNotShown,
    Refused,
    UnlikingRefused,
    UserNotShown,
    XError,
    XUnavailable,
)
from bot.money.ledger import Ledger
from bot.x.asking.request import RequestSender
from bot.x.client import XClient
from bot.x.credentials import APP, Credentials, OAuth2Token
from bot.x.limits import Endpoint
from bot.x.x_time import XTime
from storage.database import Database
from tests.x.clients import HASTE, ME, TOKEN, Now
from tests.x.small_x import Reply, SmallX

BEARER = "bearer"
BOTH = Credentials(user=TOKEN, bearer=BEARER)
ACCOUNT = f"user:{ME}"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

LIKER = {"id": "1", "name": "Ada", "username": "ada"}
LIKERS = Reply({"data": [LIKER], "meta": {"result_count": 1}})
NONE_SHOWN = Reply({"meta": {"result_count": 0}})
COUNTS = Reply({"data": [{"id": "20", "text": "", "public_metrics": {"like_count": 1}}]})
LIKED = Reply({"data": {"liked": True}})


def problem(kind: str, status: int = 403) -> Reply:
    body = {"title": "No", "type": f"https://api.twitter.com/2/problems/{kind}", "status": status}
    return Reply(body, status=status)


FORBIDDEN = problem("client-forbidden")
# What X says for example to somebody whom the author has blocked.
NOT_THIS_ONE = Reply({"title": "Forbidden", "type": "about:blank", "status": 403}, status=403)
UNAUTHORIZED = Reply({"title": "Unauthorized", "type": "about:blank", "status": 401}, status=401)


class Asking:
    """A client that remembers, on an X that answers as it is told."""

    def __init__(self, x: SmallX, http: aiohttp.ClientSession, database: Database) -> None:
        self.x = x
        self.http = http
        self.now = Now()
        self.database = database
        self.abilities = LearntAbilities(database, self.now)

    def client(self, credentials: Credentials = BOTH) -> XClient:
        allowances = SharedAllowances(self.database, self.now)
        ledger = Ledger(self.database, self.now, None)
        books = Bookkeeping(
            self.database, allowances, self.abilities, ledger, KeyVerdicts(self.now)
        )
        sender = RequestSender(self.http, self.x.url, books, HASTE, XTime(self.now))
        return XClient(sender, credentials)

    async def known(self, account: str, endpoint: Endpoint) -> Learnt | None:
        async with self.database.reading() as session:
            return await self.abilities.known(session, account, endpoint)

    async def allowed(self, endpoint: Endpoint) -> None:
        async with self.database.transaction() as session:
            await self.abilities.allowed(session, ACCOUNT, endpoint)

    async def refused_twice(self) -> None:
        """Let X refuse a like, and a minute later again: that counts; forget the requests."""
        self.x.answers(FORBIDDEN, FORBIDDEN)
        for _ in range(2):
            with pytest.raises(LikingRefused):
                await self.client().likes.like(20)
            self.now.advance(MINUTE)
        assert self.ways() == ["OAuth", "OAuth"]

    def ways(self) -> list[str]:
        """Return what each request was authenticated with, and forget them."""
        ways = [asked.headers["Authorization"].partition(" ")[0] for asked in self.x.asked]
        self.x.asked.clear()
        return ways


@pytest.fixture
async def asking(small_x: SmallX, http: aiohttp.ClientSession, sqlite: Database) -> Asking:
    return Asking(small_x, http, sqlite)


async def test_the_user_is_asked_first(asking: Asking) -> None:
    asking.x.answers(LIKERS)
    await asking.client().likes.liking_users(20)
    asking.x.answers(COUNTS)
    await asking.client().counts([20])
    asking.x.answers(LIKED)
    await asking.client().likes.like(20)
    assert asking.ways() == ["OAuth"] * 3


async def test_an_oauth_2_token_is_a_user_too(asking: Asking) -> None:
    asking.x.answers(LIKED)
    client = asking.client(Credentials(user=OAuth2Token(7, "access")))
    await client.likes.like(20)
    assert asking.x.last.path == "/2/users/7/likes"
    assert asking.x.last.headers["Authorization"] == "Bearer access"


async def test_the_app_serves_where_the_user_is_refused(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN, COUNTS, FORBIDDEN, COUNTS)
    for _ in range(2):
        assert (await asking.client().counts([20])).posts[20].counts.likes == 1
        assert asking.ways() == ["OAuth", "Bearer"]
        asking.now.advance(MINUTE)
    # And is asked at once from now on.
    await asking.client().counts([20])
    assert asking.ways() == ["Bearer"]


async def test_the_app_never_likes(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN)
    with pytest.raises(LikingRefused):
        await asking.client().likes.like(20)
    assert asking.ways() == ["OAuth"]
    with pytest.raises(NoCredential):
        await asking.client(Credentials(bearer=BEARER)).likes.like(20)
    assert asking.ways() == []


@pytest.mark.parametrize("refusal", [FORBIDDEN, UNAUTHORIZED], ids=["403", "401"])
async def test_an_empty_list_for_the_app_is_no_answer_for_the_user(
    asking: Asking, refusal: Reply
) -> None:
    """It would be taken for "nobody whom X shows likes it", and likes would be lost."""
    asking.x.answers(refusal, NONE_SHOWN)
    expected = NotInPlan if refusal is FORBIDDEN else CredentialRefused
    with pytest.raises(expected):
        await asking.client().likes.liking_users(20)
    asking.x.answers(refusal, LIKERS)
    assert len((await asking.client().likes.liking_users(20)).users) == 1


async def test_a_refusal_is_remembered_for_a_day(asking: Asking) -> None:
    await asking.refused_twice()
    for _ in range(3):
        with pytest.raises(LikingRefused) as refused:
            await asking.client().likes.like(20)
        assert refused.value.post_id == 20
        asking.now.advance(DAY / 4)
    assert asking.ways() == []

    asking.now.advance(DAY / 4)
    asking.x.answers(LIKED)
    assert await asking.client().likes.like(20)
    assert asking.ways() == ["OAuth"]
    known = await asking.known(ACCOUNT, Endpoint.LIKE)
    assert known is not None
    assert known.problem is None


async def test_one_refusal_alone_is_not_remembered(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN, LIKED)
    with pytest.raises(LikingRefused):
        await asking.client().likes.like(20)
    known = await asking.known(ACCOUNT, Endpoint.LIKE)
    assert known is not None
    assert (known.problem, known.confirmed) == ("client-forbidden", False)

    assert await asking.client().likes.like(20)

    known = await asking.known(ACCOUNT, Endpoint.LIKE)
    assert known is not None
    assert (known.problem, known.confirmed) == (None, True)


async def test_refusals_within_a_minute_are_one(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN)
    for _ in range(3):
        with pytest.raises(LikingRefused):
            await asking.client().likes.like(20)
        asking.now.advance(MINUTE / 3 - timedelta(milliseconds=1))
    assert asking.ways() == ["OAuth"] * 3

    asking.x.answers(LIKED)
    assert await asking.client().likes.like(20)


async def test_a_success_between_two_refusals_takes_the_first_one_back(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN, LIKED, FORBIDDEN, LIKED)
    for _ in range(2):
        with pytest.raises(LikingRefused):
            await asking.client().likes.like(20)
        asking.now.advance(MINUTE)
        assert await asking.client().likes.like(20)


async def test_a_refusal_that_is_known_is_kept_when_it_is_confirmed_once_a_day(
    asking: Asking,
) -> None:
    await asking.refused_twice()
    for _ in range(3):
        asking.now.advance(DAY)
        for _ in range(2):
            with pytest.raises(LikingRefused):
                await asking.client().likes.like(20)
        assert asking.ways() == ["OAuth"]


async def test_a_page_of_what_stands_before_x_teaches_nothing(asking: Asking) -> None:
    page = Reply("<!doctype html><title>Just a moment", 403, {"Content-Type": "text/html"})
    for _ in range(2):
        asking.x.answers(page)
        with pytest.raises(XUnavailable):
            await asking.client().likes.like(20)
        asking.now.advance(MINUTE)
    assert await asking.known(ACCOUNT, Endpoint.LIKE) is None


async def test_each_endpoint_and_each_account_for_itself(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN, LIKED)
    with pytest.raises(LikingRefused):
        await asking.client().likes.like(20)
    assert await asking.client().likes.unlike(20)
    assert await asking.client(Credentials(user=OAuth2Token(7, "access"))).likes.like(20)
    assert asking.ways() == ["OAuth", "OAuth", "Bearer"]


async def test_a_remembered_refusal_says_what_was_asked_for(asking: Asking) -> None:
    asking.x.answers(FORBIDDEN)
    for _ in range(3):
        with pytest.raises(LikingRefused):
            await asking.client().likes.like(20)
        with pytest.raises(UnlikingRefused) as refused:
            await asking.client().likes.unlike(20)
        assert refused.value.post_id == 20
        asking.now.advance(MINUTE)
    assert asking.ways() == ["OAuth"] * 4

    await asking.abilities.try_again(ACCOUNT)
    asking.x.answers(LIKED)
    assert await asking.client().likes.like(20)
    assert await asking.client().likes.unlike(20)


@pytest.mark.parametrize("forget", ["forget", "try_again"])
async def test_it_is_tried_again_when_somebody_asks(asking: Asking, forget: str) -> None:
    await asking.refused_twice()
    asking.x.answers(LIKED)
    await asking.allowed(Endpoint.LIKING_USERS)

    await getattr(asking.abilities, forget)(ACCOUNT)

    known = await asking.known(ACCOUNT, Endpoint.LIKING_USERS)
    assert (known is None) is (forget == "forget")
    assert await asking.client().likes.like(20)


async def test_all_processes_know_it_at_once_and_after_a_restart(
    asking: Asking, database: Database
) -> None:
    asking.database, asking.abilities = database, LearntAbilities(database, asking.now)
    another = Asking(asking.x, asking.http, database)
    await asking.refused_twice()
    asking.x.answers(LIKED)

    with pytest.raises(LikingRefused):
        await another.client().likes.like(20)
    assert another.ways() == []

    await another.abilities.try_again(ACCOUNT)
    assert await asking.client().likes.like(20)


@pytest.mark.parametrize(
    ("accounts", "ways"), [((), ["OAuth"]), ((ACCOUNT,), ["OAuth"]), ((APP,), [])]
)
async def test_of_all_accounts_or_of_some(
    asking: Asking, accounts: tuple[str, ...], ways: list[str]
) -> None:
    await asking.refused_twice()

    await asking.abilities.try_again(*accounts)

    with pytest.raises(LikingRefused):
        await asking.client().likes.like(20)
    assert asking.ways() == ways


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (problem("not-authorized-for-resource"), PostNotShown),
        (problem("resource-not-found"), PostNotFound),
        (NOT_THIS_ONE, Refused),
    ],
)
async def test_what_is_said_of_one_post_teaches_nothing(
    asking: Asking, refusal: Reply, error: type[XError]
) -> None:
    asking.x.answers(refusal, LIKED)
    with pytest.raises(error):
        await asking.client().likes.like(20)
    assert await asking.client().likes.like(20)
    assert asking.ways() == ["OAuth", "OAuth"]


async def test_likes_of_somebody_else_that_are_private_teach_nothing(asking: Asking) -> None:
    """Else one look at another's likes would hide one's own for a day."""
    asking.x.answers(NOT_THIS_ONE, NOT_THIS_ONE, Reply({"data": [{"id": "20", "text": "a"}]}))
    with pytest.raises(UserNotShown):
        await asking.client().likes.liked_posts(7, max_results=10)

    assert (await asking.client().likes.liked_posts(ME, max_results=10)).posts


async def test_an_account_that_is_unlocked_works_at_once(asking: Asking) -> None:
    locked = Reply({"errors": [{"code": 326, "message": "locked"}]}, status=403)
    asking.x.answers(locked, LIKED)
    with pytest.raises(AccountSuspended):
        await asking.client().likes.like(20)

    assert await asking.client().likes.like(20)


async def test_a_401_is_not_learnt(asking: Asking) -> None:
    asking.x.answers(UNAUTHORIZED, LIKED)
    with pytest.raises(CredentialRefused):
        await asking.client().likes.like(20)
    assert await asking.known(ACCOUNT, Endpoint.LIKE) is None
    assert await asking.client().likes.like(20)


async def test_where_both_are_refused_the_users_refusal_is_told(asking: Asking) -> None:
    asking.x.answers(UNAUTHORIZED, FORBIDDEN)
    with pytest.raises(CredentialRefused):
        await asking.client().counts([20])
    assert await asking.known(APP, Endpoint.POSTS) is not None
