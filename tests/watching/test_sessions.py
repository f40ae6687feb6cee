"""The ways through the house are short: what has been loaded is handed on."""

import asyncio

from bot.accounts.audience import Audience
from bot.accounts.which_account import Access
from bot.domain import AccountWatch, AccountWatchRequest, Actor
from bot.money.home_guilds import HomeGuilds
from bot.services.liking import LikeService
from bot.services.lookup import LookupService
from bot.services.server_settings import ConfigService
from bot.watching.watches import WatchService
from bot.x.limits import WINDOW
from storage.database import Database
from storage.guilds import Guilds
from tests.counted import counted
from tests.databases import on_sqlite
from tests.patience import GUARD_S
from tests.services.test_verdicts import status_of
from tests.watching.harness import CHANNEL, DEV, GUILD, MEMBER, TWITTER, Bot, World, announced

AT_ONCE = 20
"""More than the connections that a process has: five, and ten more in a rush."""


@on_sqlite
async def test_a_new_like_from_the_count_to_the_sent_message(world: World, bot: Bot) -> None:
    post = world.post(likes=3)
    await bot.watch(post)
    await bot.round()
    people = world.likes(post)

    with counted(bot.database) as found:
        await bot.round()
        (delivery,) = await bot.outbox.claim()
        await bot.outbox.sent(delivery, 1)

    assert await announced(bot.database) == people
    assert len(found.sessions) <= 9
    # The beginning of each session is a statement of its own; one is for what is held, and one for
    # what is worth saying of the likers, however many.
    assert found.statements + len(found.sessions) <= 32


@on_sqlite
async def test_watch_add(world: World, bot: Bot) -> None:
    post = world.post(likes=3)

    with counted(bot.database) as found:
        await bot.watch(post)

    assert len(found.sessions) <= 8
    assert found.statements <= 48


@on_sqlite
async def test_where_no_account_is_watched_one_statement_says_so(bot: Bot) -> None:
    with counted(bot.database) as found:
        assert not (await bot.accounts.run_once()).announcements

    assert found.statements == 1


@on_sqlite
async def test_like(world: World, bot: Bot) -> None:
    world.sandbox.world.settings.liking = "allowed"
    likes = LikeService(bot.database, Access(bot.x), bot.identity, bot.now)
    manager = Actor(MEMBER, GUILD, frozenset(), manages_guild=True)
    await bot.identity.verify()

    with counted(bot.database) as found:
        assert (await likes.like(manager, str(world.post()))).liked

    assert len(found.sessions) <= 4


@on_sqlite
async def test_look_up(world: World, database: Database, bot: Bot) -> None:
    """Whether the server is home is in its settings, which say who may look up."""
    async with database.transaction() as session:
        await Guilds(session).set_owned({GUILD: True})
    access = Access(bot.x, audience=Audience(database, HomeGuilds()))
    post, member = world.post(likes=3), Actor(MEMBER, GUILD, frozenset(), manages_guild=False)

    with counted(database) as found:
        shown = await LookupService(database, access).post(member, str(post))

    assert shown.counts.likes == 3
    # Who may look up, before X is asked and after, and whether the post may be shown.
    assert len(found.sessions) <= 4


async def test_many_readings_at_once_wait_for_no_connection(
    world: World, database: Database, bot: Bot
) -> None:
    """Each holds one connection at a time: none keeps one while it waits for another."""
    posts = [world.post(likes=1) for _ in range(AT_ONCE)]

    # Each of them would wait for 30 s for a connection that another one keeps.
    async with asyncio.timeout(GUARD_S):
        await asyncio.gather(*(bot.watch(post, channel_id=post) for post in posts))
        world.sandbox.clock.advance(WINDOW.total_seconds())
        people = [world.likes(post)[0] for post in posts]
        await bot.count()
        await asyncio.gather(*(bot.collector.read(each) for each in bot.collector._moved))

    assert sorted(await announced(database)) == sorted(people)


@on_sqlite
async def test_what_members_look_at_takes_one_session_and_few_statements(
    world: World, database: Database, bot: Bot
) -> None:
    """Each statement takes as long as a fifth of the barest bot's whole answer."""
    await bot.identity.verify()
    access = Access(bot.x, audience=Audience(database, HomeGuilds()))
    watches = WatchService(database, access, bot.now)
    for _ in range(3):
        await bot.watch(world.post(likes=2))
    with counted(database) as posts_alone:
        assert len(await watches.everything(GUILD)) == 3
    await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7))
    await bot.round()
    async with database.transaction() as session:
        await Guilds(session).set_owned({GUILD: True})

    look = status_of(bot)
    await look.show(GUILD)  # what was spent on days that are over is read once a day
    with counted(database) as status:
        assert (await look.show(GUILD)).is_home
    with counted(database) as listed:
        assert len(await watches.everything(GUILD)) == 4
    with counted(database) as settings:
        await ConfigService(database, bot.budgets).show(GUILD)

    assert (len(status.sessions), status.statements) == (1, 3)
    assert (len(posts_alone.sessions), posts_alone.statements) == (1, 1)
    assert (len(listed.sessions), listed.statements) == (1, 2)
    assert (len(settings.sessions), settings.statements) == (1, 1)


@on_sqlite
async def test_accounts_are_listed_where_no_post_is_watched_yet(
    database: Database, bot: Bot
) -> None:
    await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7))

    (watch,) = await WatchService(database, Access(bot.x), bot.now).everything(GUILD)

    assert isinstance(watch, AccountWatch)


@on_sqlite
async def test_to_say_when_many_posts_are_read_first_takes_no_session_each(
    world: World, database: Database, bot: Bot
) -> None:
    world.fault("* /2/tweets/*/liking_users", times=9, status=503)
    for author_id in (TWITTER, DEV, 17874544):
        await bot.watch(world.post(author_id, likes=2))
    access = Access(bot.x, audience=Audience(database, HomeGuilds([GUILD])))

    with counted(database) as listed:
        watches = await WatchService(database, access, bot.now).list(GUILD)

    assert [watch.starts_within for watch in watches] == [1, 1, 1]
    assert (len(listed.sessions), listed.statements) == (1, 1)
