"""What hangs on posts and users: places, articles, films, quotes, edits, affiliations."""

import pytest

from tests.sandbox.x.client import DEV, LIMIT, RESEARCH, SUPPORT, TWITTER, XClient
from tests.sandbox.x.test_posts import EVERYTHING

PLACE = {"id": "01a9a39529b27f36", "full_name": "Manhattan, NY", "country": "United States"}
NEW_EVERYTHING = {
    "post__fields": "article,attachments,edit_controls,entities,geo,note_post,public_metrics,"
    "source",
    "expansions": "author_id,attachments.media_keys,edit_history_post_ids,geo.place_id,"
    "referenced_posts",
    "media__fields": EVERYTHING["media__fields"],
    "place__fields": EVERYTHING["place__fields"],
}


@pytest.mark.parametrize("query", [EVERYTHING, NEW_EVERYTHING], ids=["2.165", "2.167"])
async def test_a_post_with_everything(x: XClient, query: dict[str, str]) -> None:
    post = await x.make_post(
        "Look",
        media=[{"type": "video", "duration_ms": 90_000, "view_count": 40}],
        place=PLACE,
        article_title="On rate limits",
        source="Twitter for iPhone",
        referenced_tweets=[{"type": "quoted", "id": LIMIT}],
    )

    answer = await x.get("/2/tweets", ids=post, **query)

    (data,), includes = answer.data, answer.body["includes"]
    assert data["geo"] == {"place_id": PLACE["id"]}
    assert data["article"] == {"title": "On rate limits"}
    assert data["source"] == "Twitter for iPhone"
    assert data["text"].count("https://t.co/") == 2
    assert data["entities"]["urls"][0]["expanded_url"].endswith(f"/status/{LIMIT}")
    assert includes["places"][0]["name"] == "Manhattan"
    assert includes["media"][0]["public_metrics"] == {"view_count": 40}
    quoted = includes.get("tweets") or includes["posts"]
    assert LIMIT in {each["id"] for each in quoted}


async def test_an_article_has_its_title_under_the_newer_name_too(x: XClient) -> None:
    post = await x.make_post("Read", article_title="On rate limits")

    answer = await x.get("/2/tweets", ids=f"{post},{RESEARCH}", post__fields="article_title")

    assert answer.data[0]["article_title"] == {"title": "On rate limits"}
    assert "article_title" not in answer.data[1]


@pytest.mark.parametrize(
    ("expansion", "expected"),
    [
        ("entities.mentions.username", {TWITTER}),
        ("entities.note.mentions.username", {TWITTER, SUPPORT}),
    ],
)
async def test_the_mentioned_are_those_of_the_entities_shown(
    x: XClient, expansion: str, expected: set[str]
) -> None:
    post = await x.make_post(f"@twitter {'and on ' * 50} @TwitterSupport @nobody_there")

    answer = await x.get("/2/tweets", ids=post, expansions=expansion)

    (data,) = answer.data
    shown = data["note_tweet"] if "note" in expansion else data
    assert {mention["id"] for mention in shown["entities"]["mentions"]} == expected
    assert {user["id"] for user in answer.body["includes"]["users"]} == expected


async def test_a_short_post_has_nobody_in_its_note(x: XClient) -> None:
    post = await x.make_post("Hello @Twitter")
    answer = await x.get("/2/tweets", ids=post, expansions="entities.note.mentions.username")
    assert "includes" not in answer.body


async def test_all_versions_of_a_post_name_all_of_them(x: XClient) -> None:
    first = await x.make_post("Helo")
    second = await x.make_post("Hello", edit_of=first)
    third = await x.make_post("Hello!", edit_of=second)

    answer = await x.get("/2/tweets", ids=f"{first},{third}", **EVERYTHING)

    for post in answer.data:
        assert post["edit_history_tweet_ids"] == [first, second, third]
        assert post["edit_controls"]["edits_remaining"] == 3
    shown = {post["id"] for post in answer.body["includes"]["tweets"]}
    assert shown == {first, second, third}


async def test_how_far_viewers_came_is_the_authors_business(x: XClient) -> None:
    film = [{"type": "video", "view_count": 200}]
    mine = await x.make_post("Mine", media=film)
    other = await x.make_post("Theirs", author_id=TWITTER, media=film)

    answer = await x.get(
        "/2/tweets",
        ids=f"{mine},{other}",
        expansions="attachments.media_keys",
        media__fields="non_public_metrics,organic_metrics",
    )

    known, unknown = answer.body["includes"]["media"]
    assert known["organic_metrics"] == {"view_count": 200}
    assert known["non_public_metrics"]["playback_0_count"] == 200
    assert known["non_public_metrics"]["playback_100_count"] == 100
    assert set(unknown) == {"media_key", "type"}


async def test_a_user_belongs_to_an_organisation_and_has_a_banner(x: XClient) -> None:
    answer = await x.get(
        f"/2/users/{DEV}",
        user__fields="affiliation,profile_banner_url",
        expansions="affiliation.user_id",
    )

    assert answer.data["affiliation"]["user_id"] == [TWITTER]
    assert answer.body["includes"]["users"][0]["id"] == TWITTER
    async with x.session.get(answer.data["profile_banner_url"]) as picture:
        assert picture.content_type == "image/png"
    async with x.session.get(f"{x.base}/sandbox/media/banner/{TWITTER}.png") as nothing:
        assert nothing.status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"edit_of": "404"},
        {"place": {"id": "1"}},
        {"poll": {"options": ["a", "b"], "votes": 3}},
    ],
)
async def test_what_cannot_be_is_refused(x: XClient, wrong: dict[str, object]) -> None:
    made = {"author_id": DEV, "text": "x", **wrong}
    async with x.session.post(f"{x.base}/sandbox/posts", json=made) as response:
        assert response.status == 400
    assert (await x.get(f"/2/tweets/{RESEARCH}")).status == 200


async def test_a_poll_may_have_votes(x: XClient) -> None:
    post = await x.make_post("?", poll={"options": ["a", "b", "c"], "votes": [3, 1]})

    answer = await x.get("/2/tweets", ids=post, expansions="attachments.poll_ids")

    votes = [option["votes"] for option in answer.body["includes"]["polls"][0]["options"]]
    assert votes == [3, 1, 0]
