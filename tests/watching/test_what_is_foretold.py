"""What is said before a watch begins: what is still to be paid, and whether names will come."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.accounts.audience import Audience, Readers
from bot.accounts.which_account import Access
from bot.domain import (
    AccountWatchAdded,
    AccountWatchQuestion,
    AccountWatchRequest,
    WatchAdded,
    WatchKind,
    WatchQuestion,
    WatchRequest,
)
from bot.money.home_guilds import HomeGuilds
from bot.watching.watches import WatchService
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.consents import Consents
from storage.guilds import Guilds
from storage.models import Guild, XAccount
from tests.watching.harness import CHANNEL, DEV, GUILD, MEMBER, TWITTER, Bot, World, announced

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THERE, ELSEWHERE = CHANNEL + 1, GUILD + 1
DAY = timedelta(days=1)
# So old that nobody is expected to like it any more.
LONG_AGO = 4_000 * DAY


def _asked(
    post: int, channel_id: int = CHANNEL, guild_id: int = GUILD, *, unlikes: bool | None = None
) -> WatchRequest:
    return WatchRequest(guild_id, channel_id, str(post), MEMBER, unlikes)


async def _add(bot: Bot, post: int, **where: int) -> WatchAdded:
    return await bot.new_watches.add(_asked(post, **where))


async def _watch_account(bot: Bot, name: str = "TwitterDev") -> AccountWatchAdded:
    return await bot.account_watches.add(AccountWatchRequest(GUILD, CHANNEL, name, MEMBER, 7))


async def _asks_above(bot: Bot, usd: int) -> None:
    row = Guild(id=GUILD, ask_above_micro_usd=usd * 1_000_000, channel_id=CHANNEL)
    async with bot.database.transaction() as session:
        session.add(row)


# What is paid already


@pytest.mark.parametrize(
    "where", [{}, {"channel_id": THERE}, {"channel_id": THERE, "guild_id": ELSEWHERE}]
)
async def test_a_post_that_is_watched_and_read_costs_nothing_first(
    world: World, bot: Bot, where: dict[str, int]
) -> None:
    post = world.post(author_id=TWITTER, likes=40)
    world.sandbox.world.settings.likers = "public"
    first = await _add(bot, post)
    spent, _ = await bot.ledger.spent()
    again = await _add(bot, post, **where)

    # X had not shown its likers before, so they were not expected.
    assert first.forecast.first_usd == Decimal("0.015")
    assert spent == Decimal("0.415")
    assert again.forecast.first_usd == 0 < again.forecast.usd
    assert await bot.ledger.spent() == (spent, spent)


async def test_what_is_left_to_pay_is_all_but_the_beginning(world: World, bot: Bot) -> None:
    post = world.post(author_id=TWITTER, likes=3)
    world.sandbox.clock.advance(LONG_AGO.total_seconds())
    first, again = await _add(bot, post), await _add(bot, post)

    to_come = first.forecast.usd - first.forecast.first_usd
    assert again.forecast.usd == to_come == 29 * Decimal("0.005")


async def test_of_a_watched_post_the_likes_that_wait_are_still_to_be_paid(
    world: World, bot: Bot
) -> None:
    post = world.post(likes=5)
    await _add(bot, post)
    world.likes(post, 3)

    assert (await _add(bot, post)).forecast.first_usd == Decimal("0.03")


async def test_a_post_whose_watch_was_removed_is_read_anew(world: World, bot: Bot) -> None:
    post = world.post(likes=5)
    added = await _add(bot, post)
    await bot.watches.remove(GUILD, added.watch.id)

    assert (await _add(bot, post)).forecast.first_usd == Decimal("0.065")


async def test_who_is_asked_always_is_asked_for_a_second_channel_too(
    world: World, bot: Bot
) -> None:
    post = world.post()
    await _asks_above(bot, 0)
    await _add(bot, post)

    assert isinstance(await bot.new_watches.add_or_ask(_asked(post)), WatchAdded)
    assert isinstance(await bot.new_watches.add_or_ask(_asked(post, THERE)), WatchQuestion)


async def test_looking_for_unlikes_is_a_part_of_the_forecast(world: World, bot: Bot) -> None:
    post = world.post(likes=10)
    await _add(bot, post)
    plain = (await _add(bot, post)).forecast
    dear = (await bot.new_watches.add(_asked(post, unlikes=True))).forecast

    assert plain.unlikes_usd == 0
    # A day's look reads the ten, and those that come.
    assert dear.unlikes_usd > 30 * 10 * Decimal("0.01")
    assert dear.usd == pytest.approx(plain.usd + dear.unlikes_usd, abs=Decimal("0.02"))
    # Whoever asks again without a word about it keeps it.
    assert (await _add(bot, post)).forecast.unlikes_usd > 30 * 10 * Decimal("0.01")


# What counting costs


@pytest.mark.parametrize("others", [0, 1, 9])
async def test_what_an_own_posts_counts_cost_a_day_is_what_was_foretold(
    world: World, bot: Bot, others: int
) -> None:
    for _ in range(5):
        world.post()  # these come with a page that is not full, and are not watched
    posts = [world.post() for _ in range(others + 1)]
    world.sandbox.clock.advance(LONG_AGO.total_seconds())
    for post in posts[1:]:
        await _add(bot, post)
    added = await _add(bot, posts[0])
    world.sandbox.clock.advance(DAY.total_seconds())
    for _ in range(3):
        await bot.count()

    today, _ = await bot.ledger.spent()
    a_day = today / len(posts)
    # The post by its ID and its author, and then a count on each of thirty days.
    assert added.forecast.first_usd == Decimal("0.015")
    assert (added.forecast.usd - added.forecast.first_usd) / 30 == pytest.approx(
        a_day, abs=Decimal("0.0002")
    )


async def test_of_own_posts_both_commands_quote_the_same(world: World, bot: Bot) -> None:
    posts = [world.post() for _ in range(6)]
    world.sandbox.clock.advance(LONG_AGO.total_seconds())
    for post in posts[1:]:
        await _add(bot, post)
    post_watch = (await _add(bot, posts[0])).forecast
    account_watch = (await _watch_account(bot)).forecast

    assert account_watch.count_usd == Decimal("0.001")
    assert (post_watch.usd - post_watch.first_usd) / 30 == pytest.approx(
        account_watch.count_usd, abs=Decimal("0.0002")
    )


async def test_posts_of_others_are_counted_by_their_ids(bot: Bot) -> None:
    account = (await _watch_account(bot, "Twitter")).forecast
    assert (account.count_usd, account.liker_usd) == (Decimal("0.005"), 0)


# Accounts ask too


async def test_a_dear_account_asks_first_and_nothing_has_begun(bot: Bot) -> None:
    await _asks_above(bot, 0)
    request = AccountWatchRequest(GUILD, None, "@TwitterDev", MEMBER, 7, reposts=True)

    question = await bot.account_watches.add_or_ask(request)

    assert isinstance(question, AccountWatchQuestion)
    assert (question.user.username, question.ask_above_usd) == ("TwitterDev", 0)
    assert (question.request.channel_id, question.request.reposts) == (CHANNEL, True)
    assert await bot.account_watches.list(GUILD) == ()

    await bot.account_watches.add(question.request)
    again = await bot.account_watches.add_or_ask(request)
    assert isinstance(again, AccountWatchAdded)
    assert again.already_there


async def test_an_account_below_the_limit_is_watched_at_once(bot: Bot) -> None:
    await _asks_above(bot, 1_000)
    request = AccountWatchRequest(GUILD, CHANNEL, "TwitterDev", MEMBER, 7)
    assert isinstance(await bot.account_watches.add_or_ask(request), AccountWatchAdded)


async def test_an_account_is_expected_to_go_on_as_it_did(world: World, bot: Bot) -> None:
    unknown = (await _watch_account(bot, "Twitter")).forecast
    for likes in (2, 6):
        await _add(bot, world.post(author_id=TWITTER, likes=likes))
    known = (await _watch_account(bot, "Twitter")).forecast

    assert (unknown.likes_are_known, known.likes_are_known) == (False, True)
    assert (known.likes, known.posts_are_known) == (4, True)
    found = await bot.x.user_by_username("Twitter")
    assert found.counts is not None
    assert found.created_at is not None
    days = (bot.now() - found.created_at) / DAY
    assert known.posts == pytest.approx(30 * found.counts.posts / days, abs=1)
    assert known.usd > known.posts * known.post_usd * Decimal("0.9")


# Names


async def test_of_somebody_elses_post_without_likes_no_names_are_promised(
    world: World, bot: Bot
) -> None:
    post = world.post(author_id=TWITTER)
    added = await _add(bot, post)
    own = await _add(bot, world.post())

    assert (added.watch.shows_names, own.watch.shows_names) == (False, True)
    listed = {watch.post.id: watch.shows_names for watch in await bot.watches.list(GUILD)}
    assert listed == {post: False, own.watch.post.id: True}
    assert added.forecast.usd < Decimal("0.2")


@pytest.mark.parametrize(
    ("guild_id", "is_refused", "names"),
    [(GUILD, False, True), (GUILD + 1, False, False), (GUILD, True, False)],
)
async def test_an_author_who_has_linked_their_account_and_agreed_brings_names(
    world: World, bot: Bot, *, guild_id: int, is_refused: bool, names: bool
) -> None:
    await _add(bot, world.post(author_id=TWITTER))
    now = bot.now()
    async with bot.database.transaction() as session:
        account = XAccount(x_user_id=TWITTER, username="Twitter", owner_id=MEMBER, created_at=now)
        account.revoked_at = now if is_refused else None
        session.add(account)
        await session.flush()
        await Consents(session).agree(TWITTER, guild_id, now)
    guest = Access(bot.x, audience=Audience(bot.database, HomeGuilds([GUILD + 2])))

    (listed,) = await WatchService(bot.database, guest, bot.now).list(GUILD)

    assert listed.shows_names is names


@pytest.mark.parametrize("is_owned", [True, False])
async def test_the_bots_own_posts_bring_names_at_home(
    world: World, bot: Bot, *, is_owned: bool
) -> None:
    await _add(bot, world.post())
    async with bot.database.transaction() as session:
        await Guilds(session).set_owned({GUILD: is_owned, GUILD + 1: True})
    access = Access(bot.x, audience=Audience(bot.database, HomeGuilds()))

    (listed,) = await WatchService(bot.database, access, bot.now).list(GUILD)

    assert listed.shows_names is is_owned


async def test_where_x_has_shown_names_more_are_expected(world: World, bot: Bot) -> None:
    world.sandbox.world.settings.likers = "public"
    added = await _add(bot, world.post(author_id=TWITTER, likes=1))
    assert (added.watch.kind, added.watch.shows_names) == (WatchKind.NAMES, True)


# When it starts


async def test_until_it_is_read_a_watch_says_when_that_will_be(world: World, bot: Bot) -> None:
    post = world.post(likes=2)
    await bot.leave(0)
    world.sandbox.clock.advance(60)

    added = await _add(bot, post)

    assert (added.watch.kind, added.watch.starts_within) == (WatchKind.PENDING, 14)
    world.sandbox.clock.advance(13.5 * 60)
    (listed,) = await bot.watches.list(GUILD)
    assert listed.starts_within == 1
    world.sandbox.clock.advance(60)
    await bot.round()
    people = world.likes(post)
    await bot.round()
    (listed,) = await bot.watches.list(GUILD)
    assert (listed.kind, listed.starts_within) == (WatchKind.NAMES, None)
    assert await announced(bot.database) == people


async def test_while_requests_are_left_it_starts_soon(world: World, bot: Bot) -> None:
    world.fault(Endpoint.LIKING_USERS, status=503, times=2)
    added = await _add(bot, world.post(likes=1))
    assert (added.watch.kind, added.watch.starts_within) == (WatchKind.PENDING, 1)


class _Reader(Access):
    """An author has linked their account, and reads with its own requests."""

    def __init__(self, own: XClient, author: XClient) -> None:
        super().__init__(own)
        self._author = author

    async def reader_among(
        self, _readers: Readers, author_id: int | None, _guild_ids: object
    ) -> XClient:
        return self._author if author_id == TWITTER else self.own


async def test_a_linked_authors_own_requests_are_what_counts(world: World, bot: Bot) -> None:
    world.fault(Endpoint.LIKING_USERS, status=503, times=9)
    for author_id in (TWITTER, DEV):
        await _add(bot, world.post(author_id=author_id, likes=1))
    await bot.leave(0)
    author = Bot(world, bot.database, bot.http, app_only=True).x

    watches = await WatchService(bot.database, _Reader(bot.x, author), bot.now).list(GUILD)

    assert {watch.post.author_id: watch.starts_within for watch in watches} == {TWITTER: 1, DEV: 15}
