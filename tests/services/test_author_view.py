"""What X tells a post's author alone: for whom it is read, and with whose account."""

from collections.abc import AsyncIterator

import pytest

from bot.domain import Actor, AuthorView, Member, Post
from bot.services.lookup import LookupService
from sandbox.x.control.made_to_order import make_post
from storage.crypto import new_key
from storage.database import Database
from tests.actors import manager
from tests.linking import DEV, GRACE, LINUS, SUPPORT, TWITTER, Party, X, an_x
from tests.storage.rows import GUILD

ADA = Member(1300000000000000003, "Ada", "The server", GUILD)
AUTHOR = Actor(GRACE.id, GUILD, frozenset(), manages_guild=False)
MANAGER = Actor(LINUS.id, GUILD, frozenset(), manages_guild=True)
TOKEN_CALL = "POST /2/oauth2/token"


@pytest.fixture
async def x() -> AsyncIterator[X]:
    async with an_x() as opened:
        yield opened


@pytest.fixture
async def party(x: X, sqlite: Database) -> Party:
    party = Party(x, sqlite)
    await party.link_in_browser(TWITTER, GRACE)
    return party


async def looked_up(party: Party, actor: Actor, author_id: int) -> AuthorView | None:
    """Look a post up, as the bot, that was seen four times; return what this member is told."""
    raw = {"author_id": str(author_id), "text": "Hello", "public_metrics": {"impression_count": 4}}
    lookup = LookupService(party.database, party.access)
    post: Post = await lookup.post(manager(GUILD), str(make_post(party.x.sandbox.world, raw).id))
    return await lookup.author_view(actor, post)


async def test_a_member_is_told_of_their_own_post_as_themselves(party: Party, x: X) -> None:
    view = await looked_up(party, AUTHOR, TWITTER)

    assert view is not None
    assert view.is_ones_own
    assert view.metrics.impressions == 4
    async with x.http.get(f"{x.url}/sandbox/requests") as response:
        last = (await response.json())[-1]
    assert (last["auth"], "non_public_metrics" in str(last["query"])) == ("oauth2", True)


async def test_with_an_account_that_was_linked_by_pin(x: X, sqlite: Database) -> None:
    party = Party(x, sqlite)
    await party.link_by_pin(TWITTER, GRACE)

    view = await looked_up(party, AUTHOR, TWITTER)

    assert view is not None
    assert view.is_ones_own


@pytest.mark.parametrize(
    ("actor", "author_id"),
    [
        pytest.param(MANAGER, TWITTER, id="another member's account, by who manages the server"),
        pytest.param(AUTHOR, DEV, id="the bot's account, by a member"),
        pytest.param(AUTHOR, SUPPORT, id="another member's account, by a member"),
    ],
)
async def test_nobody_else_is(party: Party, x: X, actor: Actor, author_id: int) -> None:
    await party.link_in_browser(SUPPORT, ADA)
    assert await looked_up(party, actor, author_id) is None
    async with x.http.get(f"{x.url}/sandbox/requests") as response:
        assert "non_public_metrics" not in str(await response.json())


async def test_who_manages_the_server_is_told_of_the_bots_posts(party: Party) -> None:
    view = await looked_up(party, MANAGER, DEV)

    assert view is not None
    assert not view.is_ones_own


async def test_a_token_is_opened_for_its_own_posts_only(party: Party, x: X) -> None:
    """X is not asked for a new token where the account has nothing to say."""
    x.later(7_200)
    before = await x.calls("/2/oauth2/token")

    await looked_up(party, AUTHOR, DEV)

    assert await x.calls("/2/oauth2/token") == before


async def test_an_account_that_x_no_longer_accepts_is_noted(x: X, sqlite: Database) -> None:
    party = Party(x, sqlite)
    await party.link_by_pin(TWITTER, GRACE)
    for token in [t.token for t in x.sandbox._tokens._oauth1.values() if t.user_id == TWITTER]:
        x.sandbox._tokens.revoke(token)

    assert await looked_up(party, AUTHOR, TWITTER) is None
    assert (await party.accounts.status(GRACE.id)).accepted
    await party.look_for_a_minute()
    assert await looked_up(party, AUTHOR, TWITTER) is None
    assert not (await party.accounts.status(GRACE.id)).accepted


async def test_what_nobody_asked_for_does_not_fail(party: Party, x: X, sqlite: Database) -> None:
    without_its_key = Party(x, sqlite, keys=(new_key(),))
    assert await looked_up(without_its_key, AUTHOR, TWITTER) is None

    x.later(7_200)
    x.fault(TOKEN_CALL, times=9, status=503)
    assert await looked_up(party, AUTHOR, TWITTER) is None
