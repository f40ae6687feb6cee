"""Whether X really pushes: what makes it silent, and when it is believed again."""

from datetime import datetime, timedelta

import pytest

from bot.watching.push.coverage import Coverage
from storage.models import PostKind, PostState
from storage.watched_posts import Watched
from tests.watching.harness import DEV, World, announced
from tests.watching.push.harness import PushBot

MINUTE, QUARTER, HOUR, DAY = 60, 15 * 60, 3_600, 86_400


@pytest.fixture
async def post(world: World, bot: PushBot) -> int:
    post_id = world.post(likes=3)
    await bot.watch(post_id)
    return post_id


async def counts(bot: PushBot) -> int:
    """Return how often posts were counted since this was last asked."""
    paths = [each["path"] for each in await bot.requests("tweets")]
    return len(paths)


async def test_pushed_posts_are_counted_seldom_and_others_as_ever(bot: PushBot, post: int) -> None:
    assert post
    async with bot.streaming():
        await bot.settle()
        await counts(bot)
        for _ in range(20):
            await bot.wait(15)
        assert await counts(bot) <= 1
    for _ in range(4):
        await bot.wait(15)
    assert await counts(bot) >= 4


async def test_once_after_each_reconnect(bot: PushBot, post: int) -> None:
    assert post
    for _ in range(2):
        async with bot.streaming():
            await counts(bot)
            for _ in range(4):
                await bot.wait(16)
            assert await counts(bot) == 1


