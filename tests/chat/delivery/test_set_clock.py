"""What was begun by a clock that was wrong is found in its channel, and not sent again."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from tests.chat.delivery.test_announcer import FakeOutbox, outbox, to
from tests.sandbox.discord.server import LIKES, Server

__all__ = ["outbox"]

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("tried", "ahead"),
    [
        pytest.param(-HOUR, timedelta(0), id="set back since"),
        pytest.param(timedelta(minutes=10) - HOUR, HOUR, id="an hour ahead"),
    ],
)
async def test_a_message_that_is_there_is_found(
    discord_server: Server,
    client: LikecordClient,
    outbox: FakeOutbox,
    tried: timedelta,
    ahead: timedelta,
) -> None:
    announcer = Announcer(
        client, outbox, client.limits, now=lambda: datetime.now(UTC) + ahead, ahead=lambda: ahead
    )
    outbox.waiting = [to(LIKES, "lc-1")]
    assert await announcer.run_once() == 1
    await discord_server.control("POST", "/clock", {"advance_s": 600})

    outbox.waiting = [to(LIKES, "lc-1", tried=tried)]
    assert await announcer.run_once() == 1
    assert len(await discord_server.read(LIKES)) == 1
