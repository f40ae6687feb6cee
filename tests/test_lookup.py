"""Looking up posts, likers and what somebody likes, in X's stand-in."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.access import Access
from bot.domain import Hidden, LikersPage, Post, PostCounts, User, UsersPage
from bot.errors import (
    NotAPost,
    NotAUsername,
    PostNotFound,
    PostNotShown,
    UserNotFound,
    UserNotShown,
)
from bot.lookup import LookupService, why_hidden
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Guild
from tests.polling.harness import DEV, GUILD, LIMIT, RESEARCH, TWITTER, Bot, World, a_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def bot(world: World, sqlite: Database) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(world, sqlite, http)


@pytest.fixture
def lookup(bot: Bot) -> LookupService:
    return LookupService(bot.database, Access(bot.x))


# Posts


async def test_a_post_is_whole(lookup: LookupService) -> None:
    post = await lookup.post(GUILD, f"https://twitter.com/TwitterDev/status/{RESEARCH}?s=20")

    assert post.author is not None
    assert (post.id, post.author.username) == (RESEARCH, "TwitterDev")
    assert "(& the timeline)" in post.text
    assert post.counts.likes == 24
    assert len(post.media) == 1


async def test_posts_that_are_not_there(world: World, lookup: LookupService) -> None:
    deleted = world.post()
    world.delete(deleted)
    world.sandbox.world.users[TWITTER].protected = True
    for ref, error in (
        ("https://x.com/TwitterDev", NotAPost),
        (str(deleted), PostNotFound),
        (str(LIMIT), PostNotShown),
    ):
        with pytest.raises(error):
            await lookup.post(GUILD, ref)
        with pytest.raises(error):
            await lookup.likers(GUILD, ref)


# Who likes a post


async def _whole_list(lookup: LookupService, post: int) -> list[LikersPage]:
    pages = [await lookup.likers(GUILD, str(post))]
    while (token := pages[-1].page.next_token) is not None:
        pages.append(await lookup.likers(GUILD, str(post), token, pages[-1].until))
    return pages


async def test_likers_are_paged_newest_first(world: World, lookup: LookupService) -> None:
    post = world.post()
    people = world.likes(post, 47)
    pages = await _whole_list(lookup, post)

    shown = [user.id for page in pages for user in page.page.users]
    assert shown == people[::-1]
    assert [len(page.page.users) for page in pages] == [20, 20, 7]
    assert [page.before for page in pages] == [0, 20, 40]
    assert [page.hidden for page in pages] == [None] * 3


async def test_a_page_back_knows_its_place(world: World, lookup: LookupService) -> None:
    post = world.post(likes=25)
    first, second = await _whole_list(lookup, post)
    back = await lookup.likers(GUILD, str(post), second.page.previous_token, -second.before)

    assert back.page.users == first.page.users
    assert (back.before, back.until) == (0, 20)


async def test_a_server_chooses_how_much_a_page_shows(
    world: World, bot: Bot, lookup: LookupService
) -> None:
    async with bot.database.transaction() as session:
        await Guilds(session).save(Guild(id=GUILD, page_size=7))
    post = world.post(likes=9)

    assert [len(page.page.users) for page in await _whole_list(lookup, post)] == [7, 2]


async def test_why_likers_of_ones_own_post_are_hidden(world: World, lookup: LookupService) -> None:
    post = world.post(likes=2)
    world.likes(post, 3, protected=True)
    assert (await lookup.likers(GUILD, str(post))).hidden is Hidden.SOME
    world.likes(post, 120)
    pages = await _whole_list(lookup, post)

    assert {page.hidden for page in pages} == {Hidden.CEILING}
    assert sum(len(page.page.users) for page in pages) == 97


async def test_why_likers_of_others_posts_are_hidden(world: World, lookup: LookupService) -> None:
    found = await lookup.likers(GUILD, str(LIMIT))
    assert (found.page.users, found.hidden) == ((), Hidden.PRIVATE)
    assert found.post.counts.likes == 32
    nobody = world.post(author_id=TWITTER)

    assert (await lookup.likers(GUILD, str(nobody))).hidden is None


async def test_where_x_lets_no_app_list_likers_they_are_private(bot: Bot) -> None:
    alone = Bot(bot.world, bot.database, bot.http, app_only=True)
    lookup = LookupService(bot.database, Access(alone.x))

    assert (await lookup.likers(GUILD, str(RESEARCH))).hidden is Hidden.PRIVATE


@pytest.mark.parametrize(
    ("likes", "shown", "before", "has_next", "own", "reason"),
    [
        (0, 0, 0, False, False, None),
        (5, 5, 0, False, True, None),
        (5, 4, 0, False, True, Hidden.SOME),
        (5, 4, 0, False, False, Hidden.SOME),
        (5, 0, 0, False, True, Hidden.SOME),
        (5, 0, 0, False, False, Hidden.PRIVATE),
        (500, 0, 0, False, False, Hidden.PRIVATE),
        (40, 20, 0, True, True, None),
        (40, 17, 20, False, True, Hidden.SOME),
        (40, 20, 20, False, True, None),
        (100, 20, 80, False, True, None),
        (101, 20, 0, True, True, Hidden.CEILING),
        (101, 20, 80, False, False, Hidden.CEILING),
        # Somebody took a like back between the count and the list.
        (4, 5, 0, False, True, None),
    ],
)
def test_why_fewer_likers_are_shown_than_counted(
    likes: int,
    shown: int,
    before: int,
    *,
    has_next: bool,
    own: bool,
    reason: Hidden | None,
) -> None:
    users = tuple(User(number, f"user{number}", "") for number in range(shown))
    page = UsersPage(users, next_token="more" if has_next else None)
    post = Post(1, "Hello", author_id=DEV, counts=PostCounts(likes=likes))

    assert why_hidden(LikersPage(post, page, before=before), DEV if own else None) is reason


# What somebody likes


async def test_the_own_likes_are_paged(world: World, lookup: LookupService) -> None:
    posts = [world.post(author_id=TWITTER) for _ in range(7)]
    for post in posts:
        world.like(post, DEV)
    first = await lookup.liked(GUILD, "@TwitterDev")
    second = await lookup.liked(GUILD, "https://x.com/TwitterDev", first.page.next_token)

    assert first.user.id == second.user.id == DEV
    shown = [post.id for page in (first, second) for post in page.page.posts]
    assert shown[:7] == posts[::-1]
    assert len(first.page.posts) == 5
    assert first.profile is not None
    assert second.profile is None, "who it is was shown and paid for on the first page"


@pytest.mark.parametrize("username", ["Twitter", "TwitterSupport"])
async def test_what_others_like_is_private(lookup: LookupService, username: str) -> None:
    with pytest.raises(UserNotShown):
        await lookup.liked(GUILD, username)


async def test_where_likes_are_public_they_are_shown(world: World, lookup: LookupService) -> None:
    world.sandbox.world.settings.likers = "public"
    found = await lookup.liked(GUILD, "Twitter")

    assert [post.id for post in found.page.posts] == [1228393702244134912, RESEARCH]


async def test_users_that_are_not_there(lookup: LookupService) -> None:
    for name, error in (("nobody_at_all", UserNotFound), ("not a name", NotAUsername)):
        with pytest.raises(error):
            await lookup.liked(GUILD, name)


# Posts in a message


async def test_posts_that_a_text_mentions_are_known_without_asking_x(
    bot: Bot, lookup: LookupService
) -> None:
    await bot.watch(RESEARCH)
    await bot.requests()
    text = f"<https://x.com/a/status/{LIMIT}> and https://twitter.com/i/status/{RESEARCH}!"
    unknown, known = await lookup.mentioned(text)

    assert (unknown.id, unknown.text, unknown.author) == (LIMIT, "", None)
    assert known.id == RESEARCH
    assert known.author is not None
    assert await bot.requests(path="") == []
