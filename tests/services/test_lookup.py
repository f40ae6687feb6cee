"""Looking up, against the sandbox's X: whose eyes read, how large a page is, what is hidden."""

from datetime import timedelta
from typing import Any

import pytest

from bot.accounts.which_account import Access
from bot.domain import Hidden, LikersPage
from bot.domain.errors import CredentialRefused, UserNotShown
from bot.services.lookup import LookupService
from bot.x.client import XClient
from bot.x.credentials import Credentials
from sandbox.x.control.made_to_order import make_post, make_user
from sandbox.x.world.rows import Post
from storage.database import Database
from storage.guilds import Guilds
from storage.posts import Posts
from storage.users import Users
from tests.actors import manager
from tests.storage.rows import user_row
from tests.x.conftest import http, x
from tests.x.stand import OTHERS_POST, TWITTER, TWITTER_DEV, Stand

__all__ = ["http", "x"]

GUILD = 7
BY = manager(GUILD)


@pytest.fixture
def lookup(x: Stand, sqlite: Database) -> LookupService:
    return LookupService(sqlite, Access(x.client))


def _post(x: Stand, likes: int, *, hidden: int = 0) -> Post:
    world = x.sandbox.world
    post = make_post(world, {"author_id": str(TWITTER_DEV), "text": "A post"})
    for number in range(likes):
        who = {"username": f"liker_{number}", "protected": number < hidden}
        known = next(
            (user for user in world.users.values() if user.username == f"liker_{number}"), None
        )
        world.like(post, known or make_user(world, who))
    return post


async def _choose_page_size(database: Database, size: int) -> None:
    async with database.transaction() as session:
        guild = await Guilds(session).get(GUILD)
        guild.page_size = size
        session.add(guild)


def _place(found: LikersPage) -> tuple[int, int, Hidden | None]:
    return found.before, found.until, found.hidden


async def test_pages_know_their_place_in_both_directions(x: Stand, lookup: LookupService) -> None:
    post = _post(x, 45)

    first = await lookup.likers(BY, str(post.id))
    second = await lookup.likers(BY, str(post.id), first.page.next_token, first.until)
    third = await lookup.likers(BY, str(post.id), second.page.next_token, second.until)
    back = await lookup.likers(BY, str(post.id), third.page.previous_token, -third.before)

    assert [_place(page) for page in (first, second, third, back)] == [
        (0, 20, None),
        (20, 40, None),
        (40, 45, None),
        (20, 40, None),
    ]
    assert back.page.users == second.page.users
    assert third.page.next_token is None


async def test_a_servers_page_size_is_kept_by_both_lists(
    x: Stand, lookup: LookupService, sqlite: Database
) -> None:
    post = _post(x, 30)
    world = x.sandbox.world
    for _ in range(30):
        liked = make_post(world, {"author_id": str(TWITTER), "text": "Liked"})
        world.like(liked, world.users[TWITTER_DEV])
    usual = await lookup.liked(BY, "TwitterDev")
    await _choose_page_size(sqlite, 25)

    likers = await lookup.likers(BY, str(post.id))
    liked_page = await lookup.liked(BY, "TwitterDev")
    elsewhere = await lookup.likers(manager(GUILD + 1), str(post.id))

    assert len(usual.page.posts) == 5
    assert len(likers.page.users) == 25
    assert len(liked_page.page.posts) == 25
    assert len(elsewhere.page.users) == 20


@pytest.mark.parametrize(
    ("likes", "hidden", "places"),
    [
        (0, 0, [(0, 0, None)]),
        (3, 1, [(0, 2, Hidden.SOME)]),
        (2, 2, [(0, 0, Hidden.SOME)]),
        (24, 2, [(0, 20, None), (20, 22, Hidden.SOME)]),
        (103, 0, [(0, 20, None), (20, 40, None)]),
    ],
)
async def test_why_some_are_hidden(
    x: Stand, lookup: LookupService, likes: int, hidden: int, places: list[Any]
) -> None:
    post = _post(x, likes, hidden=hidden)

    found = await lookup.likers(BY, str(post.id))
    seen = [_place(found)]
    if found.page.next_token:
        seen.append(
            _place(await lookup.likers(BY, str(post.id), found.page.next_token, found.until))
        )

    assert seen == places


