"""X's JSON becomes values: both spellings, whole texts, and no more trust than needed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain import Media, Missing, Post, PostCounts, User
from bot.x.wire import LikedAnswer, PostsAnswer, UserAnswer, UsersAnswer
from tests.cases import in_turn

POST = 1354143047324299264
TYPES = "https://api.twitter.com/2/problems"


def _post(raw: dict[str, Any], **more: Any) -> Post:
    answer = PostsAnswer.model_validate({"data": [{"id": str(POST), **raw}], **more})
    return answer.page().posts[0]


def _text(text: str, urls: list[dict[str, Any]] | None = None) -> str:
    return _post({"text": text, "entities": {"urls": urls or []}}).text


def test_a_whole_post() -> None:
    post = _post(
        {
            "text": "Hello",
            "author_id": "2244994945",
            "created_at": "2021-01-26T18:52:31.000Z",
            "public_metrics": {
                "retweet_count": 1,
                "reply_count": 2,
                "like_count": 3,
                "quote_count": 4,
                "bookmark_count": 5,
                "impression_count": 3_000_000_000,
            },
            "attachments": {"media_keys": ["3_1", "3_404"]},
            "possibly_sensitive": True,
        },
        includes={
            "users": [
                {
                    "id": "2244994945",
                    "username": "TwitterDev",
                    "name": "Twitter Dev",
                    "verified_type": "business",
                    "protected": False,
                    "profile_image_url": "https://pbs.twimg.com/a.jpg",
                }
            ],
            "media": [
                {"media_key": "3_1", "type": "photo", "url": "https://x/1.jpg", "alt_text": "Sun"}
            ],
        },
    )

    author = User(
        2244994945, "TwitterDev", "Twitter Dev", "https://pbs.twimg.com/a.jpg", "business"
    )
    assert post == Post(
        id=POST,
        text="Hello",
        author_id=2244994945,
        author=author,
        created_at=datetime(2021, 1, 26, 18, 52, 31, tzinfo=UTC),
        counts=PostCounts(
            likes=3, reposts=1, replies=2, quotes=4, impressions=3_000_000_000, bookmarks=5
        ),
        media=(Media("photo", "https://x/1.jpg", "Sun"),),
        media_elsewhere=1,
        possibly_sensitive=True,
    )


def test_the_new_spelling_means_the_same() -> None:
    old = _post({"text": "a", "note_tweet": {"text": "long"}, "public_metrics": _counts("retweet")})
    new = _post({"text": "a", "note_post": {"text": "long"}, "public_metrics": _counts("repost")})

    assert old == new
    assert (new.text, new.counts.reposts) == ("long", 7)


def _counts(word: str) -> dict[str, int]:
    return {f"{word}_count": 7, "like_count": 1, "reply_count": 0, "quote_count": 0}


def test_what_x_leaves_out_has_its_default() -> None:
    assert _post({}) == Post(id=POST, text="", is_counted=False)


def test_what_x_adds_is_ignored() -> None:
    assert _post({"text": "a", "invented": {"deep": [1, None]}, "edit_history_tweet_ids": ["1"]})


def test_links_are_the_ones_that_were_written() -> None:
    short, real = "https://t.co/abc", "https://docs.x.com/research?a=1&b=2"
    urls = [{"start": 4, "end": 20, "url": short, "expanded_url": real}]

    assert _text(f"See {short} and {short}", urls) == f"See {real} and {real}"


def test_a_link_that_x_does_not_expand_stays() -> None:
    assert _text("See https://t.co/abc", [{"url": "https://t.co/abc"}]) == "See https://t.co/abc"


def test_the_link_of_a_picture_says_nothing() -> None:
    picture = {"url": "https://t.co/pic", "media_key": "3_1", "expanded_url": "https://x.com/photo"}

    assert _text("Look! https://t.co/pic", [picture]) == "Look!"


def test_an_address_is_not_taken_for_html() -> None:
    link = {"url": "https://t.co/abc", "expanded_url": "https://x.com/?a=1&copy=2&lt=3"}

    assert _text("&amp;copy; https://t.co/abc", [link]) == "&copy; https://x.com/?a=1&copy=2&lt=3"


def test_links_are_replaced_once_and_never_in_each_other() -> None:
    urls = [
        {"url": "a", "expanded_url": "bbb"},
        {"url": "ab", "expanded_url": "c"},
        {"url": "b", "expanded_url": "aaa"},
        {"url": "", "expanded_url": "everywhere"},
    ]

    assert _text("a ab b", urls) == "bbb c aaa"


def test_entities_of_html_are_characters() -> None:
    assert _text("1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;") == "1 < 2 && 3 > 2 &lt;"


def test_a_long_post_is_whole_with_its_own_links() -> None:
    post = _post(
        {
            "text": "The beginning… https://t.co/self",
            "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": "https://wrong"}]},
            "note_tweet": {
                "text": "The beginning &amp; the end https://t.co/x",
                "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": "https://right"}]},
            },
        }
    )

    assert post.text == "The beginning & the end https://right"


@pytest.mark.parametrize(
    ("raw", "picture"),
    [
        ({"type": "photo", "url": "https://x/1.jpg"}, "https://x/1.jpg"),
        ({"type": "video", "preview_image_url": "https://x/2.jpg"}, "https://x/2.jpg"),
        ({"type": "photo"}, None),
    ],
)
def test_a_video_is_shown_by_its_preview(raw: dict[str, str], picture: str | None) -> None:
    post = _post(
        {"attachments": {"media_keys": ["k"]}}, includes={"media": [{"media_key": "k", **raw}]}
    )

    assert [media.url for media in post.media] == ([picture] if picture else [])


def test_times_are_in_utc() -> None:
    post = _post({"created_at": "2021-01-27T03:52:31+09:00"})

    assert post.created_at == datetime(2021, 1, 26, 18, 52, 31, tzinfo=UTC)
    assert post.created_at is not None
    assert post.created_at.utcoffset() == timedelta(0)


def test_what_no_database_stores_does_not_get_that_far() -> None:
    assert _text("a\0b") == "ab"
    assert _text("half \ud83d, whole 🙂") == "half ?, whole 🙂"


@pytest.mark.parametrize(("verified_type", "shown"), [("none", None), ("blue", "blue")])
def test_not_verified_is_no_kind_of_verified(verified_type: str, shown: str | None) -> None:
    raw = {"id": "1", "username": "a", "name": "A", "verified_type": verified_type}
    answer = UserAnswer.model_validate({"data": raw})

    assert answer.data is not None
    assert answer.data.value().verified_type == shown


def _problem(post_id: int, kind: str, title: str = "") -> dict[str, str]:
    return {
        "type": f"{TYPES}/{kind}",
        "title": title,
        "resource_type": "tweet",
        "resource_id": str(post_id),
        "value": str(post_id),
        "parameter": "ids",
        "detail": "…",
    }


def test_partial_errors_say_why_posts_are_missing() -> None:
    answer = PostsAnswer.model_validate(
        {
            "data": [{"id": "1", "text": "shown"}],
            "errors": [
                _problem(2, "resource-not-found", "Not Found Error"),
                _problem(3, "not-authorized-for-resource", "Authorization Error"),
                _problem(4, "resource-unavailable"),
                _problem(404, "resource-not-found"),
            ],
        }
    )

    found = answer.found(frozenset({1, 2, 3, 4, 5}))

    assert set(found.posts) == {1}
    assert found.missing == {2: Missing.DELETED, 3: Missing.PROTECTED, 4: Missing.WITHHELD}


def test_a_post_is_shown_even_if_part_of_it_is_missing() -> None:
    """X says which users of `includes` it does not show, beside posts that it does."""
    answer = PostsAnswer.model_validate(
        {"data": [{"id": "1"}], "errors": [_problem(1, "not-authorized-for-field")]}
    )

    found = answer.found(frozenset({1}))

    assert (set(found.posts), dict(found.missing)) == ({1}, {})


def test_posts_that_were_not_asked_for_are_not_taken() -> None:
    answer = PostsAnswer.model_validate({"data": [{"id": "1"}, {"id": "2"}]})

    assert set(answer.found(frozenset({2})).posts) == {2}


@in_turn("about", ["9" * 6_000, "²", "\N{ARABIC-INDIC DIGIT ONE}", "-1", " 1", "0001", ""])
def test_errors_about_something_else_are_passed_over(about: str) -> None:
    answer = PostsAnswer.model_validate({"errors": [{"value": about, "type": "x"}]})

    assert dict(answer.found(frozenset({1})).missing) == {}


def test_errors_can_be_null_or_empty() -> None:
    for errors in (None, []):
        assert PostsAnswer.model_validate({"errors": errors}).problems() == ()


def test_a_page_keeps_xs_order_and_its_tokens() -> None:
    raw = [{"id": str(n), "username": f"u{n}", "name": f"U{n}"} for n in (9, 3, 7)]
    meta = {"result_count": 3, "next_token": "n", "previous_token": "p"}

    page = UsersAnswer.model_validate({"data": raw, "meta": meta}).page()

    assert [user.id for user in page.users] == [9, 3, 7]
    assert (page.next_token, page.previous_token) == ("n", "p")


def test_an_empty_page_has_no_data() -> None:
    assert UsersAnswer.model_validate({"meta": {"result_count": 0}}).page().users == ()


def test_x_charges_for_what_it_returned() -> None:
    user = {"id": "7", "username": "u", "name": "U"}
    posts = PostsAnswer.model_validate({"data": [{"id": "1"}], "includes": {"users": [user]}})
    users = UsersAnswer.model_validate({"data": [user]})

    assert (list(posts.post_ids()), list(posts.user_ids())) == ([1], [7])
    assert (list(users.post_ids()), list(users.user_ids())) == ([], [7])
    assert LikedAnswer.model_validate({"data": {"liked": False}}).acted
    assert not LikedAnswer.model_validate({"errors": [{}]}).acted


@in_turn(
    "raw",
    [
        {"id": str(2**63)},
        {"id": "-1"},
        {"id": "abc"},
        {"id": None},
        {"id": [1]},
        {"public_metrics": {"like_count": "many"}},
        {"public_metrics": {"like_count": -1}},
        {"public_metrics": {"like_count": 2**31}},
        {"public_metrics": {"like_count": float("nan")}},
        {"public_metrics": []},
    ],
)
def test_a_post_without_its_id_or_its_likes_is_none(raw: dict[str, Any]) -> None:
    """It is not taken for one that nobody likes, and a page of such posts not for an empty one."""
    with pytest.raises(ValidationError):
        _post({"text": "a", **raw})

    broken = {"id": "7", "text": "a", **raw}
    answer = PostsAnswer.model_validate({"data": [broken, {"id": "9"}]})
    assert [post.id for post in answer.page().posts] == [9]


@in_turn(
    "raw",
    [
        {"text": None},
        {"text": 7},
        {"author_id": {}},
        {"created_at": "yesterday"},
        {"created_at": "2021-01-26T18:52:31"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"created_at": "Wed Foo 06 18:40:40 +0000 2021"},
        {"created_at": "Wed Feb 31 18:40:40 +0000 2021"},
        {"public_metrics": {"retweet_count": "many"}},
        {"entities": {"urls": [{"url": 7}]}},
        {"entities": 7},
        {"attachments": {"media_keys": "3_1"}},
        {"attachments": {"media_keys": [None, {}]}},
        {"withheld": "DE"},
        {"referenced_tweets": [{"type": "quoted"}, 7, {"type": "of tomorrow", "id": "1"}]},
        {"edit_history_tweet_ids": ["x"]},
        {"organic_metrics": {"like_count": "many"}},
        {"possibly_sensitive": "perhaps"},
    ],
)
def test_a_field_that_cannot_be_read_is_one_that_x_leaves_out(raw: dict[str, Any]) -> None:
    assert _post(raw) == Post(id=POST, text="", withheld=None, is_counted=False)


def test_a_date_in_the_old_form() -> None:
    """A sample of X's own has it."""
    post = _post({"created_at": "Wed Jan 06 18:40:40 +0000 2021"})

    assert post.created_at == datetime(2021, 1, 6, 18, 40, 40, tzinfo=UTC)


def test_a_liker_without_names_is_a_liker() -> None:
    answer = UsersAnswer.model_validate(
        {"data": [{"id": "7", "username": None}, {"id": "8", "username": "u"}, {"id": "9"}]}
    )

    assert [(user.id, user.username, user.name) for user in answer.page().users] == [
        (7, "", ""), (8, "u", "u"), (9, "", ""),
    ]  # fmt: skip


def test_half_a_poll_is_none() -> None:
    raw = {"attachments": {"poll_ids": ["3"]}}
    options = [{"label": "a", "votes": 1, "position": 1}, {"label": "b", "votes": "few"}]

    assert _post(raw, includes={"polls": [{"id": "3", "options": options}]}).poll is None


@in_turn(
    "broken",
    [
        {"data": {}},
        {"data": [7]},
        {"data": [{}]},
        {"meta": {"next_token": 7}},
        {"meta": 7},
        {"errors": "no"},
    ],
)
def test_an_answer_that_would_seem_empty_or_the_last_is_unreadable(broken: dict[str, Any]) -> None:
    for kind in (PostsAnswer, UsersAnswer):
        with pytest.raises(ValidationError):
            kind.model_validate(broken)
