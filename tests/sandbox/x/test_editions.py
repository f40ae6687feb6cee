"""An X of one edition: it refuses the names of the other one, and says which."""

from typing import Any

import pytest

from sandbox.x.spelling import CHOICES, Spelling
from tests.cases import in_turn
from tests.sandbox.x.client import DEV, LIMIT, RESEARCH, Answer, XClient

LIKERS = f"/2/tweets/{RESEARCH}/liking_users"
OLD, NEW = "2.165", "2.167"
OTHER = {OLD: NEW, NEW: OLD}


async def ask(x: XClient, edition: str, path: str, **query: Any) -> Answer:
    """Ask an X of this edition, and hold its answer to the file of the edition."""
    await x.settings(edition=edition)
    return await x.call("GET", path, query=query, version=edition)


def names(edition: str, parameter: str) -> set[str]:
    return set(CHOICES[Spelling(edition)].get(parameter, ()))


@in_turn(
    "edition, path, parameter, value",
    [
        (NEW, LIKERS, "tweet.fields", "created_at"),
        (NEW, LIKERS, "user.fields", "pinned_tweet_id"),
        (NEW, LIKERS, "user.fields", "affiliation"),
        (NEW, LIKERS, "expansions", "pinned_tweet_id"),
        (NEW, LIKERS, "expansions", "affiliation.user_id"),
        (NEW, "/2/tweets", "tweet.fields", "public_metrics"),
        (NEW, "/2/tweets", "post.fields", "note_tweet"),
        (NEW, "/2/tweets", "expansions", "referenced_tweets.id"),
        (NEW, f"/2/users/{DEV}/liked_tweets", "expansions", "edit_history_tweet_ids"),
        (NEW, f"/2/users/{DEV}/tweets", "tweet.fields", "text"),
        (NEW, "/2/users/me", "user.fields", "most_recent_tweet_id"),
        (OLD, LIKERS, "post.fields", "created_at"),
        (OLD, LIKERS, "expansions", "pinned_post_id"),
        (OLD, LIKERS, "expansions", "affiliation"),
        (OLD, "/2/tweets", "tweet.fields", "note_post"),
        (OLD, "/2/tweets", "expansions", "referenced_posts"),
    ],
)
async def test_a_name_of_the_other_edition_is_refused(
    x: XClient, edition: str, path: str, parameter: str, value: str
) -> None:
    query = {parameter: value, **({"ids": RESEARCH} if path == "/2/tweets" else {})}
    answer = await ask(x, edition, path, **query)
    assert (answer.status, answer.problem) == (400, "invalid-request")
    (error,) = answer.body["errors"]
    assert error["parameters"] == {parameter: [value]}
    assert parameter in error["message"]


@pytest.mark.parametrize("edition", [OLD, NEW])
@pytest.mark.parametrize(
    ("path", "kind"), [(f"/2/tweets/{LIMIT}", "post"), (f"/2/users/{DEV}", "user")]
)
async def test_all_own_names_are_taken_and_no_other(
    x: XClient, edition: str, path: str, kind: str
) -> None:
    fields = {"user.fields", "post.fields", "tweet.fields"}
    fields |= {"media.fields", "poll.fields", "place.fields"} if kind == "post" else set()
    own = {name: names(edition, name) for name in fields}
    own["expansions"] = names(edition, f"{kind} expansions")
    query = {name: ",".join(sorted(values)) for name, values in own.items() if values}
    assert (await ask(x, edition, path, **query)).status == 200
    others = {name: names(OTHER[edition], name) - values for name, values in own.items()}
    for name, strange in others.items():
        for value in strange:
            assert (await ask(x, edition, path, **{name: value})).status == 400


async def test_it_answers_in_its_own_names_whatever_is_asked(x: XClient) -> None:
    asked = {"ids": f"{RESEARCH},20"}
    for edition, key, host in (
        (OLD, "edit_history_tweet_ids", "api.twitter.com"),
        (NEW, "edit_history_post_ids", "api.x.com"),
    ):
        answer = await ask(x, edition, "/2/tweets", **asked)
        assert key in answer.data[0]
        assert answer.body["errors"][0]["type"].startswith(f"https://{host}/")


async def test_usage_is_written_as_in_the_edition(x: XClient) -> None:
    await x.settings(edition=NEW)
    answer = await x.call("GET", "/2/usage/tweets", "app", version=NEW)
    assert answer.data["project_usage"] == "0"


async def test_any_edition_is_spoken_again(x: XClient) -> None:
    await ask(x, NEW, "/2/tweets", ids=RESEARCH)
    await x.settings(edition="any")
    answer = await x.get("/2/tweets", ids=RESEARCH, tweet__fields="public_metrics")
    assert "retweet_count" in answer.data[0]["public_metrics"]
    answer = await x.get("/2/tweets", ids=RESEARCH, post__fields="public_metrics")
    assert "repost_count" in answer.data[0]["public_metrics"]


async def test_the_newer_one_may_answer_in_the_older_names(x: XClient) -> None:
    await x.settings(edition=NEW, spelling=OLD)
    answer = await x.call(
        "GET", f"/2/tweets/{RESEARCH}", query={"post.fields": "public_metrics"}, version=OLD
    )
    assert answer.data["public_metrics"]["retweet_count"] == 40
