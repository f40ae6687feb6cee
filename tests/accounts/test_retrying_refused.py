"""A linked account that X refused once is tried again after a day, or when its member looks."""

from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from storage.database import Database
from storage.models import Post, PostKind, XUser
from tests.linking import GRACE, LINUS, TOKEN_CALL, TWITTER, Party, X
from tests.storage.rows import NOW

DAY_S = 24 * 3600
ME_CALL = "/2/users/me"


async def _refused(party: Party) -> None:
    """X has answered 401 thrice, and the account is left alone from then on."""
    linked = await party.of_member(GRACE.id)
    assert linked is not None
    await party.access.linked.refused(linked.x)
    assert await party.reader_ids() == frozenset()


async def _revoke(party: Party) -> None:
    token = await party.tokens.token(TWITTER)
    assert token is not None
    party.x.sandbox._tokens.revoke(token.access_token)


async def _is_used(party: Party) -> bool:
    return await party.reader_ids() == {TWITTER}


@pytest.fixture(params=["by PIN", "in the browser"])
async def link(request: pytest.FixtureRequest, party: Party) -> Callable[[], Awaitable[object]]:
    return party.link_by_pin if request.param == "by PIN" else party.link_in_browser


async def test_after_a_day_it_is_used_again(
    party: Party, x: X, link: Callable[[], Awaitable[object]]
) -> None:
    await link()
    async with party.database.transaction() as session:
        session.add(XUser(id=TWITTER, username="Twitter", name=""))
    async with party.database.transaction() as session:
        session.add(Post(id=1, author_id=TWITTER, kind=PostKind.COUNTS, collected_at=NOW))
    await _refused(party)

    x.later(DAY_S - 1)
    await party.accounts.try_refused()
    too_early = await _is_used(party)
    x.later(1)
    await party.accounts.try_refused()

    assert not too_early
    assert await _is_used(party)
    async with party.database.reading() as session:
        post = await session.get(Post, 1)
    assert post is not None
    assert post.kind is PostKind.PENDING  # its likers are asked for anew


async def test_when_its_member_looks_it_is_tried_at_once(party: Party) -> None:
    await party.link_in_browser()
    await _refused(party)

    assert not (await party.accounts.status(GRACE.id)).accepted  # as it is stored
    assert not await _is_used(party)
    await party.accounts.retry_refused_account(GRACE.id)

    assert (await party.accounts.status(GRACE.id)).accepted
    assert await _is_used(party)


async def test_an_account_that_x_accepts_is_not_asked_about(party: Party, x: X) -> None:
    await party.link_in_browser()
    asked = await x.calls(ME_CALL)

    await party.accounts.retry_refused_account(GRACE.id)
    await party.accounts.retry_refused_account(LINUS.id)  # has linked none

    assert await x.calls(ME_CALL) == asked


async def test_still_refused_it_is_no_news_and_tried_once_a_day(
    party: Party, x: X, link: Callable[[], Awaitable[object]]
) -> None:
    await link()
    await _revoke(party)
    await _refused(party)
    asked = await x.calls(ME_CALL) + await x.calls(TOKEN_CALL)

    with capture_logs() as logs:
        for _ in range(3):
            x.later(DAY_S)
            for _ in range(2):
                await party.accounts.try_refused()
        await party.accounts.retry_refused_account(GRACE.id)

    assert logs == []
    assert not (await party.accounts.status(GRACE.id)).accepted
    assert not await _is_used(party)
    assert len(await x.calls(ME_CALL) + await x.calls(TOKEN_CALL)) - len(asked) == 4


async def test_an_outage_decides_nothing(party: Party, x: X) -> None:
    await party.link_by_pin()
    await _refused(party)
    x.later(DAY_S)
    x.fault(f"GET {ME_CALL}", times=1, status=503)

    await party.accounts.try_refused()
    while_down = await _is_used(party)
    await party.accounts.try_refused()

    assert not while_down
    assert await _is_used(party)


async def test_without_a_key_nothing_is_tried(party: Party, x: X, sqlite: Database) -> None:
    await party.link_by_pin()
    await _refused(party)
    x.later(DAY_S)
    without = Party(x, sqlite, keys=())

    await without.accounts.try_refused()
    await without.accounts.retry_refused_account(GRACE.id)

    assert not (await without.accounts.status(GRACE.id)).accepted