@pytest.mark.parametrize(
    ("listed", "end"), [(163, (160, 163, None)), (160, (140, 160, Hidden.SOME))]
)
async def test_pages_go_on_as_long_as_x_has_one(
    x: Stand, lookup: LookupService, listed: int, end: tuple[int, int, Hidden | None]
) -> None:
    post = _post(x, 163, hidden=163 - listed)

    found = await lookup.likers(BY, str(post.id))
    seen = [user.id for user in found.page.users]
    while found.page.next_token:
        assert found.hidden is None
        found = await lookup.likers(BY, str(post.id), found.page.next_token, found.until)
        seen += [user.id for user in found.page.users]

    assert _place(found) == end
    assert set(seen) == set(list(post.likes)[-listed:])
    assert len(seen) == listed


async def test_likers_of_another_accounts_post_are_private(lookup: LookupService) -> None:
    found = await lookup.likers(BY, str(OTHERS_POST))
    assert _place(found) == (0, 0, Hidden.PRIVATE)
    assert found.post.counts.likes > 0


async def test_what_somebody_else_likes_is_not_shown(lookup: LookupService) -> None:
    with pytest.raises(UserNotShown):
        await lookup.liked(BY, "Twitter")


class LinkedAuthor(Access):
    """Somebody has linked the account of TwitterDev."""

    def __init__(self, own: XClient, author: XClient) -> None:
        super().__init__(own)
        self.author = author

    async def reader(self, author_id: int | None, _guild_ids: object) -> XClient:
        return self.author if author_id == TWITTER_DEV else self.own


async def test_the_author_who_linked_their_account_lends_their_eyes(
    x: Stand, sqlite: Database
) -> None:
    post = _post(x, 3)
    access = LinkedAuthor(own=_as_the_app(x), author=x.client)

    found = await LookupService(sqlite, access).likers(BY, str(post.id))

    assert _place(found) == (0, 3, None)


async def test_an_author_whom_x_refuses_once_is_not_taken_for_a_private_one(
    x: Stand, sqlite: Database
) -> None:
    """What we see ourselves would look like all that X shows."""
    post = _post(x, 3)
    access = LinkedAuthor(own=_as_the_app(x), author=x.client)
    await x.settings(app_only_likes=True)
    await x.fault("GET /2/tweets/:id/liking_users", status=401, body={}, times=1)

    lookup = LookupService(sqlite, access)
    with pytest.raises(CredentialRefused, match="try again in a minute"):
        await lookup.likers(BY, str(post.id))

    assert _place(await lookup.likers(BY, str(post.id))) == (0, 3, None)


def _as_the_app(x: Stand) -> XClient:
    return x.client_with(Credentials(bearer=x.sandbox.credentials().bearer_token))


async def test_posts_in_a_text_are_known_without_asking_x(
    x: Stand, lookup: LookupService, sqlite: Database
) -> None:
    now = x.sandbox.clock.now() - timedelta(days=1)
    async with sqlite.transaction() as session:
        await Users(session).save([user_row(TWITTER_DEV, "Twitter Dev")])
        await Posts(session).save(
            {"id": 5, "author_id": TWITTER_DEV, "text": "Known", "created_at": now}
        )

    found = await lookup.mentioned(GUILD, "https://x.com/a/status/9 and x.com/b/status/5, no more")

    assert [(post.id, post.text) for post in found] == [(9, ""), (5, "Known")]
    assert found[1].author is not None
    assert await lookup.mentioned(GUILD, "nothing") == ()
    assert await x.requests() == []


async def test_a_page_of_likes_knows_the_name_that_was_asked_for(
    x: Stand, lookup: LookupService
) -> None:
    """Its buttons ask by that one: whatever X calls the user is foreign text."""
    x.sandbox.world.users[TWITTER_DEV].username = "a) @everyone"

    found = await lookup.liked(BY, "@TwitterDev")

    assert found.asked_as == "TwitterDev"
    assert found.user.url == f"https://x.com/i/user/{TWITTER_DEV}"
