"""A clock that was an hour ahead, or a year, and was set right while the bot was away."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.accounts.abilities import Learnt, LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.domain.errors import RateLimited
from bot.run.stored_times import bring_back
from bot.watching.outbox import CLAIM_LEASE, LONGEST_DELAY
from bot.watching.post_state.after_reading import LOOK_EVERY
from bot.watching.post_state.looking_again import LOOKS
from bot.x.limits import DAY, WINDOW, Endpoint
from storage.accounts import Accounts
from storage.announcements import Announcements
from storage.database import Database
from storage.models import EndpointAbility, KeyRefusal, Post, PostKind, PostState, XAccount
from tests.databases import on_sqlite
from tests.outboxes import Stand
from tests.storage.rows import CHANNEL, POST
from tests.x.clients import Now

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ME, LIKERS = "user:1", Endpoint.LIKING_USERS
aheads = pytest.mark.parametrize("ahead", [HOUR, timedelta(days=365)], ids=["hour", "year"])


@pytest.fixture
def now() -> Now:
    """The right time: PostgreSQL has its own idea of it."""
    return Now(datetime.now(UTC).replace(microsecond=0))


async def _stand(database: Database, now: Now, ahead: timedelta) -> Stand:
    stand = await Stand(database).open()
    stand.time = now() + ahead
    return stand


async def _set_right(stand: Stand, now: Now) -> None:
    """Set the clock back, and start."""
    stand.time = now()
    await bring_back(stand.database, now())


@on_sqlite
@aheads
async def test_what_was_put_off_is_sent_soon(
    database: Database, now: Now, ahead: timedelta
) -> None:
    stand = await _stand(database, now, ahead)
    await stand.add(1)
    delivery = await stand.claim()
    assert delivery is not None
    await stand.outbox.postpone(delivery, stand.now() + SECOND, None)
    await _set_right(stand, now)

    stand.time += LONGEST_DELAY
    again = await stand.claim()
    assert again is not None
    assert again.key == delivery.key


@aheads
async def test_a_claim_runs_out_as_ever(database: Database, now: Now, ahead: timedelta) -> None:
    stand = await _stand(database, now, ahead)
    await stand.add(1)
    delivery = await stand.claim()
    assert delivery is not None
    await _set_right(stand, now)

    stand.time += CLAIM_LEASE - SECOND
    assert await stand.claim() is None, "whoever has it may still be sending"
    stand.time += SECOND
    again = await stand.claim()
    assert again is not None
    assert again.key == delivery.key


@on_sqlite
async def test_growth_is_told_a_moment_after_what_was_told_ahead_of_time(
    database: Database, now: Now
) -> None:
    stand = await _stand(database, now, HOUR)
    watch = stand.watches[CHANNEL]
    await stand.add(0, kind="growth")
    delivery = await stand.claim()
    assert delivery is not None
    await stand.outbox.sent(delivery, 1)
    await _set_right(stand, now)

    async with database.reading() as session:
        assert await Announcements(session).last_growth_at(watch) == now()


async def _account(database: Database, **times: datetime) -> None:
    async with database.transaction() as session:
        row = XAccount(x_user_id=1, username="ada", owner_id=2, created_at=times["revoked_at"])
        for name, moment in times.items():
            setattr(row, name, moment)
        session.add(row)


@aheads
async def test_accounts_and_endpoints_are_tried_again_a_day_later_at_most(
    database: Database, now: Now, ahead: timedelta
) -> None:
    await _account(
        database, revoked_at=now() + ahead, refreshing_until=now() + ahead, expires_at=now()
    )
    abilities = LearntAbilities(database, lambda: now() + ahead)
    async with database.transaction() as session:
        await abilities.refused(session, ME, LIKERS, "client-forbidden")
    await bring_back(database, now())

    async with database.transaction() as session:
        accounts = Accounts(session)
        assert len(await accounts.refused_before(now())) == 1
        soon, end = now() + timedelta(seconds=30), now() + HOUR
        assert not await accounts.claim_refresh(1, soon - SECOND, end, end)
        assert await accounts.claim_refresh(1, soon, end, end)
        known = await session.get(EndpointAbility, (ME, LIKERS))
    assert known is not None
    now.advance(timedelta(days=1))
    learnt = Learnt(known.problem, known.learnt_at)
    assert LearntAbilities(database, now).problem(learnt) is None


@on_sqlite
@aheads
@pytest.mark.parametrize(
    ("endpoint", "longest"), [(LIKERS, WINDOW), (Endpoint.LIKE, DAY)], ids=["quarter", "day"]
)
async def test_a_window_is_no_longer_than_xs(
    database: Database, now: Now, ahead: timedelta, endpoint: Endpoint, longest: timedelta
) -> None:
    wrong = SharedAllowances(database, lambda: now() + ahead)
    async with database.transaction() as session:
        await wrong.refuse(session, ME, endpoint, now() + ahead + longest)
    await bring_back(database, now())

    shared = SharedAllowances(database, now)
    now.advance(longest - SECOND)
    async with database.transaction() as session:
        with pytest.raises(RateLimited):
            await shared.take(session, ME, endpoint)
    now.advance(SECOND)
    async with database.transaction() as session:
        await shared.take(session, ME, endpoint)


@aheads
async def test_posts_are_looked_at_again(database: Database, now: Now, ahead: timedelta) -> None:
    await Stand(database).open()
    async with database.transaction() as session:
        post = (await session.exec(select(Post).where(Post.id == POST))).one()
        made = post.created_at = now() + ahead  # which is X's to say
        post.probed_at = post.moved_at = post.whole_at = now() + ahead
    await bring_back(database, now())

    async with database.reading() as session:
        post = (await session.exec(select(Post).where(Post.id == POST))).one()
    assert (post.probed_at, post.moved_at, post.whole_at) == (now(), now(), now())
    assert post.created_at == made


@on_sqlite
@aheads
async def test_suspicions_are_looked_into_again(
    database: Database, now: Now, ahead: timedelta
) -> None:
    await Stand(database).open()
    await _account(database, revoked_at=now(), refresh_refused_at=now() + ahead)
    wrong = now() + ahead
    async with database.transaction() as session:
        post = (await session.exec(select(Post).where(Post.id == POST))).one()
        post.suspected, post.suspected_at = PostState.DELETED, wrong
        session.add(KeyRefusal(account=ME, endpoint=LIKERS, suspected_at=wrong, looked_at=wrong))
    await bring_back(database, now())

    async with database.reading() as session:
        post = (await session.exec(select(Post).where(Post.id == POST))).one()
        keys = (await session.exec(select(KeyRefusal))).one()
        account = (await session.exec(select(XAccount))).one()
    assert (post.suspected_at, post.suspected) == (now(), PostState.DELETED)
    assert (keys.suspected_at, keys.looked_at, keys.refused_at) == (now(), now(), None)
    assert account.refresh_refused_at == now()


@on_sqlite
@aheads
@pytest.mark.parametrize(
    ("kind", "longest"), [(PostKind.NAMES, LOOKS[-1]), (PostKind.STALLED, LOOK_EVERY)]
)
async def test_lists_are_looked_at_again_when_that_can_be_meant(
    database: Database, now: Now, ahead: timedelta, kind: PostKind, longest: timedelta
) -> None:
    await Stand(database).open()

    async def look_at(moment: datetime) -> datetime | None:
        async with database.transaction() as session:
            post = (await session.exec(select(Post).where(Post.id == POST))).one()
            post.kind, post.look_at = kind, moment
        await bring_back(database, now())
        async with database.reading() as session:
            return (await session.exec(select(Post).where(Post.id == POST))).one().look_at

    assert await look_at(now() + longest) == now() + longest
    assert await look_at(now() + ahead + longest) == now() + longest


@on_sqlite
async def test_what_can_be_meant_stays(
    database: Database, now: Now, capsys: pytest.CaptureFixture[str]
) -> None:
    stand = await _stand(database, now, timedelta(0))
    await stand.add(1)
    assert await stand.claim() is not None
    # X names its windows in whole seconds, and its clock is not ours.
    async with database.transaction() as session:
        await SharedAllowances(database, now).refuse(session, ME, LIKERS, now() + WINDOW + SECOND)
    await bring_back(database, now())

    assert "lay too far ahead" not in capsys.readouterr().out


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_process_whose_clock_is_behind_takes_nothing_from_the_others(
    database: Database, now: Now
) -> None:
    stand = await _stand(database, now, timedelta(0))
    await stand.add(1)
    assert await stand.claim() is not None
    await bring_back(database, now() - HOUR)

    stand.time += CLAIM_LEASE - 10 * SECOND
    assert await stand.claim() is None
