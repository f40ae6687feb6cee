"""A trouble is told once to those who can mend it: in a channel that is open, else to a member."""

from datetime import timedelta

from bot.domain import AccountWatchRequest
from bot.domain.announcements import Recipient
from bot.domain.notices import ChannelClosed, KeysNotAccepted
from bot.domain.troubles import DeliveryTrouble
from bot.services.server_settings import ConfigService
from bot.watching.shut_channels import ShutChannelService
from bot.watching.troubles import CHANNEL_SHUT_FOR
from storage.models import AnnouncementState, KeyRefusal
from storage.watches import Watches
from tests.databases import on_sqlite
from tests.watching.harness import (
    CHANNEL,
    GUILD,
    MEMBER,
    TWITTER,
    Bot,
    World,
    announcements,
    notices,
)

STAFF, LIKES = CHANNEL + 1, CHANNEL + 2
CLOSED = ChannelClosed(CHANNEL, DeliveryTrouble.CANNOT_SEND)


async def _shut(bot: Bot, *channel_ids: int) -> None:
    why = dict.fromkeys(channel_ids, DeliveryTrouble.CANNOT_SEND)
    await ShutChannelService(bot.database, bot.now).found(why)
    bot.world.sandbox.clock.advance(CHANNEL_SHUT_FOR.total_seconds() + 1)


async def _places(bot: Bot) -> list[tuple[int, int | None]]:
    """Let it be looked; return where what is told by then goes, and to which member."""
    await bot.troubles.run_once()
    rows = await announcements(bot.database)
    return [(row.channel_id, row.recipient_id) for row in rows if row.notice is not None]


@on_sqlite
async def test_whoever_added_the_watch_is_told_once_where_no_channel_is_chosen(
    world: World, bot: Bot
) -> None:
    await bot.watch(world.post())
    await bot.watch(world.post())
    await _shut(bot, CHANNEL)
    assert await _places(bot) == [(MEMBER, MEMBER)]
    assert await _places(bot) == [(MEMBER, MEMBER)]
    assert await notices(bot.database) == [CLOSED]

    await ShutChannelService(bot.database, bot.now).found({CHANNEL: None})
    assert len(await _places(bot)) == 1
    await _shut(bot, CHANNEL)
    assert await _places(bot) == [(MEMBER, MEMBER)] * 2


@on_sqlite
async def test_the_channel_for_troubles_comes_first_then_that_for_announcements(
    world: World, bot: Bot
) -> None:
    config = ConfigService(bot.database, bot.budgets)
    await config.set_channel(GUILD, LIKES)
    await bot.watch(world.post())
    await bot.watch(world.post(), LIKES)
    await bot.watch(world.post(), STAFF)
    await _shut(bot, CHANNEL)
    assert await _places(bot) == [(LIKES, None)]
    await config.set_alerts(GUILD, STAFF)
    await _shut(bot, LIKES)
    assert await _places(bot) == [(LIKES, None), (STAFF, None)]
    await _shut(bot, STAFF)
    assert await _places(bot) == [(LIKES, None), (STAFF, None), (MEMBER, MEMBER)]


@on_sqlite
async def test_a_channel_that_is_shut_for_a_moment_is_told_to_nobody(
    world: World, bot: Bot
) -> None:
    await bot.watch(world.post())
    channels = ShutChannelService(bot.database, bot.now)
    await channels.found({CHANNEL: DeliveryTrouble.CANNOT_SEND})
    assert await _places(bot) == []
    await channels.found({CHANNEL: None})
    world.sandbox.clock.advance(timedelta(hours=1).total_seconds())
    assert await _places(bot) == []


@on_sqlite
async def test_an_account_that_is_watched_is_enough(bot: Bot) -> None:
    await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7))
    await _shut(bot, CHANNEL)
    assert await _places(bot) == [(MEMBER, MEMBER)]
    assert bot.world.sandbox.world.users[TWITTER]


@on_sqlite
async def test_nobody_is_told_of_a_watch_whose_creator_is_forgotten(world: World, bot: Bot) -> None:
    await bot.watch(world.post())
    async with bot.database.transaction() as session:
        await Watches(session).forget_creator(MEMBER)
    await _shut(bot, CHANNEL)
    assert await _places(bot) == []

    await ConfigService(bot.database, bot.budgets).set_alerts(GUILD, STAFF)
    assert await _places(bot) == [(STAFF, None)]


@on_sqlite
async def test_keys_that_x_does_not_accept(world: World, bot: Bot) -> None:
    await bot.watch(world.post())
    async with bot.database.transaction() as session:
        session.add(KeyRefusal(account=bot.x.account, suspected_at=bot.now(), refused_at=bot.now()))
    assert await _places(bot) == [(CHANNEL, None)]
    assert await notices(bot.database) == [KeysNotAccepted()]


async def test_a_member_who_takes_no_messages_is_asked_once(world: World, bot: Bot) -> None:
    await bot.watch(world.post())
    await _shut(bot, CHANNEL)
    await bot.troubles.run_once()
    (delivery,) = await bot.outbox.claim()
    assert delivery.recipient == Recipient(MEMBER, GUILD)
    await bot.outbox.refused(delivery, 50_007)
    (row,) = await announcements(bot.database)
    assert row.state is AnnouncementState.SET_ASIDE
    assert await bot.outbox.claim() == ()
