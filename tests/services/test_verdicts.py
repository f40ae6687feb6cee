"""What X was found not to accept or to show: in /status, with its beginning, while it lasts."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.domain import AccountWatchRequest, Verdict, VerdictKind
from bot.domain.troubles import DeliveryTrouble
from bot.money.home_guilds import EveryGuildIsHome, HomeGuilds
from bot.services.status import StatusService
from bot.watching.new_posts.begin_watches import Appearances
from bot.watching.shut_channels import ShutChannelService
from bot.watching.visibility import LOOK_AGAIN
from bot.x.limits import Endpoint
from sandbox.x.world.rows import Post
from storage.consents import Consents
from storage.database import Database
from storage.models import KeyRefusal, XAccount
from tests.counted import counted
from tests.databases import on_sqlite
from tests.watching.harness import (
    CHANNEL,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    a_world,
    stored_post,
)

SINCE = timedelta(hours=3)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def bot(world: World, database: Database) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(world, database, http)


def status_of(bot: Bot, homes: HomeGuilds | None = None) -> StatusService:
    return StatusService(
        database=bot.database,
        x=bot.x,
        identity=bot.identity,
        ledger=bot.ledger,
        budgets=bot.budgets,
        allowances=bot.limits,
        health=bot.health,
        abilities=bot.abilities,
        now=bot.now,
        homes=homes or EveryGuildIsHome(),
    )


async def verdicts(bot: Bot, guild_id: int = GUILD) -> tuple[Verdict, ...]:
    return (await status_of(bot).show(guild_id)).verdicts


async def _hidden(bot: Bot, world: World) -> Post:
    """Watch a post that X then shows no more."""
    post = world.post(TWITTER)
    await bot.watch(post)
    kept = world.sandbox.world.posts[post]
    world.delete(post)
    await bot.count()
    return kept


async def test_to_show_the_status_writes_nothing(bot: Bot) -> None:
    """What X refused is forgotten by a step of its own."""
    await bot.identity.verify()
    account = bot.x.account
    async with bot.database.transaction() as session:
        await bot.abilities.refused(session, account, Endpoint.LIKE, "client-forbidden")

    with counted(bot.database) as found:
        await status_of(bot).show(GUILD)

    assert found.writes == []
    await status_of(bot).forget_refusals()
    async with bot.database.reading() as session:
        assert await bot.abilities.known(session, account, Endpoint.LIKE) is None


@on_sqlite
async def test_posts_that_x_was_found_not_to_show(world: World, bot: Bot) -> None:
    kept = await _hidden(bot, world)
    assert await verdicts(bot) == (), "one look is no verdict"
    await bot.count_twice()

    since = (await stored_post(bot.database, kept.id)).missing_since
    assert since is not None
    assert await verdicts(bot) == (Verdict(VerdictKind.POSTS, since),)
    assert await verdicts(bot, GUILD + 1) == ()

    world.sandbox.world.add_post(kept)
    await bot.count()
    assert await verdicts(bot) == ()


@on_sqlite
async def test_accounts_whose_posts_it_does_not_show(bot: Bot) -> None:
    await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7))
    bot.world.sandbox.world.users[TWITTER].protected = True
    await bot.accounts.run_once()
    first = bot.now()
    assert await verdicts(bot) == ()
    bot.world.sandbox.clock.advance(LOOK_AGAIN.total_seconds())
    await bot.accounts.run_once()

    (verdict,) = await verdicts(bot)
    assert (verdict.kind, verdict.count) == (VerdictKind.ACCOUNTS, 1)
    assert first - verdict.since < timedelta(seconds=10)

    watch_ids = [watch.id for watch in await bot.account_watches.list(GUILD)]
    await Appearances(bot.database, bot.now).store(TWITTER, [], {}, watch_ids)
    assert await verdicts(bot) == ()


@on_sqlite
async def test_keys_that_it_does_not_accept(bot: Bot) -> None:
    since = bot.now() - SINCE
    async with bot.database.transaction() as session:
        session.add(KeyRefusal(account=bot.x.account, suspected_at=since, refused_at=bot.now()))
        session.add(KeyRefusal(account="user:7", suspected_at=since, refused_at=bot.now()))
        for number, revoked_at in enumerate((since, bot.now(), None)):
            session.add(
                XAccount(
                    x_user_id=number,
                    username="ada",
                    owner_id=number,
                    revoked_at=revoked_at,
                    created_at=since,
                )
            )

    assert await verdicts(bot) == (
        Verdict(VerdictKind.OWN_KEYS, since),
        Verdict(VerdictKind.LINKED_ACCOUNTS, since, 2),
    )

    assert (await bot.x.me()).username == "TwitterDev"
    assert [verdict.kind for verdict in await verdicts(bot)] == [VerdictKind.LINKED_ACCOUNTS]


@on_sqlite
async def test_a_guest_is_told_of_those_linked_accounts_alone_that_serve_it(bot: Bot) -> None:
    since, home = bot.now() - SINCE, HomeGuilds([GUILD])
    async with bot.database.transaction() as session:
        for number in range(3):
            session.add(
                XAccount(
                    x_user_id=number,
                    username="ada",
                    owner_id=number + 1,
                    revoked_at=since,
                    created_at=since,
                )
            )
        await session.flush()
        await Consents(session).agree(0, GUILD + 1, since)

    told = [(await status_of(bot, home).show(GUILD + number)).verdicts for number in range(3)]

    kind = VerdictKind.LINKED_ACCOUNTS
    assert told == [(Verdict(kind, since, 3),), (Verdict(kind, since, 1),), ()]


@on_sqlite
async def test_the_apps_key(world: World, database: Database, bot: Bot) -> None:
    alone = Bot(world, database, bot.http, app_only=True)
    async with database.transaction() as session:
        session.add(KeyRefusal(account="app", suspected_at=bot.now(), refused_at=bot.now()))
    assert [verdict.kind for verdict in await verdicts(alone)] == [VerdictKind.APP_KEY]
    assert await verdicts(bot) == ()


async def test_a_channel_that_is_shut_is_told_of_until_it_is_mended(bot: Bot, world: World) -> None:
    await bot.watch(world.post())
    channels = ShutChannelService(bot.database, bot.now)
    since = bot.now()
    await channels.found({CHANNEL: DeliveryTrouble.CANNOT_SEND})
    world.sandbox.clock.advance(60)
    await channels.found({CHANNEL: DeliveryTrouble.CANNOT_VIEW})
    (verdict,) = await verdicts(bot)
    assert (verdict.kind, verdict.count) == (VerdictKind.CHANNELS, 1)
    assert verdict.since - since < timedelta(seconds=30)
    assert await verdicts(bot, GUILD + 1) == ()

    await channels.found({CHANNEL: None})
    assert await verdicts(bot) == ()
