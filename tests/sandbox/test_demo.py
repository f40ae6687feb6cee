"""Parts of the demo; the whole of it is in tests/e2e/test_demo.py."""

import asyncio

import pytest

from sandbox.demo import _listening
from sandbox.events import Event, Events


async def test_news_that_cannot_be_understood_end_the_demo_with_their_error() -> None:
    events, heard = Events(), asyncio.Event()

    def hear(event: Event) -> None:
        heard.set()
        raise KeyError(event.type)

    async def listen() -> None:
        async with _listening(events, hear):
            events.emit("a like", {})
            await asyncio.wait_for(heard.wait(), 10)

    with pytest.raises(KeyError, match="a like"):
        await listen()


async def test_all_news_are_heard_until_then() -> None:
    events, heard = Events(), asyncio.Queue[str]()
    async with _listening(events, lambda event: heard.put_nowait(event.type)):
        for word in ("like.create", "like.delete"):
            events.emit(word, {})
            assert await asyncio.wait_for(heard.get(), 10) == word
    events.emit("like.create", {})
    assert heard.empty()
