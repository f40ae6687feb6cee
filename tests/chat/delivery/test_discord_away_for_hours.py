"""Discord away for hours, by the clock: what waits is sent once, soon after it is back."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.chat.delivery.retry_delays import Postponement, meaning
from storage.database import Database
from tests.databases import on_sqlite
from tests.outboxes import Stand
from tests.storage.rows import MINUTE
from tests.storage.rows import NOW as FIRST

SOONEST = timedelta(seconds=2)


def _unavailable() -> Exception:
    answer: Any = SimpleNamespace(status=503, reason="Service Unavailable")
    return discord.DiscordServerError(answer, "down")


@on_sqlite
@pytest.mark.parametrize("error", [_unavailable(), OSError("no way there"), TimeoutError()])
async def test_all_is_told_once_and_in_few_messages(database: Database, error: Exception) -> None:
    stand = await Stand(database).open()
    nobody: Any = SimpleNamespace(get_channel=lambda _: None)
    waiting = await stand.add(1)

    for passes in (*([timedelta(0)] * 5), *([timedelta(hours=1)] * 7)):
        stand.time += passes
        delivery = await stand.claim()
        assert delivery is not None
        wait = meaning(error, delivery, nobody, stand.time)
        assert wait == Postponement(min(max(stand.time - FIRST, SOONEST * 2) / 2, MINUTE))
        await stand.outbox.postpone(delivery, stand.time + wait.delay, None)
        stand.time += wait.delay
        waiting += await stand.add(1)

    messages = await stand.send_all()
    assert [each for message in messages for each in message] == waiting
    assert [len(message) for message in messages[:1]] == [1], "what was begun stays what it was"
    assert len(messages) <= 4
