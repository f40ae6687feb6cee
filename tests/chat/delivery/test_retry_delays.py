from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord

from bot.chat.cards.troubles import trouble_sentence
from bot.chat.delivery.retry_delays import Postponement, Refusal, meaning
from bot.domain import Delivery
from bot.domain.troubles import DeliveryTrouble
from tests.cases import in_turn
from tests.chat import samples

MAY_NOT_SEND = (
    "I can't post in <#2>. Give me the permission “Send Messages” there, or choose another channel."
)
HIDDEN = (
    "I can't see the thread <#2>. If it is private, mention me there, which adds me; its channel "
    "needs the permission “View Channel” for me. Or choose another channel."
)
LOCKED = (
    "The thread <#2> is locked. Unlock it, give me the permission “Manage Threads” there, or "
    "choose another channel."
)
ARCHIVED = (
    "The thread <#2> is archived. Write something in it, which opens it again, or choose another "
    "channel."
)
DELETED = "That channel was deleted. Remove the watch and add it again in another channel."


class NoChannels:
    def get_channel(self, _: int) -> None:
        return None


def http_error(kind: type[discord.HTTPException], status: int, code: int = 0) -> Exception:
    response = cast("Any", SimpleNamespace(status=status, reason="because"))
    return kind(response, {"code": code, "message": "no"})


def delay(error: Exception, age: timedelta) -> timedelta:
    tried = samples.delivery(first_tried_at=samples.NOW - age)
    return postponement(error, tried).delay


def trouble(error: Exception) -> DeliveryTrouble | None:
    return postponement(error, samples.delivery()).trouble


def postponement(error: Exception, delivery: Delivery) -> Postponement:
    found = meaning(error, delivery, cast("Any", NoChannels()), samples.NOW)
    assert isinstance(found, Postponement)
    return found


@in_turn(
    "age, expected",
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
    assert delay(http_error(discord.Forbidden, 403, 50013), age) == expected


@in_turn(
    "age, expected",
    [
        (timedelta(0), timedelta(seconds=2)),
        (timedelta(seconds=20), timedelta(seconds=10)),
        (timedelta(days=2), timedelta(minutes=1)),
    ],
)
@in_turn(
    "error",
    [
        http_error(discord.DiscordServerError, 503),
        http_error(discord.HTTPException, 429),
        http_error(discord.HTTPException, 401),
        http_error(discord.Forbidden, 403),  # of a proxy
        http_error(discord.NotFound, 404),
        http_error(discord.HTTPException, 408),
        aiohttp.ServerDisconnectedError(),
        TimeoutError(),
    ],
)
def test_what_passes_is_tried_soon(error: Exception, age: timedelta, expected: timedelta) -> None:
    assert delay(error, age) == expected
    assert trouble(error) is None


def test_a_refusal_without_a_code_is_discords_only_when_it_stays() -> None:
    error = http_error(discord.HTTPException, 400)
    assert delay(error, timedelta(minutes=59)) == timedelta(minutes=1)
    old = samples.delivery(first_tried_at=samples.NOW - timedelta(minutes=61))
    assert meaning(error, old, cast("Any", NoChannels()), samples.NOW) == Refusal(0)
    large = http_error(discord.HTTPException, 413)
    assert meaning(large, samples.delivery(), cast("Any", NoChannels()), samples.NOW) == Refusal(0)


def test_a_limit_is_waited_for() -> None:
    assert delay(discord.RateLimited(600), timedelta(seconds=20)) == timedelta(minutes=10)
    assert trouble(discord.RateLimited(600)) is None


@in_turn(
    "error, told, sentence",
    [
        (http_error(discord.Forbidden, 403, 50001), DeliveryTrouble.THREAD_HIDDEN, HIDDEN),
        (http_error(discord.Forbidden, 403, 50013), DeliveryTrouble.CANNOT_SEND, MAY_NOT_SEND),
        (http_error(discord.NotFound, 404, 10003), DeliveryTrouble.CHANNEL_DELETED, DELETED),
        (http_error(discord.HTTPException, 400, 50083), DeliveryTrouble.THREAD_ARCHIVED, ARCHIVED),
        (
            http_error(discord.HTTPException, 400, 160005),
            DeliveryTrouble.THREAD_LOCKED,
            LOCKED,
        ),
    ],
)
def test_admins_are_told_what_they_can_mend(
    error: Exception, told: DeliveryTrouble, sentence: str
) -> None:
    assert trouble(error) is told
    assert trouble_sentence(samples.watch(trouble=told)) == sentence


@in_turn(
    "kind, status, code",
    [
        (discord.HTTPException, 400, 50035),
        (discord.HTTPException, 400, 240000),
        (discord.HTTPException, 400, 200000),
        (discord.Forbidden, 403, 200000),
        (discord.HTTPException, 413, 40005),
    ],
)
def test_what_discord_refuses_is_not_sent_so_again(
    kind: type[discord.HTTPException], status: int, code: int
) -> None:
    error = http_error(kind, status, code)
    found = meaning(error, samples.delivery(), cast("Any", NoChannels()), samples.NOW)
    assert found == Refusal(code)
