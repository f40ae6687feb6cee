"""Whether the judge of every answer in these tests sees a wrong one."""

import pytest

from tests.sandbox.discord.server import Exchange
from tests.sandbox.discord.specification import FILE, MISSING, faults_in

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=MISSING)

JSON = "application/json"


@pytest.mark.parametrize(
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
