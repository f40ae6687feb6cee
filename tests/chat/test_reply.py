"""What is found while Discord confirms that an answer was promised."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.chat.answers import reply
from tests.patience import GUARD_S

Confirm = Callable[[], Awaitable[None]]


def interaction(confirm: Confirm) -> discord.Interaction[Any]:
    async def defer(*, ephemeral: bool, thinking: bool) -> None:
        assert ephemeral
        assert thinking
        await confirm()

    return cast(
        "discord.Interaction[Any]",
        SimpleNamespace(extras={}, response=SimpleNamespace(defer=defer)),
    )


async def test_an_answer_is_found_before_the_promise_is_confirmed() -> None:
    began, found = [], asyncio.Event()

    async def confirm() -> None:
        await asyncio.sleep(0)  # aiohttp leaves the sending to a task of its own
        began.append("promise")
        await found.wait()

    async def find() -> int:
        began.append("answer")
        found.set()
        return 7

    async with asyncio.timeout(GUARD_S):
        assert await reply.defer_while(interaction(confirm), find(), private=True) == 7
    assert began == ["promise", "answer"]


async def test_what_is_not_found_is_told_after_the_promise_is_confirmed() -> None:
    """Else the member would be told in a first answer, which the promise is by then."""
    failed, confirmed = asyncio.Event(), asyncio.Event()

    async def confirm() -> None:
        await failed.wait()
        confirmed.set()

    async def find() -> None:
        failed.set()
        raise LookupError

    async with asyncio.timeout(GUARD_S):
        with pytest.raises(LookupError):
            await reply.defer_while(interaction(confirm), find(), private=True)
    assert confirmed.is_set()


@pytest.mark.parametrize("finds", ["in time", "too late", "never"])
async def test_a_promise_that_fails_ends_the_search(finds: str) -> None:
    done, ended = asyncio.Event(), asyncio.Event()

    async def confirm() -> None:
        await done.wait()
        raise ConnectionError

    async def find() -> None:
        done.set()
        try:
            if finds == "never":
                raise LookupError  # which nobody hears of
            if finds == "too late":
                await asyncio.Event().wait()
        finally:
            ended.set()

    async with asyncio.timeout(GUARD_S):
        with pytest.raises(ConnectionError):
            await reply.defer_while(interaction(confirm), find(), private=True)
    assert ended.is_set()


def test_every_form_is_opened_so_that_it_may_be_handed_in_at_once() -> None:
    files = [path for wing in ("bot", "cogs") for path in Path(wing).rglob("*.py")]
    opening = [str(path) for path in files if "send_modal(" in path.read_text(encoding="utf-8")]
    assert opening == ["bot/chat/answers/reply.py"]
