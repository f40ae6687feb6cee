"""New posts of accounts where our clock is wrong: none is missed, and no old one is told."""

from datetime import timedelta

import pytest

from bot.domain import AccountWatchRequest
from bot.x import x_time
from tests.watching.harness import CHANNEL, EVERY, GUILD, MEMBER, TWITTER, Bot, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
wrong_clocks = pytest.mark.parametrize(
    "ahead",
    [timedelta(minutes=10), timedelta(minutes=-10), timedelta(days=3), timedelta(days=-3)],
    ids=str,
)


async def _watch(bot: Bot) -> None:
    await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=30))


async def _look(bot: Bot) -> list[int]:
    """Look for new posts, and return those that are watched, the first to appear first."""
    bot.world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.accounts.run_once()
    return [watch.post.id for watch in reversed(await bot.watches.list(GUILD))]


def _posts(world: World) -> int:
    """Let the account post, some minutes after its last post."""
    world.sandbox.clock.advance(timedelta(minutes=4).total_seconds())
    return world.post(author_id=TWITTER)


@wrong_clocks
async def test_an_account_is_watched_from_now_on(world: World, bot: Bot, ahead: timedelta) -> None:
    bot.ahead = ahead
    _posts(world)
    before, _ = await bot.ledger.spent()
    await _watch(bot)
    asked, _ = await bot.ledger.spent()
    # A user, and no post of theirs that was there before.
    assert float(asked - before) == pytest.approx(0.01)
    new = world.post(author_id=TWITTER)

    assert await _look(bot) == [new]


@wrong_clocks
async def test_back_in_a_server_what_appeared_meanwhile_is_left_out(
    world: World, bot: Bot, ahead: timedelta
) -> None:
    bot.ahead = ahead
    await _watch(bot)
    await bot.watches.left(GUILD)
    _posts(world)
    world.sandbox.clock.advance(EVERY.total_seconds())
    await bot.watches.joined(GUILD)
    world.sandbox.clock.advance(EVERY.total_seconds())
    new = world.post(author_id=TWITTER)

    assert await _look(bot) == [new]


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(minutes=-10)], ids=str)
async def test_where_x_tells_no_time_its_newest_post_tells_enough(
    world: World, bot: Bot, ahead: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x_time, "date_of", lambda _: None)
    bot.ahead = ahead
    _posts(world)
    await _watch(bot)
    new = world.post(author_id=TWITTER)

    assert await _look(bot) == [new]

    await bot.watches.left(GUILD)
    away = _posts(world)
    await bot.watches.joined(GUILD)
    assert await _look(bot) == [new, away]