async def test_counts_that_move_without_an_event_mean_silence(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await bot.settle()
        world.sandbox.world.settings.push = "silent"
        likers = world.likes(post, 1)
        await bot.wait(QUARTER)
        await bot.wait(MINUTE)
        assert bot.coverage.silent == {}  # one may be lost
        likers += world.likes(post, 1)
        await bot.wait(QUARTER)
        await bot.wait(MINUTE)
        assert set(bot.coverage.silent) == {DEV}
        assert await announced(bot.database) == likers
        await counts(bot)
        for _ in range(4):
            await bot.wait(15)
        assert await counts(bot) >= 4


async def test_the_first_event_ends_it(world: World, bot: PushBot, post: int) -> None:
    async with bot.streaming():
        await fall_silent(world, bot, post)
        world.sandbox.world.settings.push = "on"
        (liker,) = world.likes(post, 1)
        await bot.hear()
        assert bot.coverage.silent == {}
        assert (await announced(bot.database))[-1] == liker


async def test_it_is_tried_again_every_hour(world: World, bot: PushBot, post: int) -> None:
    async with bot.streaming():
        await fall_silent(world, bot, post)
        await bot.wait(HOUR)
        assert bot.coverage.silent == {}
        await bot.wait(MINUTE)
        world.likes(post, 1)
        await bot.wait(QUARTER)
        await bot.wait(MINUTE)
        assert set(bot.coverage.silent) == {DEV}


async def fall_silent(world: World, bot: PushBot, post: int) -> None:
    await bot.settle()
    world.sandbox.world.settings.push = "silent"
    for _ in range(2):
        world.likes(post, 1)
        await bot.wait(QUARTER)
        await bot.wait(MINUTE)
    assert set(bot.coverage.silent) == {DEV}


async def test_a_subscription_that_x_dropped_is_made_again(
    world: World, bot: PushBot, post: int
) -> None:
    async with bot.streaming():
        await fall_silent(world, bot, post)
        world.sandbox.world.settings.push = "on"
        world.sandbox.hub.subscriptions.forget()
        bot.subscribing.look_anew()
        await bot.subscribing.run_once()
        assert bot.coverage.silent == {}
        (liker,) = world.likes(post, 1)
        await bot.hear()
    assert (await announced(bot.database))[-1] == liker


def test_all_are_counted_together_when_it_is_time_for_one(bot: PushBot) -> None:
    bot.coverage.opened("stream")
    bot.coverage.subscribed([DEV])
    bot.world.sandbox.clock.advance(HOUR)
    long_ago, lately = bot.now() - timedelta(minutes=16), bot.now() - timedelta(minutes=3)
    rows = [_row(1, long_ago), _row(2, lately), _row(3, bot.now())]
    assert [row.id for row in bot.coverage.due(rows, lambda _: 0.0)] == [1, 2]
    assert bot.coverage.due(rows[1:], lambda _: 0.0) == []


class TestACountThatHasAPrice:
    """Posts of linked accounts, which X charges once a day: counted where it is worth that."""

    RARELY, OFTEN = 0.1 / DAY, 24 / DAY  # likes a second

    @pytest.fixture
    def coverage(self, bot: PushBot) -> Coverage:
        bot.coverage.subscribed([DEV])
        bot.coverage.opened("stream")
        bot.world.sandbox.clock.advance(1)
        return bot.coverage

    def due(self, bot: PushBot, rows: list[Watched], rate: float) -> list[int]:
        found = bot.coverage.due(rows, lambda _: rate, has_price=lambda _: True)
        return [row.id for row in found]

    def test_it_waits_until_push_may_have_missed_enough(
        self, bot: PushBot, coverage: Coverage
    ) -> None:
        rows = [_row(1, bot.now())]
        coverage.heard(DEV)
        bot.world.sandbox.clock.advance(HOUR)
        coverage.heard(DEV)
        assert self.due(bot, rows, self.OFTEN) == []
        assert [row.id for row in coverage.due(rows, lambda _: self.OFTEN)] == [1], "it is free"
        bot.world.sandbox.clock.advance(3 * HOUR)
        coverage.heard(DEV)
        assert self.due(bot, rows, self.OFTEN) == [1]

    @pytest.mark.usefixtures("coverage")
    def test_the_stillest_is_counted_every_two_days(self, bot: PushBot) -> None:
        rows = [_row(1, bot.now())]
        bot.world.sandbox.clock.advance(1 * DAY)
        assert self.due(bot, rows, 0.0) == []
        bot.world.sandbox.clock.advance(1 * DAY)
        assert self.due(bot, rows, 0.0) == [1]

    def test_a_gap_counts_in_full(self, bot: PushBot, coverage: Coverage) -> None:
        rows = [_row(1, bot.now())]
        coverage.closed("stream")
        bot.world.sandbox.clock.advance(60)
        assert self.due(bot, rows, self.OFTEN) == []
        bot.world.sandbox.clock.advance(60)
        assert self.due(bot, rows, self.OFTEN) == [1], "while it lasts"
        coverage.opened("stream")
        assert self.due(bot, rows, self.OFTEN) == [1], "and after it"
        assert self.due(bot, rows, self.RARELY) == []

    def test_an_account_of_which_nothing_comes_is_looked_at(
        self, bot: PushBot, coverage: Coverage
    ) -> None:
        """Each of twenty posts is still; of all together something should have come."""
        rows = [_row(number, bot.now()) for number in range(1, 21)]
        bot.world.sandbox.clock.advance(1.4 * DAY)
        assert self.due(bot, rows, self.RARELY) == []
        bot.world.sandbox.clock.advance(0.2 * DAY)
        assert len(self.due(bot, rows, self.RARELY)) == 10, "half of what is expected is enough"
        coverage.heard(DEV)
        assert self.due(bot, rows, self.RARELY) == []

    def test_a_new_subscription_has_all_counted(self, bot: PushBot, coverage: Coverage) -> None:
        rows = [_row(1, bot.now())]
        bot.world.sandbox.clock.advance(1)
        coverage.renewed(DEV)
        assert self.due(bot, rows, 0.0) == [1]

    @pytest.mark.usefixtures("coverage")
    def test_somebody_waits_for_a_last_one(self, bot: PushBot) -> None:
        rows = [_row(1, bot.now(), over_at=bot.now() + timedelta(seconds=1)), _row(2, bot.now())]
        bot.world.sandbox.clock.advance(1)
        assert self.due(bot, rows, 0.0) == [1]


def _row(post_id: int, counted_at: datetime, over_at: datetime | None = None) -> Watched:
    return Watched(
        id=post_id,
        author_id=DEV,
        created_at=None,
        state=PostState.LIVE,
        kind=PostKind.NAMES,
        like_count=0,
        probed_at=counted_at,
        heat=0.0,
        suspected_at=None,
        newer_id=None,
        ahead_count=0,
        pushed_at=None,
        over_at=over_at,
        guild_ids=(1,),
    )
