"""How many likes wait because X allows no reading now, and until when: in /status."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import aiohttp
import pytest

from bot.chat.cards.status import status_card
from bot.domain import Status
from bot.domain.notices import LikesTooDear
from bot.money.budgets import Budgets
from bot.x.credentials import account_name
from bot.x.limits import Endpoint
from storage.allowances import Allowances
from storage.consents import Consents
from storage.database import Database
from storage.models import Post, PostKind, XAccount
from tests.chat.rules import shown
from tests.services.test_verdicts import status_of
from tests.watching.harness import GUILD, MEMBER, TWITTER, Bot, World, a_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def bot(world: World, database: Database) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        bot = Bot(world, database, http)
        await bot.identity.verify()
        yield bot


async def _status(bot: Bot, guild_id: int = GUILD) -> Status:
    return await status_of(bot).show(guild_id)


async def test_likes_wait_until_x_opens_its_next_window(world: World, bot: Bot) -> None:
    post = world.post(likes=7)
    await bot.watch(post)
    await bot.round()
    await bot.leave(0)
    world.likes(post, 2_100)
    await bot.count()
    await bot.collect()

    status = await _status(bot)
    opens = (await bot.x.allowance(Endpoint.LIKING_USERS)).resets_at
    assert (status.likes_waiting, status.likers_again_at) == (2_100, opens)
    assert "2,100 likes waiting, until X lets me read likers again, <t:" in shown(
        status_card(status)
    )
    assert (await _status(bot, GUILD + 1)).likes_waiting == 0


async def test_likes_of_a_linked_author_wait_until_the_window_of_their_account(
    world: World, bot: Bot
) -> None:
    post = world.post(TWITTER, likes=7)
    await bot.watch(post)
    async with bot.database.transaction() as session:
        session.add(
            XAccount(x_user_id=TWITTER, username="Twitter", owner_id=MEMBER, created_at=bot.now())
        )
        await Consents(session).agree(TWITTER, GUILD, bot.now())
        row = await session.get_one(Post, post)
        row.kind, row.like_count, row.collected_count = PostKind.NAMES, 40, 7
    assert (await _status(bot)).likers_again_at is None

    opens = bot.now() + timedelta(minutes=9)
    async with bot.database.transaction() as session:
        account, endpoint = account_name(TWITTER), Endpoint.LIKING_USERS
        row = {"account": account, "endpoint": endpoint, "limit": 75, "remaining": 0}
        await Allowances(session).save([{**row, "resets_at": opens}])
    status = await _status(bot)
    assert (status.likes_waiting, status.likers_again_at) == (33, opens)


async def test_likes_that_cost_more_than_is_left_wait_for_money(world: World, bot: Bot) -> None:
    post = world.post(likes=7)
    await bot.watch(post)
    await bot.round()
    bot.budgets = Budgets(bot.now, Decimal("0.30"))
    world.likes(post, 60)
    await bot.count()

    status = await _status(bot)
    assert status.too_dear == LikesTooDear(60, of_server=False)
    assert "**60 likes wait for money**" in shown(status_card(status))


async def test_what_can_be_read_waits_for_no_window(world: World, bot: Bot) -> None:
    post = world.post(likes=7)
    await bot.watch(post)
    await bot.round()
    status = await _status(bot)
    assert (status.likes_waiting, status.likers_again_at) == (0, None)
    assert "0 waiting" in shown(status_card(status))

    world.likes(post, 3)
    await bot.count()
    status = await _status(bot)
    assert (status.likes_waiting, status.likers_again_at) == (3, None)
    assert "3 likes waiting, to be read soon" in shown(status_card(status))


async def test_likes_that_are_there_before_anything_is_read_are_not_to_be_told(
    world: World, bot: Bot
) -> None:
    await bot.leave(0)
    await bot.watch(world.post(TWITTER, likes=40))
    await bot.count()

    assert (await _status(bot)).likes_waiting == 0
