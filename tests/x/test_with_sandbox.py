"""The client and the sandbox's X, over sockets: what one sends, the other understands."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain import Missing
from bot.domain.errors import (
    BudgetSpent,
    CredentialRefused,
    LikersNotShown,
    LikingRefused,
    PostNotFound,
    PostNotShown,
    RateLimited,
    UnlikingRefused,
    UserNotFound,
    UserNotShown,
    XUnavailable,
)
from bot.money.ledger import Ledger
from bot.x.credentials import Credentials
from bot.x.limits import Endpoint
from storage.database import Database
from tests.x.clients import BRIEF, HASTE
from tests.x.stand import OTHERS_POST, OWN_POST, TWITTER, TWITTER_DEV, Stand


async def test_counts_of_shown_and_missing_posts(x: Stand) -> None:
    hidden = await x.control("POST", "users", {"username": "shy", "protected": True})
    shy = await x.control("POST", "posts", {"author_id": hidden["id"], "text": "psst"})

    found = await x.client.counts([OWN_POST, OTHERS_POST, 404, int(shy["id"])])

    assert set(found.posts) == {OWN_POST, OTHERS_POST}
    assert found.posts[OWN_POST].counts.likes == 24
    assert dict(found.missing) == {404: Missing.DELETED, int(shy["id"]): Missing.PROTECTED}


async def test_counts_of_a_hundred_posts_in_one_request(x: Stand) -> None:
    ids = [
        int((await x.control("POST", "posts", {"author_id": str(TWITTER), "text": str(n)}))["id"])
        for n in range(100)
    ]

    assert set((await x.client.counts(ids)).posts) == set(ids)
    assert len(await x.requests()) == 1


async def test_a_whole_post(x: Stand) -> None:
    post = await x.client.post(OWN_POST)

    assert "(& the timeline)" in post.text
    assert "https://docs.x.com/research" in post.text
    assert "t.co" not in post.text
    assert post.author is not None
    assert (post.author.id, post.author.username) == (TWITTER_DEV, "TwitterDev")
    assert post.author.profile_image_url
    assert [media.type for media in post.media] == ["photo"]
    assert post.media[0].url.startswith(x.url)
    assert post.counts.likes == 24
    assert post.created_at is not None
    assert post.created_at.date() == date(2021, 1, 26)


async def test_a_long_post_is_whole(x: Stand) -> None:
    text = "So many words & still more <of> them. " * 20
    made = await x.control("POST", "posts", {"author_id": str(TWITTER), "text": text})

    assert (await x.client.post(int(made["id"]))).text == text.strip()


async def test_both_spellings_read_the_same(x: Stand) -> None:
    old = await x.client.post(OWN_POST)
    await x.settings(spelling="2.167")

    assert await x.client.post(OWN_POST) == old


async def test_a_deleted_post(x: Stand) -> None:
    await x.control("DELETE", f"posts/{OWN_POST}")
    await x.settings(liking="allowed")

    for call in (x.client.post, x.client.likes.liking_users, x.client.likes.like):
        with pytest.raises(PostNotFound):
            await call(OWN_POST)


async def test_a_protected_post(x: Stand) -> None:
    await x.control("PATCH", f"users/{TWITTER}", {"protected": True})
    await x.settings(liking="allowed", likers="public")

    for call in (x.client.post, x.client.likes.liking_users, x.client.likes.like):
        with pytest.raises(PostNotShown):
            await call(OTHERS_POST)


async def test_likers_of_ones_own_post_newest_first(x: Stand) -> None:
    page = await x.client.likes.liking_users(OWN_POST)

    assert len(page.users) == 24
    assert page.users[0].id == TWITTER
    assert page.next_token is None


async def test_likers_page_by_page(x: Stand) -> None:
    whole = (await x.client.likes.liking_users(OWN_POST)).users
    pages = [await x.client.likes.liking_users(OWN_POST, max_results=10)]
    while token := pages[-1].next_token:
        pages.append(await x.client.likes.liking_users(OWN_POST, max_results=10, token=token))

    assert [len(page.users) for page in pages] == [10, 10, 4]
    assert tuple(user for page in pages for user in page.users) == whole


async def test_likers_of_others_posts_are_private(x: Stand) -> None:
    assert (await x.client.likes.liking_users(OTHERS_POST)).users == ()

    await x.settings(likers="public")
    assert TWITTER_DEV in [u.id for u in (await x.client.likes.liking_users(OTHERS_POST)).users]


async def test_liked_posts_of_oneself_and_of_others(x: Stand) -> None:
    mine = await x.client.likes.liked_posts(TWITTER_DEV, max_results=10)
    assert [post.id for post in mine.posts] == [OTHERS_POST]
    assert mine.posts[0].author is not None

    with pytest.raises(UserNotShown):
        await x.client.likes.liked_posts(TWITTER, max_results=10)
    await x.settings(likers="public")
    assert len((await x.client.likes.liked_posts(TWITTER, max_results=10)).posts) == 2


async def test_own_posts_newest_first_at_the_price_of_ones_own(x: Stand) -> None:
    made = [
        int(
            (await x.control("POST", "posts", {"author_id": str(TWITTER_DEV), "text": str(n)}))[
                "id"
            ]
        )
        for n in range(6)
    ]

    assert [post.id for post in await x.client.own_posts()] == made[:0:-1]
    assert await x.charged() == (await x.ledger.spent())[0] == Decimal("0.005")


async def test_users(x: Stand) -> None:
    assert (await x.client.me()).id == TWITTER_DEV
    assert (await x.client.user_by_username("tWITTER")).id == TWITTER
    with pytest.raises(UserNotFound):
        await x.client.user_by_username("nobody_at_all")


async def test_liking_is_refused_as_x_refuses_it_today(x: Stand) -> None:
    with pytest.raises(LikingRefused) as refused:
        await x.client.likes.like(OTHERS_POST)

    assert refused.value.post_id == OTHERS_POST
    with pytest.raises(UnlikingRefused) as refused_too:
        await x.client.likes.unlike(OTHERS_POST)
    assert refused_too.value.post_id == OTHERS_POST
    assert await x.charged() == 0


async def test_like_and_unlike(x: Stand) -> None:
    await x.settings(liking="allowed")
    assert await x.client.likes.like(OWN_POST) is True
    assert TWITTER_DEV in [u.id for u in (await x.client.likes.liking_users(OWN_POST)).users]

    assert await x.client.likes.unlike(OWN_POST) is False
    assert TWITTER_DEV not in [u.id for u in (await x.client.likes.liking_users(OWN_POST)).users]
    assert await x.client.likes.unlike(OWN_POST) is False


async def test_the_signature_is_really_checked(x: Stand) -> None:
    good = x.user_token()
    for wrong in (
        replace(good, access_token_secret="wrong"),
        replace(good, api_secret="wrong"),
        replace(good, access_token=f"{TWITTER_DEV}-wrong"),
    ):
        client = x.client_with(Credentials(user=wrong))
        for call in (client.me(), client.post(OWN_POST), client.likes.like(OWN_POST)):
            with pytest.raises(CredentialRefused):
                await call

    await x.client.me()
    assert (await x.requests())[-1]["auth"] == "oauth1"


async def test_the_apps_token_reads_posts_but_no_likes(x: Stand) -> None:
    client = x.client_with(Credentials(bearer=x.sandbox.credentials().bearer_token))

    assert (await client.post(OWN_POST)).id == OWN_POST
    with pytest.raises(LikersNotShown):
        await client.likes.liking_users(OWN_POST)
    with pytest.raises(UserNotShown):
        await client.likes.liked_posts(TWITTER, max_results=10)
    assert {request["auth"] for request in await x.requests()} == {"bearer"}

    await x.settings(app_only_likes=True, likers="public")
    assert (await client.likes.liking_users(OWN_POST)).users


async def test_our_pace_never_meets_a_429(x: Stand) -> None:
    async def ask() -> bool:
        try:
            await x.client.likes.liking_users(OWN_POST)
        except RateLimited:
            return False
        return True

    answered = await asyncio.gather(*(ask() for _ in range(90)))

    assert sum(answered) == 75
    assert {request["status"] for request in await x.requests()} == {200}
    assert (await x.client.allowance(Endpoint.LIKING_USERS)).remaining == 0


async def test_what_x_says_of_the_limit_is_taken_up(x: Stand) -> None:
    """Another program with the same token has used most of the allowance."""
    other = x.client_with(Credentials(user=x.user_token()))
    for _ in range(70):
        await other.likes.liking_users(OWN_POST, max_results=1)

    await x.client.likes.liking_users(OWN_POST, max_results=1)

    left = await x.client.allowance(Endpoint.LIKING_USERS)
    assert (left.limit, left.remaining) == (75, 4)
    assert left.resets_at == (await other.allowance(Endpoint.LIKING_USERS)).resets_at


async def test_a_429_is_waited_out(x: Stand) -> None:
    other = x.client_with(Credentials(user=x.user_token()))
    for _ in range(75):
        await other.likes.liking_users(OWN_POST, max_results=1)

    with pytest.raises(RateLimited) as refused:
        await x.client.likes.liking_users(OWN_POST)
    assert (await x.requests())[-1]["status"] == 429
    sent = len(await x.requests())
    with pytest.raises(RateLimited):
        await x.client.likes.liking_users(OWN_POST)
    assert len(await x.requests()) == sent

    wait = refused.value.resets_at - x.sandbox.clock.now()
    assert timedelta(0) < wait <= timedelta(minutes=15, seconds=1)
    await x.control("POST", "clock", {"advance_s": wait.total_seconds()})
    assert (await x.client.likes.liking_users(OWN_POST)).users


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503, "body": "<h1>Over capacity</h1>", "headers": {"Content-Type": "text/html"}},
        {"status": 500},
        {"drop": True},
        {"body": "<html>"},
    ],
    ids=["html", "empty", "drop", "html 200"],
)
async def test_outages_pass(x: Stand, fault: dict[str, Any]) -> None:
    await x.fault("GET /2/tweets", times=2, **fault)

    assert (await x.client.post(OWN_POST)).id == OWN_POST
    assert len(await x.requests()) == 3


async def test_an_outage_that_stays(x: Stand) -> None:
    await x.fault("GET /2/tweets", times=99, status=503, body="<h1>Over capacity</h1>")

    with pytest.raises(XUnavailable):
        await x.client.post(OWN_POST)
    assert len(await x.requests()) == HASTE.tries


async def test_a_slow_answer_is_not_waited_for(x: Stand) -> None:
    await x.fault("GET /2/tweets", times=99, delay_s=0.5)
    client = x.client_with(Credentials(user=x.user_token()), policy=BRIEF)

    with pytest.raises(XUnavailable):
        await client.post(OWN_POST)


async def test_the_ledger_agrees_with_what_x_charges(x: Stand) -> None:
    await x.settings(liking="allowed", likers="public")
    made = await x.control("POST", "posts", {"author_id": str(TWITTER), "text": "new"})
    for _ in range(2):
        await x.client.counts([OWN_POST, OTHERS_POST, 404])
        await x.client.post(OWN_POST)
        await x.client.post(int(made["id"]))
        await x.client.likes.liking_users(OWN_POST, max_results=7)
        await x.client.likes.liking_users(OTHERS_POST)
        await x.client.likes.liked_posts(TWITTER_DEV, max_results=10)
        await x.client.likes.liked_posts(TWITTER, max_results=10)
        await x.client.user_by_username("TwitterSupport")
        await x.client.me()
        await x.client.likes.like(int(made["id"]))
        await x.client.likes.unlike(int(made["id"]))
        today, month = await x.ledger.spent()
        assert today == month == await x.charged() > 0
        with pytest.raises(PostNotFound):
            await x.client.likes.like(404)


async def test_the_next_utc_day_is_charged_anew(x: Stand) -> None:
    await x.client.post(OWN_POST)
    first = await x.charged()
    await x.client.post(OWN_POST)
    assert await x.charged() == first

    await x.control("POST", "clock", {"advance_s": 86_400})
    await x.client.post(OWN_POST)

    assert await x.charged() == 2 * first
    assert (await x.ledger.spent())[0] == first


async def test_a_budget_is_kept_before_anything_is_sent(x: Stand, sqlite: Database) -> None:
    ledger = Ledger(sqlite, x.sandbox.clock.now, Decimal("0.10"))
    client = x.client_with(Credentials(user=x.user_token()), ledger=ledger)
    assert len((await client.likes.liking_users(OWN_POST, max_results=10)).users) == 10
    sent = len(await x.requests())

    with pytest.raises(BudgetSpent):
        await client.post(OWN_POST)

    assert len(await x.requests()) == sent
    assert await x.charged() == Decimal("0.10")
