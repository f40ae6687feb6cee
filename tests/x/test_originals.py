"""A repost's ID leads to the original; nothing else costs more than it did."""

from decimal import Decimal
from typing import Any

import pytest

from bot.accounts.which_account import Access
from bot.domain.errors import PostNotFound
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.export.table import TableFormat
from bot.services.export.values import ExportRequest, Kind
from bot.services.lookup import LookupService
from bot.services.lookup_rights import LookupRights
from bot.x.known_reposts import KnownReposts
from bot.x.originals import read_original, read_whole_original
from bot.x.prices import Bill
from storage.database import Database
from tests.actors import manager
from tests.x.stand import OTHERS_POST, OWN_POST, TWITTER, TWITTER_DEV, Stand

BILL = Bill("/likers", guild_id=1)
NEWER = {"edition": "2.167", "spelling": "2.167"}
EITHER = pytest.mark.parametrize("settings", [{}, NEWER], ids=["2.165", "2.167"])


def a_quota(x: Stand) -> ExportQuota:
    return ExportQuota(x.ledger._database, x.sandbox.clock.now)


def the_rights(x: Stand) -> LookupRights:
    return LookupRights(x.ledger._database)


async def _post(x: Stand, text: str, author: int = TWITTER, **more: Any) -> int:
    made = {"author_id": str(author), "text": text, **more}
    return int((await x.control("POST", "posts", made))["id"])


async def _repost(x: Stand, original: int = OWN_POST) -> int:
    reference = {"type": "retweeted", "id": str(original)}
    return await _post(x, "RT @TwitterDev: the beginning of it", referenced_tweets=[reference])


async def _asked(x: Stand) -> list[str]:
    return [request["query"].get("ids", "") for request in await x.requests()]


@EITHER
async def test_of_a_repost_the_original_is_read(x: Stand, settings: dict[str, str]) -> None:
    await x.settings(**settings)
    repost = await _repost(x)

    post = await read_original(x.client, repost, BILL)

    assert (post.id, post.repost_id, post.author_id) == (OWN_POST, repost, TWITTER_DEV)
    assert post.counts.likes == 24
    assert (await x.ledger.spent())[1] == await x.charged()


@EITHER
async def test_known_as_one_it_is_not_read_again(x: Stand, settings: dict[str, str]) -> None:
    await x.settings(**settings)
    repost = await _repost(x)
    first = await read_original(x.client, repost, BILL)
    before = len(await _asked(x))

    assert await read_original(x.client, repost, BILL) == first
    assert (await _asked(x))[before:] == [str(OWN_POST)]


@EITHER
@pytest.mark.parametrize("text", ["Hello", "RT @TwitterDev: typed by hand"])
async def test_what_is_no_repost_costs_what_it_did(
    x: Stand, settings: dict[str, str], text: str
) -> None:
    await x.settings(**settings)
    post_id = await _post(x, text)

    post = await read_original(x.client, post_id, BILL)

    assert (post.id, post.repost_id) == (post_id, None)
    assert await x.charged() == Decimal("0.015")


async def test_a_post_is_read_with_one_request(x: Stand) -> None:
    await read_original(x.client, OTHERS_POST, BILL)
    await read_whole_original(x.client, OTHERS_POST, BILL)

    assert len(await _asked(x)) == 2


@EITHER
async def test_of_a_repost_the_whole_original_is_read(x: Stand, settings: dict[str, str]) -> None:
    await x.settings(**settings)
    repost = await _repost(x)

    for _ in range(2):
        post = await read_whole_original(x.client, repost, BILL)
        assert (post.id, post.repost_id) == (OWN_POST, repost)
        assert post.media


async def test_an_original_that_x_does_not_show(x: Stand) -> None:
    repost = await _repost(x, 404)

    for _ in range(2):
        with pytest.raises(PostNotFound):
            await read_original(x.client, repost, BILL)
        whole = await read_whole_original(x.client, repost, BILL)
        assert (whole.id, whole.reposted_id, whole.repost_id) == (repost, 404, None)


async def test_a_repost_that_x_does_not_show(x: Stand) -> None:
    for read in (read_original, read_whole_original):
        with pytest.raises(PostNotFound):
            await read(x.client, 404, BILL)


async def test_lookups_go_on_with_the_original(x: Stand, sqlite: Database) -> None:
    lookup = LookupService(sqlite, Access(x.client))
    repost = await _repost(x)

    shown = await lookup.post(manager(1), f"https://x.com/Twitter/status/{repost}")
    found = await lookup.likers(manager(1), str(repost))
    following = await lookup.likers(
        manager(1), str(found.post.id), found.page.next_token, found.until
    )

    assert (shown.id, shown.repost_id) == (OWN_POST, repost)
    assert (found.post.id, found.post.repost_id, len(found.page.users)) == (OWN_POST, repost, 20)
    assert following.post.repost_id is None


async def test_so_does_an_export(x: Stand) -> None:
    repost = await _repost(x)
    service = ExportService(Access(x.client), x.ledger, a_quota(x), the_rights(x))

    plan = await service.plan(
        ExportRequest(manager(1, 7), Kind.LIKERS, str(repost), TableFormat.CSV)
    )

    assert (plan.key, plan.expected) == (str(OWN_POST), 24)


def test_the_oldest_are_forgotten_first() -> None:
    known = KnownReposts()
    known.note((number, 1) for number in range(2, 10_003))
    known.note([(3, 1), (20_000, 1)])

    assert [known.original(number) for number in (2, 3, 4, 5, 20_000)] == [2, 1, 4, 1, 1]
