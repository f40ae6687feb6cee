import html
from typing import Any

import pytest

from tests.cases import in_turn
from tests.sandbox.x.client import (
    DEV,
    LIMIT,
    POLL,
    REPLY,
    RESEARCH,
    SUPPORT,
    VALENTINE,
    Answer,
    XClient,
)

ALL_FIELDS = (
    "article,attachments,author_id,context_annotations,conversation_id,created_at,display_text_range,"
    "edit_controls,entities,geo,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,"
    "public_metrics,referenced_tweets,reply_settings,source,withheld"
)
ALL_EXPANSIONS = (
    "attachments.media_keys,attachments.poll_ids,author_id,edit_history_tweet_ids,"
    "entities.mentions.username,geo.place_id,in_reply_to_user_id,referenced_tweets.id,"
    "referenced_tweets.id.author_id,referenced_tweets.id.attachments.media_keys"
)
EVERYTHING = {
    "tweet__fields": ALL_FIELDS,
    "expansions": ALL_EXPANSIONS,
    "media__fields": "alt_text,height,width,url,preview_image_url,duration_ms,public_metrics",
    "place__fields": "country,country_code,full_name,name,place_type",
    "poll__fields": "duration_minutes,end_datetime,voting_status",
    "user__fields": "created_at,description,entities,url,verified,verified_type,public_metrics,"
    "most_recent_tweet_id,pinned_tweet_id,verified_followers_count,withheld,location,"
    "affiliation,profile_banner_url,subscription_type",
}


def ids(answer: Answer) -> list[str]:
    return [item["id"] for item in answer.body.get("data", [])]


async def test_a_post_has_three_fields_by_default(x: XClient) -> None:
    answer = await x.get(f"/2/tweets/{VALENTINE}")
    assert set(answer.data) == {"id", "text", "edit_history_tweet_ids"}


async def test_everything_that_can_be_asked_for(x: XClient) -> None:
    answer = await x.get("/2/tweets", ids=f"{RESEARCH},{POLL},{REPLY}", **EVERYTHING)
    research, poll, reply = answer.data
    assert research["created_at"] == "2021-01-26T19:03:55.900Z"
    assert research["attachments"] == {"media_keys": ["3_1354143041779154945"]}
    assert poll["attachments"] == {"poll_ids": ["1460323736809140224"]}
    assert reply["referenced_tweets"] == [{"type": "replied_to", "id": POLL}]
    includes = answer.body["includes"]
    assert {user["username"] for user in includes["users"]} == {"TwitterDev", "TwitterSupport"}
    assert includes["polls"][0]["voting_status"] == "closed"
    assert includes["media"][0]["alt_text"].startswith("Hills")
    assert POLL in {post["id"] for post in includes["tweets"]}


async def test_the_new_spelling(x: XClient) -> None:
    query = {
        "post__fields": "public_metrics,note_post,withheld,entities,created_at",
        "expansions": "author_id,referenced_posts,edit_history_post_ids,attachments.media_keys",
        "user__fields": "public_metrics",
    }
    answer = await x.get("/2/tweets", ids=f"{RESEARCH},{REPLY},20", **query)
    assert answer.data[0]["public_metrics"]["repost_count"] == 40
    assert answer.data[0]["author_id"] == DEV
    assert answer.data[1]["referenced_posts"] == [{"type": "replied_to", "id": POLL}]
    assert "post_count" in answer.body["includes"]["users"][0]["public_metrics"]
    assert answer.body["includes"]["posts"]
    assert answer.body["errors"][0]["type"].startswith("https://api.x.com/")


async def test_the_spellings_do_not_mix(x: XClient) -> None:
    answer = await x.get("/2/tweets", ids=RESEARCH, post__fields="lang", tweet__fields="lang")
    assert answer.status == 400
    answer = await x.get("/2/tweets", ids=RESEARCH, post__fields="author_id")
    assert answer.status == 400


async def test_the_new_names_may_answer_the_old_questions(x: XClient) -> None:
    await x.settings(spelling="2.167")
    answer = await x.call(
        "GET",
        "/2/tweets",
        query={"ids": RESEARCH, "tweet.fields": "public_metrics"},
        version="2.167",
    )
    assert answer.data[0]["public_metrics"]["repost_count"] == 40
    await x.call("GET", "/2/usage/tweets", "app", version="2.167")


async def test_missing_and_hidden_posts_stand_beside_the_others(x: XClient) -> None:
    shy = await x.make_user("shy", protected=True)
    hidden = await x.make_post(author_id=shy)
    answer = await x.get("/2/tweets", ids=f"20,{RESEARCH},{hidden}")
    assert ids(answer) == [RESEARCH]
    missing, unauthorized = answer.body["errors"]
    assert missing["type"].endswith("/resource-not-found")
    assert missing["detail"] == "Could not find tweet with ids: [20]."
    assert unauthorized["type"].endswith("/not-authorized-for-resource")
    assert unauthorized["section"] == "data"


