"""X refuses the keys just when a watch is added: nothing is lost, and nothing begun in vain."""

from datetime import datetime

import pytest
from sqlmodel import select

from bot.accounts.which_account import Access
from bot.domain import WatchRequest
from bot.domain.errors import CredentialRefused, KeysRefused
from bot.watching.adding import NewWatches
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage import models
from storage.database import Database
from storage.models import KeyRefusal
from storage.watched_posts import WatchedPost
from tests.watching.harness import (
    CHANNEL,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    announced,
    announcements,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def _watches(database: Database) -> list[models.Watch]:
    async with database.reading() as session:
        return list(await session.exec(select(models.Watch)))


async def _end(database: Database, at: datetime) -> None:
    async with database.transaction() as session:
        (row,) = await session.exec(select(models.Watch))
        row.ended_at = at


async def _refused_thrice(bot: Bot) -> None:
    """X has been asked who the bot is, and it is sure that it accepts the keys no more."""
    async with bot.database.transaction() as session:
        session.add(
            KeyRefusal(
                account=bot.x.account,
                endpoint=Endpoint.POSTS,
                suspected_at=bot.now(),
                looks=3,
                looked_at=bot.now(),
                refused_at=bot.now(),
            )
        )


@pytest.mark.parametrize("likes", [0, 1])
async def test_one_refusal_undoes_nothing(world: World, bot: Bot, likes: int) -> None:
    post = world.post(likes=likes)
    world.fault(Endpoint.LIKING_USERS, status=401, times=1)
    await bot.watch(post)
    people = world.likes(post)
    await bot.round()  # its first reading
    people += world.likes(post)
    await bot.round()

    assert len(await _watches(bot.database)) == 1
    assert await announced(bot.database) == people


async def test_one_refusal_of_the_post_begins_nothing_and_says_to_try_again(
    world: World, bot: Bot
) -> None:
    post = world.post()
    world.fault(Endpoint.POSTS, status=401, times=1)
    with pytest.raises(CredentialRefused, match="try again in a minute") as refused:
        await bot.watch(post)
    assert not isinstance(refused.value, KeysRefused)
    assert await _watches(bot.database) == []

    await bot.watch(post)


async def test_a_new_watch_is_none(world: World, bot: Bot) -> None:
    post = world.post(likes=1)
    await _refused_thrice(bot)
    world.fault(Endpoint.LIKING_USERS, status=401, times=9)

    with pytest.raises(KeysRefused):
        await bot.watch(post)

    assert await _watches(bot.database) == []


async def test_one_that_is_there_stays(world: World, bot: Bot) -> None:
    post = world.post(likes=1)
    await bot.watch(post)
    world.likes(post)
    await _refused_thrice(bot)
    world.fault(Endpoint.LIKING_USERS, status=401, times=9)

    with pytest.raises(KeysRefused):
        await bot.watch(post)

    assert [row.ended_at for row in await _watches(bot.database)] == [None]


async def test_one_that_had_ended_keeps_what_it_has_to_say(world: World, bot: Bot) -> None:
    post = world.post(likes=1)
    await bot.watch(post)
    world.likes(post, 2)
    await bot.round()
    ended_at = bot.now()
    await _end(bot.database, ended_at)
    said = [row.id for row in await announcements(bot.database)]
    world.likes(post)
    await _refused_thrice(bot)
    world.fault(Endpoint.LIKING_USERS, status=401, times=9)

    with pytest.raises(KeysRefused):
        await bot.watch(post)

    assert [row.ended_at for row in await _watches(bot.database)] == [ended_at]
    assert said
    assert [row.id for row in await announcements(bot.database)] == said


class _ReadByALinkedAccount(Access):
    """The author's own account reads, until somebody notes that X refuses it."""

    def __init__(self, own: XClient, linked: XClient) -> None:
        super().__init__(own)
        self.reads = linked

    async def reader(self, _author_id: int | None, _guild_ids: object) -> XClient:
        return self.reads


async def test_a_linked_accounts_keys_are_not_the_bots(world: World, bot: Bot) -> None:
    access = _ReadByALinkedAccount(bot.x, Bot(world, bot.database, bot.http).x)

    class Refused:
        async def read(self, _watched: WatchedPost) -> int:
            access.reads = bot.x  # another reading has noted the refusal
            raise KeysRefused

    watches = NewWatches(
        bot.database,
        access,
        likers=Refused(),
        budget=bot.budget,
        prices=bot.ledger.prices,
        now=bot.now,
    )

    await watches.add(WatchRequest(GUILD, CHANNEL, str(world.post(TWITTER, likes=1)), MEMBER))

    assert len(await _watches(bot.database)) == 1
