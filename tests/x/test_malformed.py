"""Whatever X answers, only errors of the tree come out; what is read can be shown and stored.

LIKECORD_LONG=1 tries 10,000 answers of each kind, which takes minutes.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import XError
from bot.x.asking.transport import RetryPolicy
from tests.x.calls import CALLS, POST
from tests.x.clients import ME, a_client
from tests.x.small_x import Reply, SmallX

TWICE = RetryPolicy(connect_s=5, answer_s=30, tries=2, pause_s=0)
TYPES = "https://api.twitter.com/2/problems"

USER = {
    "id": str(ME),
    "username": "TwitterDev",
    "name": "Twitter Dev",
    "protected": False,
    "verified_type": "business",
    "profile_image_url": "https://pbs.twimg.com/a.jpg",
    "description": "News &amp; help: https://t.co/d @X",
    "entities": {
        "description": {"mentions": [{"start": 31, "end": 33, "username": "X"}]},
        "url": {"urls": [{"url": "https://t.co/u", "expanded_url": "https://docs.x.com/"}]},
    },
    "created_at": "2013-12-14T04:35:55Z",
    "public_metrics": {"followers_count": 1, "following_count": 2, "tweet_count": 3},
    "affiliation": {"description": "X", "url": "https://x.com/X", "user_id": ["783214"]},
    "pinned_tweet_id": str(POST),
    "withheld": {"country_codes": ["DE"]},
}
WHOLE_POST = {
    "id": str(POST),
    "text": "Hello https://t.co/abc &amp; all",
    "author_id": str(ME),
    "created_at": "2021-01-26T18:52:31.000Z",
    "public_metrics": {"retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 4},
    "attachments": {"media_keys": ["3_1"], "poll_ids": ["7"]},
    "entities": {
        "urls": [{"url": "https://t.co/abc", "expanded_url": "https://x.com/"}],
        "hashtags": [{"start": 6, "end": 9, "tag": "tag"}],
    },
    "referenced_tweets": [{"type": "quoted", "id": str(POST + 1)}],
    "edit_history_tweet_ids": [str(POST - 1), str(POST)],
    "edit_controls": {"editable_until": "2021-01-26T19:52:31.000Z"},
    "geo": {"place_id": "p"},
    "article": {"title": "Limits"},
    "in_reply_to_user_id": str(ME),
    "withheld": {"copyright": True, "country_codes": ["DE"]},
    "non_public_metrics": {"impression_count": 9},
    "organic_metrics": {"impression_count": 9, "like_count": 3},
    "note_tweet": {"text": "Hello", "entities": {"urls": []}},
    "possibly_sensitive": False,
}
FILM = {
    "media_key": "3_1",
    "type": "video",
    "preview_image_url": "u",
    "duration_ms": 9_000,
    "public_metrics": {"view_count": 4},
    "non_public_metrics": {f"playback_{quarter}_count": 1 for quarter in (0, 25, 50, 75, 100)},
}
POLL = {
    "id": "7",
    "options": [{"position": 1, "label": "a", "votes": 2}, {"position": 2, "label": "b"}],
    "end_datetime": "2021-01-27T18:52:31.000Z",
    "voting_status": "open",
}
PROBLEM = {"type": f"{TYPES}/resource-not-found", "resource_id": str(POST), "value": str(POST)}
POSTS = {
    "data": [WHOLE_POST],
    "includes": {
        "users": [USER],
        "media": [FILM],
        "tweets": [{"id": str(POST + 1), "text": "Quoted", "author_id": str(ME)}],
        "polls": [POLL],
        "places": [{"id": "p", "full_name": "Oslo", "country": "Norway"}],
    },
    "errors": [PROBLEM],
}
USERS = {
    "data": [USER, USER],
    "meta": {"result_count": 2, "next_token": "n", "previous_token": "p"},
}
REAL = {
    "counts": POSTS,
    "post": POSTS,
    "whole_post": POSTS,
    "author_metrics": POSTS,
    "liking_users": USERS,
    "liked_posts": POSTS,
    "user_by_username": {"data": USER},
    "profile": {"data": USER, "includes": {"tweets": [WHOLE_POST]}},
    "me": {"data": USER},
    "own_posts": POSTS,
    "posts_since": POSTS,
    "like": {"data": {"liked": True}},
    "unlike": {"data": {"liked": False}},
}
REFUSALS = [
    {"meta": {"result_count": 0}},
    {"errors": [PROBLEM]},
    {"errors": [{"code": 88, "message": "Rate limit exceeded"}]},
    {"title": "Forbidden", "type": f"{TYPES}/client-forbidden", "status": 403},
]

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["9" * 5_000, "\ud800", "a\0b", "-1", str(2**63), "0001-01-01T00:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "data", "errors", "type"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Return every container and key in a JSON value."""
    keys = node.keys() if isinstance(node, dict) else range(len(node))
    here = [(node, key) for key in keys]
    inside = [node[key] for key in keys if isinstance(node[key], dict | list)]
    return here + [place for child in inside for place in _places(child)]