async def test_only_missing_posts_leave_no_data(x: XClient) -> None:
    answer = await x.get("/2/tweets", ids="20,21")
    assert answer.status == 200
    assert "data" not in answer.body
    assert len(answer.body["errors"]) == 2


async def test_one_missing_post_is_no_404(x: XClient) -> None:
    await x.control("DELETE", f"/posts/{VALENTINE}")
    answer = await x.get(f"/2/tweets/{VALENTINE}")
    assert (answer.status, list(answer.body)) == (200, ["errors"])


async def test_a_protected_author_reads_their_own(x: XClient) -> None:
    shy = await x.make_user("shy", protected=True)
    hidden = await x.make_post(author_id=shy)
    assert "data" not in (await x.get(f"/2/tweets/{hidden}")).body
    token = await x.user_token(shy)
    assert (await x.get(f"/2/tweets/{hidden}", auth=token)).data["id"] == hidden


async def test_a_suspended_authors_posts_are_hidden(x: XClient) -> None:
    await x.control("PATCH", f"/users/{SUPPORT}", {"suspended": True})
    answer = await x.get(f"/2/tweets/{REPLY}")
    assert answer.body["errors"][0]["title"] == "Authorization Error"


async def test_a_missing_reference_is_an_error_in_the_includes(x: XClient) -> None:
    await x.control("DELETE", f"/posts/{POLL}")
    answer = await x.get(f"/2/tweets/{REPLY}", expansions="referenced_tweets.id")
    assert answer.data["id"] == REPLY
    assert answer.body["errors"][0]["parameter"] == "referenced_tweets.id"


async def test_private_metrics_are_the_authors(x: XClient) -> None:
    fields = "non_public_metrics,organic_metrics"
    mine = await x.get(f"/2/tweets/{RESEARCH}", tweet__fields=fields)
    assert mine.data["non_public_metrics"]["impression_count"] > 95_113
    other = await x.get(f"/2/tweets/{LIMIT}", tweet__fields=fields)
    assert "non_public_metrics" not in other.data
    assert other.body["errors"][0]["field"] == "non_public_metrics"


async def test_entities_point_into_the_delivered_text(x: XClient) -> None:
    post = await x.make_post(
        "a < b & c: https://example.org/a/very/long/address?x=1&y=2. "
        "#tag $CASH @Twitter @nobody 🦊",
        media=[{"alt_text": "A picture"}],
    )
    data = (await x.get(f"/2/tweets/{post}", tweet__fields="entities")).data
    text, entities = data["text"], data["entities"]
    assert text.startswith("a &lt; b &amp; c: https://t.co/")

    def cut(entity: dict[str, Any]) -> str:
        return str(text[entity["start"] : entity["end"]])

    link, picture = entities["urls"]
    assert cut(link) == link["url"]
    assert link["expanded_url"] == "https://example.org/a/very/long/address?x=1&y=2"
    assert text.endswith(cut(picture))
    assert picture["media_key"]
    assert [cut(entity) for entity in entities["hashtags"]] == ["#tag"]
    assert [cut(entity) for entity in entities["cashtags"]] == ["$CASH"]
    assert [entity["username"] for entity in entities["mentions"]] == ["Twitter"]


async def test_a_long_post_is_cut_and_has_a_note(x: XClient) -> None:
    long = "word & " * 100
    post = await x.make_post(long)
    data = (await x.get(f"/2/tweets/{post}", tweet__fields="note_tweet")).data
    assert len(html.unescape(data["text"])) <= 280
    assert html.unescape(data["note_tweet"]["text"]) == long


async def test_withheld_and_sensitive_posts_say_so(x: XClient) -> None:
    post = await x.make_post(withheld_in=["DE", "FR"], possibly_sensitive=True)
    data = (await x.get(f"/2/tweets/{post}", tweet__fields="withheld,possibly_sensitive")).data
    assert data["withheld"]["country_codes"] == ["DE", "FR"]
    assert data["possibly_sensitive"] is True


async def test_an_open_poll_and_a_film(x: XClient) -> None:
    post = await x.make_post(
        poll={"options": ["yes", "no"], "duration_minutes": 60},
        media=[{"type": "video", "duration_ms": 4200}],
    )
    expansions = "attachments.poll_ids,attachments.media_keys"
    answer = await x.get(
        f"/2/tweets/{post}",
        expansions=expansions,
        poll__fields="voting_status",
        media__fields="preview_image_url,url,duration_ms",
    )
    assert answer.body["includes"]["polls"][0]["voting_status"] == "open"
    film = answer.body["includes"]["media"][0]
    assert film["duration_ms"] == 4200
    assert "url" not in film
    async with x.session.get(film["preview_image_url"]) as response:
        assert (await response.read()).startswith(b"\x89PNG")


