"""Liking because somebody asks for it: who may, what X says, and what is written down."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from sqlmodel import col, select

from bot.accounts.which_account import Access
from bot.domain import Actor
from bot.domain.errors import (
    BudgetSpent,
    LikecordError,
    LikingRefused,
    NoCredential,
    NotAllowed,
    NotAPost,
    OwnAccountNeeded,
    PostNotFound,
    RateLimited,
    UnlikingRefused,
)
from bot.services.liking import LikeService
from bot.x.limits import Endpoint
from storage.database import Database
from storage.models import ActionLog, Guild
from tests.databases import on_sqlite
from tests.watching.harness import DEV, GUILD, LIMIT, MEMBER, Bot, World, a_world

ROLE = 1400000000000000004
MANAGER = Actor(MEMBER, GUILD, frozenset(), manages_guild=True)
ANYBODY = replace(MANAGER, manages_guild=False)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        running.sandbox.world.settings.liking = "allowed"
        yield running


@pytest.fixture
async def bot(world: World, database: Database) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(world, database, http)


@pytest.fixture
def likes(bot: Bot) -> LikeService:
    return _service(bot)


def _service(bot: Bot) -> LikeService:
    return LikeService(bot.database, Access(bot.x), bot.identity, bot.now)


async def _log(database: Database) -> list[tuple[str, str, int, str]]:
    async with database.reading() as session:
        rows = list(await session.exec(select(ActionLog).order_by(col(ActionLog.id))))
    assert all((row.guild_id, row.member_id) == (GUILD, MEMBER) for row in rows)
    return [(row.account, row.action, row.post_id, row.outcome) for row in rows]


async def _allow(database: Database, guild: Guild) -> None:
    async with database.transaction() as session:
        session.add(guild)


def _is_liked(world: World, post: int) -> bool:
    return DEV in world.sandbox.world.posts[post].likes


@on_sqlite
async def test_a_like_and_its_taking_back_reach_x_and_the_log(
    world: World, bot: Bot, likes: LikeService
) -> None:
    post = world.post()
    liked = await likes.like(MANAGER, f"https://x.com/TwitterDev/status/{post}?s=20")
    assert (liked.post_id, liked.account, liked.liked) == (post, "TwitterDev", True)
    assert _is_liked(world, post)
    unliked = await likes.unlike(MANAGER, str(post))
    assert not unliked.liked
    assert not _is_liked(world, post)

    assert await _log(bot.database) == [
        ("TwitterDev", "like", post, "liked"),
        ("TwitterDev", "unlike", post, "not_liked"),
    ]


@on_sqlite
async def test_both_may_be_asked_for_again(world: World, likes: LikeService) -> None:
    post = world.post()
    assert (await likes.like(MANAGER, str(post))).liked
    assert (await likes.like(MANAGER, str(post))).liked
    assert not (await likes.unlike(MANAGER, str(post))).liked
    assert not (await likes.unlike(MANAGER, str(post))).liked


@on_sqlite
async def test_the_account_is_asked_for_its_name_once(
    world: World, bot: Bot, likes: LikeService
) -> None:
    post = world.post()
    await likes.like(MANAGER, str(post))
    await likes.unlike(MANAGER, str(post))

    assert len(await bot.requests(path="/2/users/me")) == 1


# Who may


@on_sqlite
@pytest.mark.parametrize(
    ("like_role", "roles", "manages", "may"),
    [
        (None, [], True, True),
        (None, [], False, False),
        (None, [ROLE], False, False),
        (ROLE, [], False, False),
        (ROLE, [ROLE + 1], False, False),
        (ROLE, [ROLE + 1, ROLE], False, True),
        (ROLE, [], True, True),
    ],
)
async def test_managers_and_the_like_role_may_use_the_bots_account(
    world: World,
    bot: Bot,
    likes: LikeService,
    like_role: int | None,
    roles: list[int],
    *,
    manages: bool,
    may: bool,
) -> None:
    await _allow(bot.database, Guild(id=GUILD, like_role_id=like_role))
    await _allow(bot.database, Guild(id=GUILD + 1, like_role_id=ROLE + 1))
    actor = Actor(MEMBER, GUILD, frozenset(roles), manages_guild=manages)
    post = world.post()
    if may:
        await likes.like(actor, str(post))
    else:
        with pytest.raises(NotAllowed):
            await likes.like(actor, str(post))
        with pytest.raises(NotAllowed):
            await likes.unlike(actor, str(post))
        assert await _log(bot.database) == []

    assert _is_liked(world, post) == may


@on_sqlite
async def test_the_refusal_says_which_role_it_takes(
    world: World, bot: Bot, likes: LikeService
) -> None:
    post = world.post()
    with pytest.raises(NotAllowed, match="/config like-role"):
        await likes.like(ANYBODY, str(post))
    await _allow(bot.database, Guild(id=GUILD, like_role_id=ROLE))
    with pytest.raises(NotAllowed, match=f"<@&{ROLE}>"):
        await likes.like(ANYBODY, str(post))


@on_sqlite
async def test_where_members_use_their_own_accounts_nobody_uses_the_bots(
    world: World, bot: Bot, likes: LikeService
) -> None:
    await _allow(bot.database, Guild(id=GUILD, own_accounts_only=True))
    post = world.post()
    with pytest.raises(OwnAccountNeeded):
        await likes.like(MANAGER, str(post))

    assert not _is_liked(world, post)


# What cannot be done


async def _refused(
    likes: LikeService, bot: Bot, post: int | str, error: type[LikecordError]
) -> list[str]:
    """Like in vain; return the outcomes that were written down."""
    with pytest.raises(error):
        await likes.like(MANAGER, str(post))
    return [outcome for _, _, _, outcome in await _log(bot.database)]


@on_sqlite
async def test_what_x_refuses_is_written_down(world: World, bot: Bot, likes: LikeService) -> None:
    world.sandbox.world.settings.liking = "refused"
    assert await _refused(likes, bot, LIMIT, LikingRefused) == ["not_in_plan"]
    assert len(await bot.requests(path="/likes")) == 1

    with pytest.raises(UnlikingRefused):
        await likes.unlike(MANAGER, str(LIMIT))
    assert [(action, outcome) for _, action, _, outcome in await _log(bot.database)] == [
        ("like", "not_in_plan"),
        ("unlike", "not_in_plan"),
    ]


@on_sqlite
async def test_a_post_that_is_gone(world: World, bot: Bot, likes: LikeService) -> None:
    post = world.post()
    world.delete(post)
    assert await _refused(likes, bot, post, PostNotFound) == ["post_not_found"]


@on_sqlite
@pytest.mark.parametrize("ref", ["https://x.com/TwitterDev", "12345678901234567890", "", "like"])
async def test_what_is_no_post_is_not_asked_about(bot: Bot, likes: LikeService, ref: str) -> None:
    assert await _refused(likes, bot, ref, NotAPost) == []
    assert await bot.requests(path="") == []


@on_sqlite
async def test_fifty_likes_in_a_quarter_of_an_hour(
    world: World, bot: Bot, likes: LikeService
) -> None:
    post = world.post()
    await bot.identity.refresh()
    await bot.leave(0, Endpoint.LIKE)
    assert await _refused(likes, bot, post, RateLimited) == ["rate_limited"]
    assert not _is_liked(world, post)
    assert await bot.requests(path="/likes") == [], "X is not even asked"

    world.sandbox.clock.advance(900)
    assert (await likes.like(MANAGER, str(post))).liked


@on_sqlite
async def test_a_spent_budget(world: World, bot: Bot, likes: LikeService) -> None:
    await bot.identity.refresh()
    _, bot.ledger.budget_usd = await bot.ledger.spent()
    post = world.post()
    assert await _refused(likes, bot, post, BudgetSpent) == ["budget_spent"]
    assert not _is_liked(world, post)


@on_sqlite
async def test_the_app_alone_has_no_account_to_like_with(bot: Bot) -> None:
    alone = Bot(bot.world, bot.database, bot.http, app_only=True)
    assert await _refused(_service(alone), alone, LIMIT, NoCredential) == []
    assert await alone.requests(path="") == []


@on_sqlite
async def test_a_repost_is_liked_without_reading_it(
    world: World, bot: Bot, likes: LikeService
) -> None:
    """X takes the like for the original; to look costs money, and nobody has shown what it is."""
    original = world.post()
    repost = world.repost(original)

    done = await likes.like(MANAGER, str(repost))

    assert (done.post_id, done.liked, done.of_repost) == (repost, True, False)
    assert _is_liked(world, original)
    assert await bot.requests("/2/tweets") == []


@on_sqlite
async def test_a_post_known_as_a_repost_goes_on_with_the_original(
    world: World, bot: Bot, likes: LikeService
) -> None:
    original = world.post()
    repost = world.repost(original)
    await bot.x.post(repost)

    liked = await likes.like(MANAGER, str(repost))
    assert (liked.post_id, liked.liked, liked.of_repost) == (original, True, True)
    assert _is_liked(world, original)
    unliked = await likes.unlike(MANAGER, str(repost))
    assert (unliked.post_id, unliked.liked, unliked.of_repost) == (original, False, True)
    assert not _is_liked(world, original)

    assert [entry[2] for entry in await _log(bot.database)] == [original, original]
    assert [request["path"] for request in await bot.requests("/likes")] == [
        f"/2/users/{DEV}/likes"
    ]
