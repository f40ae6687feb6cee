"""All that X says of posts and users, in both spellings."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain import (
    Affiliation,
    AuthorMetrics,
    Media,
    Missing,
    Playback,
    Poll,
    PollOption,
    Post,
    PostCounts,
    Reference,
    ReferenceKind,
    User,
    UserCounts,
    Withheld,
)
from bot.x.wire import PostsAnswer, UserAnswer
from tests.cases import in_turn

ADA = {"id": "1", "username": "ada", "name": "Ada"}
BOB = {"id": "2", "username": "bob", "name": "Bob"}


def read(raw: dict[str, Any], **beside: Any) -> Post:
    data = {"id": "10", "text": "Hello", "author_id": "1", **raw}
    return PostsAnswer.model_validate({"data": [data], **beside}).page().posts[0]


def included(**kinds: Any) -> dict[str, Any]:
    return {"includes": {"users": [ADA, BOB], **kinds}}


def user(raw: dict[str, Any]) -> User:
    answer = UserAnswer.model_validate({"data": {**ADA, **raw}})
    assert answer.data is not None
    return answer.data.value()


def test_a_poll() -> None:
    poll = {
        "id": "7",
        "options": [
            {"position": 2, "label": "No", "votes": 1},
            {"position": 1, "label": "Yes", "votes": 3},
        ],
        "end_datetime": "2026-08-02T12:00:00.000Z",
        "voting_status": "open",
    }

    post = read({"attachments": {"poll_ids": ["7"]}}, **included(polls=[poll]))

    options = (PollOption("Yes", 3), PollOption("No", 1))
    assert post.poll == Poll(options, datetime(2026, 8, 2, 12, tzinfo=UTC), is_open=True)
    assert post.poll.votes == 4


@in_turn(
    "place, shown",
    [
        ({"full_name": "Oslo, Norway", "country": "Norway"}, "Oslo, Norway"),
        (
            {"full_name": "Manhattan, NY", "country": "United States"},
            "Manhattan, NY, United States",
        ),
        ({"country": "Norway"}, "Norway"),
        ({}, None),
    ],
)
def test_a_place(place: dict[str, str], shown: str | None) -> None:
    post = read({"geo": {"place_id": "p"}}, **included(places=[{"id": "p", **place}]))

    assert post.place == shown


def test_a_film_has_a_length_and_what_is_not_shown_is_counted() -> None:
    film = {
        "media_key": "13_1",
        "type": "video",
        "preview_image_url": "https://x/1.jpg",
        "duration_ms": 61_000,
        "public_metrics": {"view_count": 5},
    }

    post = read({"attachments": {"media_keys": ["13_1", "3_2"]}}, **included(media=[film]))

    assert post.media == (Media("video", "https://x/1.jpg", None, 61_000, 5),)
    assert post.media_elsewhere == 1


@pytest.mark.parametrize(
    ("references", "includes", "versions"),
    [
        ("referenced_tweets", "tweets", "edit_history_tweet_ids"),
        ("referenced_posts", "posts", "edit_history_post_ids"),
    ],
)
def test_what_a_post_refers_to_comes_with_it(references: str, includes: str, versions: str) -> None:
    quoted = {
        "id": "20",
        "text": "Quoted",
        "author_id": "2",
        references: [{"type": "quoted", "id": "30"}],
    }
    raw = {
        "text": "So true https://t.co/q",
        "entities": {
            "urls": [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/bob/status/20"}]
        },
        references: [
            {"type": "quoted", "id": "20"},
            {"type": "replied_to", "id": "40"},
            {"type": "invented", "id": "50"},
        ],
        versions: ["9", "10"],
        "in_reply_to_user_id": "2",
        "conversation_id": "40",
    }
    problem = {
        "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
        "resource_id": "40",
        "parameter": "referenced_tweets.id",
    }
    of_quoted = {"id": "30", "text": "One too many", "author_id": "2"}

    post = read(raw, errors=[problem], **included(**{includes: [quoted, of_quoted]}))

    first, second = post.references
    assert (first.kind, first.id, first.missing) == (ReferenceKind.QUOTED, 20, None)
    assert first.post is not None
    assert (first.post.text, first.post.author and first.post.author.username) == ("Quoted", "bob")
    assert first.post.references == (Reference(ReferenceKind.QUOTED, 30),)
    assert second == Reference(ReferenceKind.REPLIED_TO, 40, None, Missing.PROTECTED)
    assert post.text == "So true"
    assert post.versions == (9, 10)
    assert (post.reply_to, post.conversation_id) == ("bob", 40)


def test_the_address_of_a_quoted_post_that_is_not_shown_stays() -> None:
    address = "https://twitter.com/bob/status/20"
    raw = {
        "text": "So true https://t.co/q",
        "entities": {"urls": [{"url": "https://t.co/q", "expanded_url": address}]},
        "referenced_tweets": [{"type": "quoted", "id": "20"}],
    }

    assert read(raw).text == f"So true {address}"


def test_marks() -> None:
    post = read(
        {
            "article": {"title": "On limits"},
            "edit_controls": {"editable_until": "2026-08-02T12:00:00.000Z", "edits_remaining": 4},
            "lang": "no",
            "reply_settings": "following",
            "source": "Twitter Web App",
            "withheld": {"copyright": True, "country_codes": ["DE", "FR"], "scope": "tweet"},
        }
    )

    assert post.article_title == "On limits"
    assert post.editable_until == datetime(2026, 8, 2, 12, tzinfo=UTC)
    assert (post.lang, post.reply_settings, post.source) == ("no", "following", "Twitter Web App")
    assert post.withheld == Withheld(("DE", "FR"), copyright=True)


@pytest.mark.parametrize("posts", ["tweet", "post"])
def test_a_whole_user(posts: str) -> None:
    raw = {
        "affiliation": {"description": "X", "url": "https://x.com/X", "user_id": ["783214"]},
        "created_at": "2013-12-14T04:35:55.000Z",
        "description": "News &amp; help: https://t.co/d",
        "entities": {
            "description": {
                "urls": [{"url": "https://t.co/d", "expanded_url": "https://a.example"}]
            },
            "url": {"urls": [{"url": "https://t.co/u", "expanded_url": "https://docs.x.com"}]},
        },
        "is_identity_verified": True,
        "location": "127.0.0.1",
        f"most_recent_{posts}_id": "9",
        "parody": True,
        f"pinned_{posts}_id": "8",
        "profile_banner_url": "https://pbs.twimg.com/b",
        "public_metrics": {
            "followers_count": 5,
            "following_count": 4,
            f"{posts}_count": 3,
            "listed_count": 2,
            "like_count": 1,
        },
        "subscription_type": "Premium",
        "url": "https://t.co/u",
        "verified": True,
        "verified_followers_count": 6,
        "verified_type": "none",
        "withheld": {"country_codes": ["DE"], "scope": "user"},
    }

    assert user(raw) == User(
        id=1,
        username="ada",
        name="Ada",
        verified=True,
        identity_verified=True,
        parody=True,
        verified_followers=6,
        subscription="Premium",
        description="News & help: https://a.example",
        created_at=datetime(2013, 12, 14, 4, 35, 55, tzinfo=UTC),
        location="127.0.0.1",
        website="https://docs.x.com",
        banner_url="https://pbs.twimg.com/b",
        counts=UserCounts(followers=5, following=4, posts=3, listed=2, likes=1),
        affiliation=Affiliation("X", "https://x.com/X", user_ids=(783214,)),
        withheld_in=("DE",),
        pinned_post_id=8,
        most_recent_post_id=9,
    )
    assert user(raw).is_verified


def test_null_is_absent_in_the_parts_of_an_object() -> None:
    nothing = {
        "affiliation": {"description": None, "user_id": None},
        "entities": {"description": None, "url": None},
        "withheld": {"country_codes": None, "scope": None},
        "public_metrics": {"followers_count": 5, "like_count": None},
    }

    assert user(nothing) == User(1, "ada", "Ada", counts=UserCounts(followers=5))
    assert not user(nothing).is_verified
    attachments = {"media_keys": None, "poll_ids": None}
    assert read({"attachments": attachments, "geo": {"place_id": None}}) == read({})


def test_a_pinned_post_is_the_users_own() -> None:
    pinned = {"id": "8", "text": "Pinned", "author_id": "1"}
    answer = UserAnswer.model_validate(
        {"data": {**ADA, "pinned_tweet_id": "8"}, "includes": {"tweets": [pinned]}}
    )

    profile = answer.profile()

    assert profile is not None
    assert profile.pinned is not None
    assert (profile.pinned.text, profile.pinned.author) == ("Pinned", profile.user)


@pytest.mark.parametrize("pinned_id", [None, "404"])
def test_nothing_pinned_or_nothing_shown(pinned_id: str | None) -> None:
    raw = {**ADA, "pinned_tweet_id": pinned_id} if pinned_id else ADA
    profile = UserAnswer.model_validate({"data": raw}).profile()

    assert profile is not None
    assert profile.pinned is None
    assert UserAnswer.model_validate({"errors": [{}]}).profile() is None


def test_what_only_the_author_is_told() -> None:
    film = {
        "media_key": "13_1",
        "type": "video",
        "non_public_metrics": {f"playback_{q}_count": 100 - q for q in (0, 25, 50, 75, 100)},
        "organic_metrics": {"view_count": 90},
    }
    raw = {
        "id": "10",
        "attachments": {"media_keys": ["13_1"]},
        "non_public_metrics": {"impression_count": 9, "url_link_clicks": 8},
        "organic_metrics": {
            "impression_count": 7,
            "like_count": 1,
            "reply_count": 2,
            "retweet_count": 3,
        },
    }
    answer = PostsAnswer.model_validate({"data": [raw], "includes": {"media": [film]}})

    assert answer.author_metrics(10) == AuthorMetrics(
        impressions=9,
        link_clicks=8,
        organic=PostCounts(likes=1, replies=2, reposts=3, impressions=7),
        videos=(Playback((100, 75, 50, 25, 0), 90),),
    )
    assert answer.author_metrics(11) is None
    assert PostsAnswer.model_validate({"data": [{"id": "10"}]}).author_metrics(10) is None


def test_x_charges_for_what_comes_along() -> None:
    posts = PostsAnswer.model_validate(
        {"data": [{"id": "1"}], "includes": {"tweets": [{"id": "2"}], "users": [ADA]}}
    )

    assert (list(posts.post_ids()), list(posts.included_post_ids())) == ([1], [2])
    assert list(posts.user_ids()) == [1]