@in_turn(
    "query, parameter",
    [
        ({}, "ids"),
        ({"ids": ""}, "ids"),
        ({"ids": "abc"}, "ids"),
        ({"ids": "12345678901234567890"}, "ids"),
        ({"ids": ",".join(map(str, range(1, 102)))}, "ids"),
        ({"ids": RESEARCH, "tweet__fields": "likes"}, "tweet.fields"),
        ({"ids": RESEARCH, "tweet__fields": ""}, "tweet.fields"),
        ({"ids": RESEARCH, "expansions": "pinned_tweet_id"}, "expansions"),
        ({"ids": RESEARCH, "max_results": "5"}, "max_results"),
    ],
)
async def test_bad_queries_are_named(x: XClient, query: dict[str, str], parameter: str) -> None:
    answer = await x.get("/2/tweets", **query)
    assert (answer.status, answer.problem) == (400, "invalid-request")
    assert list(answer.body["errors"][0]["parameters"]) == [parameter]


async def test_a_bad_id_in_the_path(x: XClient) -> None:
    assert (await x.get("/2/tweets/not-an-id")).status == 400


class TestTimeline:
    async def test_a_page_has_ten_posts_unless_asked_otherwise(self, x: XClient) -> None:
        author = await x.make_user("author")
        posts = [await x.make_post(f"number {number}", author) for number in range(11)]
        answer = await x.get(f"/2/users/{author}/tweets")
        assert ids(answer) == posts[:0:-1]
        assert "next_token" in answer.body["meta"]

    async def test_newest_first_in_pages(self, x: XClient) -> None:
        author = await x.make_user("author")
        posts = [await x.make_post(f"number {number}", author) for number in range(8)]
        first = await x.get(f"/2/users/{author}/tweets", max_results=5)
        assert ids(first) == posts[7:2:-1]
        assert first.body["meta"]["newest_id"] == posts[7]
        assert first.body["meta"]["oldest_id"] == posts[3]
        second = await x.get(
            f"/2/users/{author}/tweets",
            max_results=5,
            pagination_token=first.body["meta"]["next_token"],
        )
        assert ids(second) == posts[2::-1]
        back = await x.get(
            f"/2/users/{author}/tweets",
            max_results=5,
            pagination_token=second.body["meta"]["previous_token"],
        )
        assert ids(back) == ids(first)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"since_id": VALENTINE}, [POLL, RESEARCH]),
            ({"until_id": POLL}, [RESEARCH, VALENTINE]),
            ({"start_time": "2021-01-01T00:00:00Z"}, [POLL, RESEARCH]),
            ({"end_time": "2021-01-01T00:00:00.000Z"}, [VALENTINE]),
            ({"since_id": RESEARCH, "start_time": "2010-11-06T00:00:00Z"}, [POLL]),
        ],
    )
    async def test_bounds(self, x: XClient, query: dict[str, str], expected: list[str]) -> None:
        assert ids(await x.get(f"/2/users/{DEV}/tweets", **query)) == expected

    async def test_replies_and_reposts_can_be_left_out(self, x: XClient) -> None:
        repost = await x.make_post(
            "RT @TwitterDev: hi", SUPPORT, referenced_tweets=[{"type": "retweeted", "id": POLL}]
        )
        path = f"/2/users/{SUPPORT}/tweets"
        assert ids(await x.get(path)) == [repost, REPLY]
        assert ids(await x.get(path, exclude="replies")) == [repost]
        assert ids(await x.get(path, exclude="retweets")) == [REPLY]
        assert (await x.get(path, exclude="retweets,replies")).body["meta"] == {"result_count": 0}

    @pytest.mark.parametrize(
        "query",
        [{"max_results": 4}, {"start_time": "yesterday"}, {"exclude": "likes"}, {"since_id": "x"}],
    )
    async def test_bad_values(self, x: XClient, query: dict[str, object]) -> None:
        assert (await x.get(f"/2/users/{DEV}/tweets", **query)).status == 400

    async def test_protected_and_unknown_authors(self, x: XClient) -> None:
        shy = await x.make_user("shy", protected=True)
        hidden = await x.get(f"/2/users/{shy}/tweets")
        assert hidden.body["errors"][0]["title"] == "Authorization Error"
        unknown = await x.get("/2/users/1/tweets")
        assert unknown.body["errors"][0]["title"] == "Not Found Error"
