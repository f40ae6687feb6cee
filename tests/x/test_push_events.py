"""X's events, in every shape that documents and other programs name: one value, and no error."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.domain.push import PushKind
from bot.x.snowflake import first_id_at
from bot.x.wire import read_event
from tests.cases import in_turn

AT = datetime(2026, 11, 26, 3, 29, 0, 171_000, tzinfo=UTC)


def event(payload: dict[str, Any] | None = None, **more: Any) -> bytes:
    whole = {
        "event_uuid": "12",
        "event_type": "like.create",
        "tag": "likecord:7",
        "filter": {"user_id": "7", "direction": "inbound"},
        "payload": {
            "id": "ab" * 16,
            "timestamp_ms": "1795663740171",
            "liked_tweet_id": "11",
            "liked_tweet_author_id": "7",
        }
        | (payload or {}),
        "includes": {"users": [user(9, "ada")]},
    }
    return json.dumps({"data": {k: v for k, v in (whole | more).items() if v is not None}}).encode()


def user(user_id: Any, username: str, **more: Any) -> dict[str, Any]:
    return {"id": user_id, "username": username, "name": username.title(), **more}


@in_turn(
    "line",
    [
        event(),
        event(event_uuid=-12),
        event(filter={"user_id": 7}),
        event(filter=None),
        event({"liked_tweet_author_id": None, "tweet_author_id": 7}),
        event({"liked_tweet_author_id": None}),
        event({"liked_tweet_id": 11, "timestamp_ms": 1795663740171}),
        event({"timestamp_ms": None, "created_at": "2026-11-26T03:29:00.171Z"}),
        event(includes={"users": [user("7", "me"), user("9", "ada")]}),
        event(includes={"users": [{"data": user("9", "ada")}], "tweets": [{"data": {"id": "11"}}]}),
        event(includes={"users": [user(9, "ada", public_metrics={"tweet_count": 1})]}),
        event(includes={"users": ["?", user(9, "ada")], "posts": "?"}),
        event(tag=None, surprise=[1]),
        json.dumps(json.loads(event())["data"]).encode(),
        event({"timestamp_ms": 1795663740171 % 2**31, "created_at": "2026-11-26T03:29:00.171Z"}),
        event({"timestamp_ms": 1795663740, "created_at": "2026-11-26T03:29:00.171Z"}),
    ],
)
def test_a_like(line: bytes) -> None:
    read = read_event(line)
    assert (read.kind, read.account_id, read.post_id, read.at) == (PushKind.LIKE, 7, 11, AT)
    assert read.liker is not None
    assert (read.liker.id, read.liker.username) == (9, "ada")


def test_a_time_before_the_post_is_none_of_the_likes() -> None:
    post_id = first_id_at(AT)
    late = {"liked_tweet_id": post_id, "timestamp_ms": None}
    assert read_event(event({**late, "created_at": "2026-11-26T03:29:00Z"})).at is None
    assert read_event(event({**late, "timestamp_ms": 1_795_663_740})).at is None
    liked_at = read_event(event({**late, "created_at": "2026-11-26T03:29:02Z"})).at
    assert liked_at == datetime(2026, 11, 26, 3, 29, 2, tzinfo=UTC)


@in_turn(
    "includes",
    [
        None,
        {},
        {"users": []},
        {"users": [user(7, "me")]},
        {"users": [user(9, "ada"), user(10, "bo")]},
        {"users": [user(9, "ada", protected=True)]},
        {"users": [{"id": 9}]},
        {"users": {"data": 1}},
    ],
)
def test_a_like_whose_liker_is_not_sure(includes: Any) -> None:
    read = read_event(event(includes=includes))
    assert (read.kind, read.post_id, read.liker) == (PushKind.LIKE, 11, None)


def test_what_the_account_itself_likes_is_none_of_ours() -> None:
    assert read_event(event({"liked_tweet_author_id": "8"})).kind is PushKind.OTHER
    assert read_event(event(filter={"user_id": "7", "direction": "outbound"})).kind is (
        PushKind.OTHER
    )


@in_turn(
    "line, post_id",
    [
        (b"", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b"[]", None),
        (b'{"data": {}}', None),
        (b'{"data": [{"event_type": "like.create", "payload": {"liked_tweet_id": "11"}}]}', 11),
        (event({"liked_tweet_id": {"id": "11"}}), 11),
        (event({"liked_tweet_id": "eleven"}), None),
        (event({"liked_tweet_id": "9" * 19}), None),
    ],
)
def test_what_cannot_be_read_names_its_post_where_it_can(line: bytes, post_id: int | None) -> None:
    read = read_event(line)
    assert (read.kind, read.post_id) == (PushKind.UNREADABLE, post_id)


def test_the_count_where_x_tells_it() -> None:
    posts = [{"id": "11", "public_metrics": {"like_count": 5}}]
    assert read_event(event(includes={"tweets": posts})).like_count == 5


def test_other_events() -> None:
    gone = event({"id": "11", "author_id": "7"}, event_type="post.delete", includes=None)
    assert (read_event(gone).kind, read_event(gone).post_id) == (PushKind.POST_DELETED, 11)
    taken = event({"user_id": "7"}, event_type="oauth.revoke", filter=None)
    assert (read_event(taken).kind, read_event(taken).account_id) == (PushKind.REVOKED, 7)
    assert read_event(event(event_type="news.new")).kind is PushKind.OTHER


def test_what_x_says_of_the_stream() -> None:
    told = b'{"errors": [{"type": "https://api.x.com/2/problems/operational-disconnect"}]}'
    assert read_event(told).kind is PushKind.DISCONNECT
    full = b'{"title": "ConnectionException", "connection_issue": "TooManyConnections"}'
    assert read_event(full).kind is PushKind.TOO_MANY
    assert read_event(b'{"errors": [{"title": "Internal"}]}').kind is PushKind.PROBLEM
