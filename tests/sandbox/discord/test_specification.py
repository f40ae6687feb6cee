"""Whether the judge of every answer in these tests sees a wrong one."""

import pytest

from tests.cases import in_turn
from tests.sandbox.discord.server import Exchange
from tests.sandbox.discord.specification import FILE, MISSING, faults_in

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=MISSING)

JSON = "application/json"


@in_turn(
    "wrong",
    [
        Exchange("GET", "/gateway", 200, JSON, b"{}"),
        Exchange("GET", "/gateway", 200, "text/plain", b'{"url": "ws://x"}'),
        Exchange("GET", "/users/@me", 200, JSON, b'{"id": 5}'),
        Exchange("GET", "/users/@me", 401, JSON, b'{"message": "no code"}'),
        Exchange("DELETE", "/channels/1/messages/2", 204, JSON, b"{}"),
        Exchange("GET", "/no/such/route", 200, JSON, b"{}"),
    ],
)
def test_a_wrong_answer_is_seen(wrong: Exchange) -> None:
    assert len(faults_in([wrong])) == 1


def test_a_right_answer_passes() -> None:
    assert faults_in([Exchange("GET", "/gateway", 200, JSON, b'{"url": "ws://127.0.0.1"}')]) == []


@in_turn("wrong", [b'""', b"1575511242229940224", b'"snowflake"', b"null"])
def test_it_is_told_what_is_wrong_and_where(wrong: bytes) -> None:
    def answer(channel_id: bytes) -> Exchange:
        body = b'{"channel_id": %b, "webhook_id": "1575511242229940225"}' % channel_id
        return Exchange("POST", "/channels/1575511242229940224/followers", 200, JSON, body)

    assert faults_in([answer(b'"1575511242229940224"')]) == []
    (fault,) = faults_in([answer(wrong)])
    assert fault.startswith(
        f"POST /channels/1575511242229940224/followers 200: $.channel_id: {wrong.decode()} "
    )
