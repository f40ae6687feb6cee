"""Posts and profiles with all that X shows of them, from the sandbox; and what that costs."""

from decimal import Decimal
from typing import Any

import pytest

from bot.accounts.which_account import Access
from bot.domain import Actor, Hidden, Missing, ReferenceKind
from bot.services.lookup import LookupService
from bot.x.credentials import Credentials
from storage.database import Database
from tests.actors import manager
from tests.x.clients import LocalBooks
from tests.x.stand import OTHERS_POST, OWN_POST, TWITTER, TWITTER_DEV, Stand

MANAGER = Actor(7, 1, frozenset(), manages_guild=True)
POLL, REPLY = 1460323737035677698, 1460325211794616321


async def make_post(x: Stand, text: str = "Hello", author: int = TWITTER_DEV, **more: Any) -> int:
    made = {"author_id": str(author), "text": text, **more}
    return int((await x.control("POST", "posts", made))["id"])


async def bills_agree(x: Stand) -> Decimal:
    """Compare both sides' books, and return what they say."""
    charged = await x.charged()
    assert (await x.ledger.spent())[1] == charged
    return charged


@pytest.mark.parametrize("spelling", ["2.165", "2.167"])
async def test_text_links_and_picture(x: Stand, spelling: str) -> None:
    await x.settings(spelling=spelling)

    post = await x.client.whole_post(OWN_POST)

    assert post.text.endswith("https://docs.x.com/research #research @TwitterSupport")
    assert "(& the timeline)" in post.text
    assert {post.text[link.start : link.end]: link.url for link in post.links} == {
        "https://docs.x.com/research": "https://docs.x.com/research",
        "#research": "https://x.com/hashtag/research",
        "@TwitterSupport": "https://x.com/TwitterSupport",
    }
    assert [media.alt_text for media in post.media] == [
        "Hills below a wide sky, with the sun coming up behind them"
    ]
    assert (post.counts.reposts, post.counts.bookmarks) == (40, 21)
    assert post.author is not None
    assert post.author.verified_type == "business"


@pytest.mark.parametrize("spelling", ["2.165", "2.167"])
async def test_a_reply_shows_what_it_replies_to(x: Stand, spelling: str) -> None:
    await x.settings(spelling=spelling)

    post = await x.client.whole_post(REPLY)

    (reference,) = post.references
    assert (reference.kind, reference.id) == (ReferenceKind.REPLIED_TO, POLL)
    assert reference.post is not None
    assert reference.post.text == "Which part of the platform should we write about next?"
    assert (post.reply_to, post.conversation_id) == ("TwitterDev", POLL)
    assert await bills_agree(x) == Decimal("0.030")


async def test_a_poll(x: Stand) -> None:
    post = await x.client.whole_post(POLL)

    assert post.poll is not None
    assert [option.label for option in post.poll.options][-1] == "Webhooks <3"
    assert (post.poll.votes, post.poll.is_open) == (803, False)
    assert post.poll.ends_at is not None


@pytest.mark.parametrize("spelling", ["2.165", "2.167"])
async def test_everything_else(x: Stand, spelling: str) -> None:
    first = await make_post(x, "Helo", TWITTER)
    post_id = await make_post(
        x,
        "Hello",
        TWITTER,
        edit_of=str(first),
        referenced_tweets=[{"type": "quoted", "id": str(OWN_POST)}],
        media=[{"type": "video", "duration_ms": 61_000, "view_count": 7}, {"type": "animated_gif"}],
        place={"id": "p", "full_name": "Oslo", "country": "Norway"},
        article_title="On limits",
        source="Twitter for iPhone",
        lang="no",
        reply_settings="following",
        withheld_in=["DE"],
        possibly_sensitive=True,
    )
    await x.settings(spelling=spelling)

    post = await x.client.whole_post(post_id)

    assert post.text == "Hello"
    assert post.versions == (first, post_id)
    (quoted,) = post.references
    assert quoted.post is not None
    assert quoted.post.author is not None
    assert (quoted.post.author.username, quoted.post.media_elsewhere) == ("TwitterDev", 1)
    assert quoted.post.text.startswith("Academics are")
    assert [(m.type, m.duration_ms, m.views) for m in post.media] == [
        ("video", 61_000, 7),
        ("animated_gif", None, None),
    ]
    assert post.place == "Oslo, Norway"
    assert post.article_title == "On limits"
    assert (post.source, post.lang, post.reply_settings) == (
        "Twitter for iPhone",
        "no",
        "following",
    )
    assert post.withheld is not None
    assert post.withheld.countries == ("DE",)
    assert post.possibly_sensitive
    assert await bills_agree(x) == Decimal("0.030")


