"""What an unsuccessful answer means, whatever its body is."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import (
    CredentialRefused,
    InvalidForX,
    RateLimited,
    Refused,
    UsageCapped,
    XError,
    XNotFound,
    XUnavailable,
    XUnreadable,
)
from bot.x.asking.problems import Answer, explain
from tests.cases import in_turn

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
RESET = NOW + timedelta(minutes=7)
TYPES = "https://api.twitter.com/2/problems"

BODIES = {
    "empty": b"",
    "html": b"<!doctype html><title>Over capacity</title>",
    "text": b"upstream connect error",
    "not utf-8": b"\xff\xfe\x00",
    "old code": b'{"errors":[{"code":88,"message":"Rate limit exceeded"}]}',
    "errors null": b'{"errors":null}',
    "errors a text": b'{"errors":"no"}',
    "errors of texts": b'{"errors":["no"]}',
    "errors empty": b'{"errors":[]}',
    "list": b'[{"title":"no"}]',
    "null": b"null",
    "number": b"88",
    "type a number": b'{"type":7}',
    "type about:blank": b'{"type":"about:blank","title":"Forbidden","status":403}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"errors":' * 50_000 + b"1" + b"}" * 50_000,
    "long number": b'{"errors":[{"code":' + b"9" * 10_000 + b"}]}",
}
STATUSES = {
    301: XUnavailable,
    400: InvalidForX,
    401: CredentialRefused,
    402: UsageCapped,
    403: Refused,
    404: XNotFound,
    408: XUnavailable,
    409: InvalidForX,
    422: InvalidForX,
    429: RateLimited,
    500: XUnavailable,
    502: XUnavailable,
    503: XUnavailable,
    504: XUnavailable,
    599: XUnavailable,
}


# What stands in front of X's API answers with pages of its own, and knows no account.
NO_OBJECTS = [body for body in BODIES.values() if not body.startswith(b'{"')]
NO_OBJECTS += [BODIES["deep objects"], BODIES["long number"]]


@in_turn("name", BODIES)
@in_turn("status, error", STATUSES.items())
def test_the_status_decides_whatever_the_body(status: int, error: type[XError], name: str) -> None:
    body = BODIES[name]
    is_in_front = (status == 403 and body in NO_OBJECTS) or (status == 429 and body[:1] == b"<")
    expected = XUnavailable if is_in_front else error
    assert type(explain(Answer(status, {}, body), NOW)) is expected


@in_turn(
    "body, kind",
    [
        (f'{{"type":"{TYPES}/client-forbidden"}}', "client-forbidden"),
        ('{"type":"https://api.x.com/2/problems/client-forbidden"}', "client-forbidden"),
        (f'{{"errors":[{{"type":"{TYPES}/not-authorized-for-resource"}}]}}', None),
        ('{"type":"about:blank"}', "about:blank"),
        ("{}", ""),
    ],
)
def test_a_refusal_names_the_problem(body: str, kind: str | None) -> None:
    error = explain(Answer(403, {}, body.encode()), NOW)

    assert isinstance(error, Refused)
    assert error.problem == (kind if kind is not None else "not-authorized-for-resource")


@pytest.mark.parametrize("status", [402, 403, 429])
@pytest.mark.parametrize("body", [f'{{"type":"{TYPES}/usage-capped"}}'])
def test_a_used_up_cap_is_said_whatever_the_status(status: int, body: str) -> None:
    assert type(explain(Answer(status, {}, body.encode()), NOW)) is UsageCapped


def test_a_429_says_when_to_try_again() -> None:
    headers = {"x-rate-limit-reset": str(int(RESET.timestamp()))}

    error = explain(Answer(429, headers, BODIES["old code"]), NOW)

    assert isinstance(error, RateLimited)
    assert error.resets_at == RESET
    assert f"<t:{int(RESET.timestamp())}:R>" in str(error)


@in_turn("reset", [None, "", "soon", "1.5", "9" * 25, "-" + "9" * 25])
def test_a_429_without_a_readable_reset_takes_a_window(reset: str | None) -> None:
    headers = {} if reset is None else {"x-rate-limit-reset": reset}

    error = explain(Answer(429, headers, b""), NOW)

    assert isinstance(error, RateLimited)
    assert error.resets_at == NOW + timedelta(minutes=15)


@in_turn("name", [n for n in BODIES if not BODIES[n].startswith(b'{"')])
def test_a_body_that_is_no_object_is_unreadable(name: str) -> None:
    with pytest.raises(XUnreadable):
        Answer(200, {}, BODIES[name]).json()


@in_turn("status", STATUSES)
def test_no_sentence_repeats_what_x_sent(status: int) -> None:
    body = b'{"title":"secret-7f3a","detail":"secret-7f3a","type":"x/secret-7f3a"}'

    assert "secret-7f3a" not in str(explain(Answer(status, {}, body), NOW))
