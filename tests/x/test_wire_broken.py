"""Any one member of a list that cannot be read leaves all others as they are."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Post, User
from bot.x.wire import PostsAnswer, UsersAnswer
from tests.x.test_malformed import ANYTHING, FILM, POLL, USER, WHOLE_POST

pytestmark = pytest.mark.timeout(900)

COUNT = 4
# IDs that nothing has which is made up here.
FIRST, QUOTED = 10**15 + 1, 10**16
PLACE = {"id": "p", "full_name": "Oslo", "country": "Norway"}


def _user(number: int) -> dict[str, Any]:
    return {**USER, "id": str(number), "username": f"u{number}"}


def _post(number: int) -> dict[str, Any]:
    """A post with an author, a film, a poll and a place of its own."""
    return {
        **WHOLE_POST,
        "id": str(number),
        "author_id": str(number),
        "in_reply_to_user_id": str(number),
        "attachments": {"media_keys": [f"3_{number}"], "poll_ids": [str(number)]},
        "geo": {"place_id": f"p{number}"},
        "referenced_tweets": [{"type": "quoted", "id": str(QUOTED + number)}],
    }


NUMBERS = range(FIRST, FIRST + COUNT)
USERS = {"data": [_user(number) for number in NUMBERS]}
POSTS = {
    "data": [_post(number) for number in NUMBERS],
    "includes": {
        "users": [_user(number) for number in NUMBERS],
        "media": [{**FILM, "media_key": f"3_{number}"} for number in NUMBERS],
        "polls": [{**POLL, "id": str(number)} for number in NUMBERS],
        "places": [{**PLACE, "id": f"p{number}"} for number in NUMBERS],
        "tweets": [{"id": str(QUOTED + number), "text": "Quoted"} for number in NUMBERS],
    },
    "errors": [{"resource_id": "7", "title": "Not Found Error"}],
}
USERS_SENT, POSTS_SENT = json.dumps(USERS), json.dumps(POSTS)
INCLUDED = ("users", "media", "polls", "places", "tweets")


def _users(answer: Any) -> dict[int, User]:
    return {user.id: user for user in UsersAnswer.model_validate(answer).page().users}


def _posts(answer: Any) -> dict[int, Post]:
    return {post.id: post for post in PostsAnswer.model_validate(answer).page().posts}


ALL_USERS, ALL_POSTS = _users(USERS), _posts(POSTS)


def _others(found: dict[int, Any], index: int) -> dict[int, Any]:
    return {key: value for key, value in found.items() if key != NUMBERS[index]}


def _with(members: list[Any], index: int, broken: Any) -> None:
    members[index] = broken


@given(st.integers(0, COUNT - 1), ANYTHING)
def test_a_broken_liker(index: int, broken: Any) -> None:
    answer = json.loads(USERS_SENT)
    _with(answer["data"], index, broken)

    found = _users(answer)

    assert {**found, **_others(ALL_USERS, index)} == found


@given(st.integers(0, COUNT - 1), st.sampled_from(sorted(set(USER) - {"id"})), ANYTHING)
def test_a_broken_field_costs_no_liker(index: int, name: str, broken: Any) -> None:
    answer = json.loads(USERS_SENT)
    answer["data"][index][name] = broken

    found = _users(answer)

    assert list(found) == list(NUMBERS)
    assert _others(found, index) == _others(ALL_USERS, index)


@given(st.integers(0, COUNT - 1), ANYTHING)
def test_a_broken_post(index: int, broken: Any) -> None:
    answer = json.loads(POSTS_SENT)
    _with(answer["data"], index, broken)

    found = _posts(answer)

    assert {**found, **_others(ALL_POSTS, index)} == found


@given(
    st.integers(0, COUNT - 1),
    st.sampled_from(sorted(set(WHOLE_POST) - {"id", "public_metrics"})),
    ANYTHING,
)
def test_a_broken_field_costs_no_post(index: int, name: str, broken: Any) -> None:
    answer = json.loads(POSTS_SENT)
    answer["data"][index][name] = broken

    found = _posts(answer)

    assert list(found) == list(NUMBERS)
    assert _others(found, index) == _others(ALL_POSTS, index)


@given(st.integers(0, COUNT - 1), st.sampled_from(INCLUDED), ANYTHING)
def test_what_is_broken_beside_the_posts(index: int, kind: str, broken: Any) -> None:
    answer = json.loads(POSTS_SENT)
    _with(answer["includes"][kind], index, broken)

    found = _posts(answer)

    assert list(found) == list(NUMBERS)
    assert _others(found, index) == _others(ALL_POSTS, index)


@given(st.sampled_from(("includes", *INCLUDED)), ANYTHING)
def test_without_all_that_stands_beside_them_the_posts_stay(kind: str, broken: Any) -> None:
    answer = json.loads(POSTS_SENT)
    if kind == "includes":
        answer["includes"] = broken
    else:
        answer["includes"][kind] = broken

    assert list(_posts(answer)) == list(NUMBERS)


@given(ANYTHING)
def test_a_broken_problem_beside_the_posts(broken: Any) -> None:
    answer = {**POSTS, "errors": [*POSTS["errors"], broken]}

    assert _posts(answer) == ALL_POSTS


@pytest.mark.parametrize(
    "path",
    [
        ("entities", "urls"),
        ("entities", "hashtags"),
        ("edit_history_tweet_ids",),
        ("referenced_tweets",),
        ("attachments", "media_keys"),
        ("withheld", "country_codes"),
    ],
)
@given(broken=ANYTHING)
def test_a_broken_member_of_a_posts_lists(path: tuple[str, ...], broken: Any) -> None:
    answer = json.loads(POSTS_SENT)
    members: Any = answer["data"][0]
    for name in path:
        members = members[name]
    members.insert(0, broken)

    post, known = _posts(answer)[FIRST], ALL_POSTS[FIRST]

    assert (post.text, post.links) == (known.text, known.links)
    assert set(post.versions) >= set(known.versions)
    assert set(post.media) >= set(known.media)
    assert set(post.references) >= set(known.references)
    assert post.withheld is not None
    assert known.withheld is not None
    assert set(post.withheld.countries) >= set(known.withheld.countries)