async def test_a_quoted_post_that_is_hidden_says_why(x: Stand) -> None:
    shy = await x.control("POST", "users", {"username": "shy", "protected": True})
    hidden = await make_post(x, "psst", int(shy["id"]))
    references = [{"type": "quoted", "id": str(hidden)}, {"type": "replied_to", "id": str(hidden)}]
    post = await x.client.whole_post(await make_post(x, referenced_tweets=references))

    assert [reference.missing for reference in post.references] == [Missing.PROTECTED] * 2
    assert post.reply_to == "shy"
    assert await bills_agree(x) == Decimal("0.025")


async def test_the_most_that_a_post_can_cost_is_held_before(x: Stand) -> None:
    books = LocalBooks()
    client = x.client_with(Credentials(user=x.user_token()), books=books)
    quoted = await make_post(x, "Quoted", 17874544)
    references = [
        {"type": "replied_to", "id": str(OTHERS_POST)},
        {"type": "quoted", "id": str(quoted)},
    ]
    post_id = await make_post(x, referenced_tweets=references)

    await client.whole_post(post_id)
    await client.post(post_id)
    await client.profile("TwitterDev")

    assert books.held == [45_000, 15_000, 15_000]
    assert await x.charged() == Decimal("0.050")


async def test_polling_brings_nothing_along(x: Stand) -> None:
    await x.client.counts([REPLY])
    await x.client.likes.liking_users(OWN_POST, max_results=1)

    assert await bills_agree(x) == Decimal("0.015")


@pytest.mark.parametrize("spelling", ["2.165", "2.167"])
async def test_a_profile_with_what_is_pinned(x: Stand, spelling: str) -> None:
    await x.settings(spelling=spelling)

    profile = await x.client.profile("TwitterDev")

    user = profile.user
    assert (
        user.description == "The voice of the developer platform. News & help: https://docs.x.com/"
    )
    assert (user.website, user.location) == ("https://docs.x.com/", "127.0.0.1")
    assert user.counts is not None
    assert (user.counts.followers, user.counts.posts) == (513_961, 3)
    assert user.affiliation is not None
    assert user.affiliation.user_ids == (TWITTER,)
    assert user.banner_url is not None
    assert user.most_recent_post_id == POLL
    assert profile.pinned is not None
    assert profile.pinned.id == OWN_POST
    assert profile.pinned.author == user
    # Pictures do not come with a user's posts.
    assert profile.pinned.media_elsewhere == 1
    assert await bills_agree(x) == Decimal("0.015")


async def test_what_only_the_author_is_told_is_asked_of_own_posts_only(
    x: Stand, sqlite: Database
) -> None:
    lookup = LookupService(sqlite, Access(x.client))
    film = [{"type": "video", "view_count": 40}]
    own = await lookup.post(manager(1), str(await make_post(x, media=film)))
    others = await lookup.post(manager(1), str(OTHERS_POST))
    before, asked = await bills_agree(x), len(await x.requests())

    view = await lookup.author_view(MANAGER, own)

    assert view is not None
    metrics = view.metrics
    assert metrics.impressions == 0
    assert metrics.organic is not None
    assert metrics.videos[0].quarters == (40, 35, 30, 25, 20)
    assert await lookup.author_view(MANAGER, others) is None
    assert len(await x.requests()) == asked + 1
    assert await bills_agree(x) == before


async def test_what_nobody_asked_for_does_not_fail(x: Stand, sqlite: Database) -> None:
    lookup = LookupService(sqlite, Access(x.client))
    own = await lookup.post(manager(1), str(OWN_POST))
    await x.fault("GET /2/tweets", times=9, status=503)

    assert await lookup.author_view(MANAGER, own) is None


async def test_the_first_page_of_likes_has_the_profile(x: Stand, sqlite: Database) -> None:
    lookup = LookupService(sqlite, Access(x.client))
    for number in range(7):
        post = await make_post(x, f"Number {number}", TWITTER)
        await x.control("POST", f"posts/{post}/likes", {"user_ids": [str(TWITTER_DEV)]})

    first = await lookup.liked(manager(1), "TwitterDev")
    second = await lookup.liked(manager(1), "TwitterDev", first.page.next_token)

    assert first.profile is not None
    assert first.profile.pinned is not None
    assert second.profile is None
    await bills_agree(x)


async def test_who_likes_a_post_needs_no_more_than_its_author(x: Stand, sqlite: Database) -> None:
    found = await LookupService(sqlite, Access(x.client)).likers(manager(1), str(REPLY))

    assert found.hidden is Hidden.PRIVATE
    # What it replies to is known by its ID alone.
    assert [reference.post for reference in found.post.references] == [None]
    assert await bills_agree(x) == Decimal("0.015")
