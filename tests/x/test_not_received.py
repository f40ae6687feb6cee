"""What X did not receive uses up no allowance; what it may have received does."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import aiohttp
import pytest

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.bookkeeping import Bookkeeping
from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain.errors import XNotReached, XUnavailable
from bot.money.ledger import Ledger
from bot.x.asking.transport import RetryPolicy
from bot.x.client import XClient
from bot.x.limits import LIKE_DAY, Endpoint
from storage.allowances import Allowances
from storage.database import Database
from tests.databases import on_sqlite
from tests.x.clients import ME, Now, a_client
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
WITHOUT_PAUSES = RetryPolicy(connect_s=30, answer_s=30, tries=3, pause_s=0)
Away = Callable[[], AbstractContextManager[str]]
WINDOWS = (Endpoint.POSTS, Endpoint.LIKE, LIKE_DAY)
GOOD = Reply({"data": {"liked": True}})


class Account:
    """An account's client, with its allowances in the database."""

    def __init__(self, database: Database, http: aiohttp.ClientSession) -> None:
        now = Now()
        abilities, ledger = LearntAbilities(database, now), Ledger(database, now, None)
        allowances, verdicts = SharedAllowances(database, now), KeyVerdicts(now)
        self._books = Bookkeeping(database, allowances, abilities, ledger, verdicts)
        self._database, self._http, self._now = database, http, now

    def at(self, url: str, connect_s: float = WITHOUT_PAUSES.connect_s) -> XClient:
        policy = replace(WITHOUT_PAUSES, connect_s=connect_s)
        return a_client(self._http, url, books=self._books, policy=policy, now=self._now)

    async def taken(self, window: str) -> int:
        async with self._database.reading() as session:
            rows = await Allowances(session).of(f"user:{ME}", [window])
        return sum(row.limit - row.remaining for row in rows)


@pytest.fixture
def account(database: Database, http: aiohttp.ClientSession) -> Account:
    return Account(database, http)


@contextlib.contextmanager
def nobody_listens() -> Iterator[str]:
    """Yield an address of this machine that refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextlib.contextmanager
def nobody_accepts() -> Iterator[str]:
    """Yield an address whose queue is full: a connection to it does not come about."""
    with socket.socket() as listening, contextlib.ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        for _ in range(4):
            comer = waiting.enter_context(socket.socket())
            comer.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                comer.connect(("127.0.0.1", port))
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def no_such_name() -> Iterator[str]:
    yield "http://likecord.invalid"


@on_sqlite
@pytest.mark.parametrize(
    ("away", "connect_s"), [(nobody_listens, 30), (nobody_accepts, 0.02), (no_such_name, 30)]
)
async def test_what_x_did_not_receive_is_not_counted(
    account: Account, small_x: SmallX, away: Away, connect_s: float
) -> None:
    with away() as url:
        for _ in range(2):
            with pytest.raises(XNotReached):
                await account.at(url, connect_s).post(POST)
            with pytest.raises(XNotReached):
                await account.at(url, connect_s).likes.like(POST)

    assert [await account.taken(window) for window in WINDOWS] == [0, 0, 0]
    small_x.answers(GOOD)
    await account.at(small_x.url).likes.like(POST)
    assert [await account.taken(window) for window in WINDOWS] == [0, 1, 1]


@on_sqlite
async def test_what_x_may_have_received_stays_counted(account: Account, small_x: SmallX) -> None:
    small_x.answers(*[Reply(cut=True)] * 3)

    with pytest.raises(XUnavailable) as away:
        await account.at(small_x.url).post(POST)

    assert not isinstance(away.value, XNotReached)
    assert await account.taken(Endpoint.POSTS) == 3
