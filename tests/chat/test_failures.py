"""What becomes of a command's failure when there is nobody left to tell."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.chat.answers.failures import answer_failure
from bot.chat.cards.card import Card


def interaction(*, closed: bool) -> discord.Interaction[Any]:
    client = SimpleNamespace(is_closed=lambda: closed, database_is_away=lambda _: False)
    command = SimpleNamespace(qualified_name="post")
    return cast(
        "discord.Interaction[Any]", SimpleNamespace(client=client, command=command, guild_id=1)
    )


@pytest.mark.parametrize("closed", [False, True])
async def test_what_fails_because_the_bot_stops_is_no_error(
    caplog: pytest.LogCaptureFixture, *, closed: bool
) -> None:
    """Every command that X had not answered yet was two tracebacks at the end."""
    told: list[Card] = []

    async def tell(_: discord.Interaction[Any], card: Card) -> None:
        told.append(card)

    error = RuntimeError("Session is closed")  # as aiohttp says it
    await answer_failure(interaction(closed=closed), error, tell)

    assert len(told) == len(caplog.records) == (0 if closed else 1)


@pytest.mark.parametrize("code", [40060, 10062])
async def test_what_another_process_answers_is_not_answered_here(code: int) -> None:
    """Nor what has no time left: Discord would refuse the apology as it refused the answer."""
    told: list[Card] = []

    async def tell(_: discord.Interaction[Any], card: Card) -> None:
        told.append(card)

    response = cast("Any", SimpleNamespace(status=400, reason="Bad Request"))
    error = discord.HTTPException(response, {"code": code, "message": "as Discord says it"})
    await answer_failure(interaction(closed=False), error, tell)

    assert not told
