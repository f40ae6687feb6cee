from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest

from bot.chat.delivery.retry_delays import postponement
from tests.chat import samples


class NoChannels:
    def get_channel(self, _: int) -> None:
        return None


def http_error(kind: type[discord.HTTPException], status: int, code: int = 0) -> Exception:
    response = cast("Any", SimpleNamespace(status=status, reason="because"))
    return kind(response, {"code": code, "message": "no"})


def delay(error: Exception, age: timedelta) -> timedelta:
    tried = samples.delivery(first_tried_at=samples.NOW - age)
    return postponement(error, tried, cast("Any", NoChannels()), samples.NOW).delay


def trouble(error: Exception) -> str | None:
    return postponement(error, samples.delivery(), cast("Any", NoChannels()), samples.NOW).trouble


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(minutes=1), timedelta(minutes=1)),
        (timedelta(minutes=4), timedelta(minutes=4)),
        (timedelta(days=2), timedelta(minutes=15)),
    ],
)
def test_what_an_admin_must_mend_is_tried_less_and_less(
    age: timedelta, expected: timedelta
) -> None:
    assert delay(http_error(discord.Forbidden, 403), age) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), timedelta(seconds=2)),
        (timedelta(seconds=20), timedelta(seconds=10)),
        (timedelta(days=2), timedelta(minutes=1)),
    ],
)
@pytest.mark.parametrize(
    "error",
    [
        http_error(discord.DiscordServerError, 503),
        http_error(discord.HTTPException, 429),
        aiohttp.ServerDisconnectedError(),
        TimeoutError(),
        discord.RateLimited(60),
    ],
)
def test_what_passes_is_tried_soon(error: Exception, age: timedelta, expected: timedelta) -> None:
    assert delay(error, age) == expected
    assert trouble(error) is None


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (http_error(discord.Forbidden, 403, 50001), "“View Channel”"),
        (http_error(discord.Forbidden, 403, 50013), "“Send Messages”"),
        (http_error(discord.NotFound, 404, 10003), "is gone"),
        (http_error(discord.HTTPException, 400, 50035), "Discord refuses"),
        (ValueError("a bug"), "Discord refuses"),
    ],
)
def test_admins_are_told_what_they_can_mend(error: Exception, sentence: str) -> None:
    assert sentence in (trouble(error) or "")
