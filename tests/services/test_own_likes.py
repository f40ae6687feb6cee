"""What a member's own linked account likes: X shows it to that account, and it is told to them."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.errors import CredentialRefused, NotAUsername, UserNotShown
from bot.services.export.progress import Course
from bot.services.export.quota import ExportQuota
from bot.services.export.service import ExportService
from bot.services.export.table import TableFormat
from bot.services.export.values import Exported, ExportRequest, Kind
from bot.services.lookup import LookupService
from bot.services.lookup_rights import LookupRights
from sandbox.x.control.made_to_order import make_post
from storage.database import Database
from tests.actors import manager
from tests.linking import DEV, GRACE, LINUS, TWITTER, Party, X, an_x
from tests.storage.rows import GUILD

LIKED = 7


@pytest.fixture
async def x() -> AsyncIterator[X]:
    """X where Twitter likes seven posts more than it did."""
    async with an_x() as opened:
        world = opened.sandbox.world
        for number in range(LIKED):
            post = make_post(world, {"author_id": str(DEV), "text": f"Liked {number}"})
            world.like(post, world.users[TWITTER])
        yield opened


@pytest.fixture
async def party(x: X, sqlite: Database) -> Party:
    party = Party(x, sqlite)
    await party.link_by_pin(TWITTER, GRACE)
    return party


@pytest.fixture
def lookup(party: Party) -> LookupService:
    return LookupService(party.database, party.access)


def revoke(x: X) -> None:
    for token in [one.token for one in x.sandbox._tokens._oauth1.values()]:
        if x.sandbox._tokens._oauth1[token].user_id == TWITTER:
            x.sandbox._tokens.revoke(token)


async def export(party: Party, member_id: int) -> Exported:
    service = ExportService(
        party.access,
        party.ledger,
        ExportQuota(party.database, party.now),
        LookupRights(party.database),
    )
    request = ExportRequest(manager(GUILD, member_id), Kind.LIKED, "Twitter", TableFormat.JSON)
    until = party.now() + timedelta(minutes=5)
    return await service.run(await service.plan(request), Course(party.now, until))


async def bills_agree(party: Party) -> None:
    """Own data is cheaper for the account that owns the app, and for no other."""
    url = f"{party.x.url}/sandbox/charges"
    async with party.x.http.get(url) as response:
        charged = Decimal((await response.json())["total_usd"])
    assert (await party.ledger.spent())[1] == charged > 0


async def test_they_are_shown_to_whoever_linked_it(party: Party, lookup: LookupService) -> None:
    first = await lookup.liked(manager(GUILD, GRACE.id), "Twitter", is_private=True)
    second = await lookup.liked(
        manager(GUILD, GRACE.id), "Twitter", first.page.next_token, is_private=True
    )

    texts = [post.text for post in (*first.page.posts, *second.page.posts)]
    assert texts[:LIKED] == [f"Liked {number}" for number in reversed(range(LIKED))]
    assert first.profile is not None
    await bills_agree(party)


@pytest.mark.parametrize("member_id", [None, LINUS.id], ids=["in public", "to somebody else"])
async def test_to_nobody_else(lookup: LookupService, member_id: int | None) -> None:
    with pytest.raises(UserNotShown):
        await lookup.liked(manager(GUILD, member_id), "Twitter", is_private=True)


async def test_another_account_is_asked_about_as_the_bot(lookup: LookupService) -> None:
    found = await lookup.liked(manager(GUILD, GRACE.id), "TwitterDev", is_private=True)

    assert found.user.id == DEV


async def test_they_are_exported_whole(party: Party) -> None:
    exported = await export(party, GRACE.id)

    assert exported.cut_short is None
    assert len(json.loads(exported.file.contents)) == exported.rows == LIKED + 2
    await bills_agree(party)
    with pytest.raises(UserNotShown):
        await export(party, LINUS.id)


@pytest.mark.parametrize(
    ("member_id", "username", "is_own"),
    [
        (GRACE.id, "Twitter", True),
        (GRACE.id, "@tWITTER", True),
        (GRACE.id, "https://x.com/twitter", True),
        (GRACE.id, "TwitterDev", False),
        (LINUS.id, "Twitter", False),
    ],
)
async def test_who_asks_about_themselves(
    lookup: LookupService, member_id: int, username: str, *, is_own: bool
) -> None:
    assert await lookup.is_ones_own(member_id, username) is is_own


async def test_what_is_no_username_says_so(lookup: LookupService) -> None:
    with pytest.raises(NotAUsername):
        await lookup.is_ones_own(GRACE.id, "no such name")


async def test_an_account_that_x_no_longer_accepts_is_noted(
    party: Party, x: X, lookup: LookupService
) -> None:
    revoke(x)

    with pytest.raises(CredentialRefused):
        await lookup.liked(manager(GUILD, GRACE.id), "Twitter", is_private=True)
    assert (await party.accounts.status(GRACE.id)).accepted
    await party.look_for_a_minute()
    with pytest.raises(UserNotShown):
        await lookup.liked(manager(GUILD, GRACE.id), "Twitter", is_private=True)
    assert not (await party.accounts.status(GRACE.id)).accepted