@st.composite
def _mutated(draw: st.DrawFn, real: Any) -> Any:
    """A real answer with some of its values replaced, removed, doubled or made awkward."""
    answer = deepcopy(real)
    for _ in range(draw(st.integers(0, 3))):
        if not (places := _places(answer)):
            break
        container, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(("replace", "remove", "double", "awkward"))):
            case "awkward" if isinstance(container[key], str):
                container[key] += draw(st.sampled_from(["\0", "\ud800", "&#0;", " ", "٣"]))
            case "replace":
                container[key] = draw(ANYTHING)
            case "remove":
                del container[key]
            case "double":
                container[key] = [container[key], container[key]]
    return answer


_numbers = st.integers(-(10**13), 10**13).map(str) | st.sampled_from(["", "x", "9" * 40, "1e3"])
_limits = st.just({}) | st.fixed_dictionaries(
    {
        "x-rate-limit-limit": st.just("75") | _numbers,
        "x-rate-limit-remaining": st.just("74") | _numbers,
        "x-rate-limit-reset": _numbers,
    }
)
_others = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(["text/html", "application/problem+json", "x", "a/b;c=d"]),
        "Content-Encoding": st.sampled_from(["gzip", "deflate", "identity", "br", "nonsense"]),
        "Location": st.sampled_from(["/", "https://[", "mailto:x", "http://127.0.0.1:1/"]),
        "Retry-After": _numbers,
    },
)
_headers = st.builds(lambda limits, others: {**limits, **others}, _limits, _others)
_strange_bodies = (
    st.sampled_from(REFUSALS).flatmap(_mutated)
    | ANYTHING
    | st.binary(max_size=64)
    | st.sampled_from([b"[" * 50_000, b'{"data":' * 50_000, b'{"data": NaN}', b"\xef\xbb\xbf{}"])
)
_statuses = st.sampled_from([201, 204, 304, 400, 403, 429]) | st.integers(200, 599)


@st.composite
def _conversation(draw: st.DrawFn) -> tuple[str, Reply]:
    """What is asked, and an answer: nearly what X would say, or something else altogether."""
    name = draw(st.sampled_from(sorted(CALLS)))
    if draw(st.booleans()):
        return name, Reply(draw(_mutated(REAL[name])))
    return name, Reply(draw(_strange_bodies), draw(st.just(200) | _statuses), draw(_headers))


def _check(value: Any) -> None:
    """Fail for what a database or Discord would choke on."""
    if is_dataclass(value) and not isinstance(value, type):
        _check(asdict(value))
    elif isinstance(value, dict):
        _check(list(value.items()))
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif isinstance(value, str):
        assert "\0" not in value
        value.encode()
    elif isinstance(value, datetime):
        assert value.tzinfo is not None
    elif isinstance(value, int):
        assert 0 <= value < 2**63


async def _try(http: aiohttp.ClientSession, url: str, name: str) -> None:
    with contextlib.suppress(XError):
        _check(await CALLS[name](a_client(http, url, policy=TWICE)))


@pytest.mark.timeout(900)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversation=_conversation())
async def test_any_answer(
    http: aiohttp.ClientSession, small_x: SmallX, conversation: tuple[str, Reply]
) -> None:
    name, reply = conversation
    small_x.answers(reply)

    await _try(http, small_x.url, name)


class RudeX:
    """Sends bytes that need not be HTTP, and hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(self.answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def rude_x() -> AsyncIterator[RudeX]:
    rude = RudeX()
    server = await asyncio.start_server(rude.serve, "127.0.0.1", 0)
    rude.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield rude
    server.close()
    await server.wait_closed()


_BODY = json.dumps(POSTS).encode()
_GOOD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-rate-limit-limit: 75\r\n"
    b"Content-Length: " + str(len(_BODY)).encode() + b"\r\n\r\n" + _BODY
)
_CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    b"4\r\nabcd\r\n0\r\n\r\n"
)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """A good answer with a piece of it replaced, from near its beginning or anywhere."""
    good = draw(st.sampled_from([_GOOD, _CHUNKED]))
    start = draw(st.integers(0, 120) | st.integers(0, len(good)))
    end = start + draw(st.integers(0, 40) | st.just(len(good)))
    return good[:start] + draw(st.binary(max_size=20)) + good[end:]


@pytest.mark.timeout(900)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=_damaged() | st.binary(max_size=200), name=st.sampled_from(sorted(CALLS)))
async def test_any_bytes(
    http: aiohttp.ClientSession, rude_x: RudeX, answer: bytes, name: str
) -> None:
    rude_x.answer = answer

    await _try(http, rude_x.url, name)
