"""Our reader of X's stream: what it bears, how long it waits, and how it tells of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from bot.domain.push import PushEvent, PushKind
from bot.x.stream import ActivityStream, Lines, Patience
from bot.x.stream_delays import Delays, Ending
from tests.patience import GUARD_S

LIKE = (
    b'{"data": {"event_type": "like.create", "filter": {"user_id": "7"}, '
    b'"payload": {"id": "ab", "liked_tweet_id": "1%d"}}}\r\n'
)
HASTY = Patience(connect_s=2, headers_s=1, silence_s=0.3)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Listener:
    """Reads the stream of a small X that answers each request with the next of `answers`."""

    answers: list[Answer]
    asked: list[dict[str, str]] = field(default_factory=list)
    heard: "asyncio.Queue[PushEvent]" = field(default_factory=asyncio.Queue)
    ended: "asyncio.Queue[Ending]" = field(default_factory=asyncio.Queue)
    waits: list[float] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        answer = self.answers.pop(0) if self.answers else quiet
        return await answer(request)

    def closed(self, ending: Ending, wait_s: float) -> None:
        self.waits.append(wait_s)
        self.ended.put_nowait(ending)

    async def ending(self) -> Ending:
        async with asyncio.timeout(GUARD_S):
            return await self.ended.get()

    async def event(self) -> PushEvent:
        async with asyncio.timeout(GUARD_S):
            return await self.heard.get()


async def quiet(request: web.Request) -> web.StreamResponse:
    """Say nothing, with headers."""
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.sleep(30)
    return response


def saying(*pieces: bytes) -> Answer:
    """Return an answer of these bytes, one after the other; then the stream ends."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
        return response

    return answer


def refusing(status: int, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return answer


@asynccontextmanager
async def listening(*answers: Answer, patience: Patience = HASTY) -> AsyncIterator[Listener]:
    listener = Listener(list(answers))
    app = web.Application()
    app.add_routes([web.get("/2/activity/stream", listener.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as http:
        stream = ActivityStream(
            http,
            f"http://{host}:{port}",
            "bearer",
            hear=listener.heard.put,
            now=lambda: datetime.now(UTC),
            patience=patience,
        )
        stream.closed = listener.closed
        task = asyncio.create_task(stream.run())
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    await runner.cleanup()


async def test_events_are_cut_at_line_ends_wherever_the_bytes_are() -> None:
    one, two = LIKE % 1, LIKE % 2
    both = one + b"\r\n" + two
    async with listening(saying(*(both[at : at + 7] for at in range(0, len(both), 7)))) as x:
        assert [(await x.event()).post_id for _ in range(2)] == [11, 12]


async def test_what_is_no_event_ends_nothing() -> None:
    async with listening(saying(b"<html>\r\n", b"[1]\r\n", LIKE % 1)) as x:
        kinds = [(await x.event()).kind for _ in range(3)]
    assert kinds == [PushKind.UNREADABLE, PushKind.UNREADABLE, PushKind.LIKE]


async def test_what_no_line_end_follows_is_read_at_the_end() -> None:
    refused = b'{"title": "ConnectionException", "connection_issue": "TooManyConnections"}'
    half = b'{"data": {"event_type": "like.create", "payload": {"liked_tweet_id": "12"'
    async with listening(saying((LIKE % 1).strip()), saying(half), saying(refused)) as x:
        read = [await x.event() for _ in range(2)]
        endings = [await x.ending() for _ in range(3)]
    kinds = [(event.kind, event.post_id) for event in read]
    assert kinds == [(PushKind.LIKE, 11), (PushKind.UNREADABLE, 12)]
    assert endings[2] is Ending.LIMITED


async def test_silence_is_noticed() -> None:
    async with listening(quiet) as x:
        assert await x.ending() is Ending.TCP


async def test_headers_that_do_not_come_are_noticed() -> None:
    async def never(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    async with listening(never, patience=replace(HASTY, headers_s=0.05)) as x:
        assert await x.ending() is Ending.TCP


async def test_told_to_go_it_comes_back_at_once() -> None:
    told = b'{"errors": [{"title": "operational-disconnect"}]}\r\n'
    async with listening(saying(told), saying(LIKE % 1)) as x:
        assert await x.ending() is Ending.TOLD
        assert (await x.event()).post_id == 11
    assert x.waits[0] == 0


async def test_too_many_connections_within_the_stream() -> None:
    async with listening(saying(b'{"title": "ConnectionException"}\r\n')) as x:
        assert await x.ending() is Ending.LIMITED


@pytest.mark.parametrize(
    ("status", "ending"), [(429, Ending.LIMITED), (503, Ending.SERVER), (403, Ending.REFUSED)]
)
async def test_what_x_answers_instead(status: int, ending: Ending) -> None:
    async with listening(refusing(status)) as x:
        assert await x.ending() is ending


async def test_what_x_says_over_and_over_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    said = b'{"errors": [{"title": "Internal"}]}\r\n'
    async with listening(saying(*[said] * 50)) as x:
        for _ in range(50):
            assert (await x.event()).kind is PushKind.PROBLEM
    assert len(caplog.records) == 1


async def test_backfill_is_asked_for_once_where_x_refuses_it() -> None:
    async with listening(saying(LIKE % 1), refusing(400), saying(LIKE % 2), saying()) as x:
        for _ in range(2):
            await x.event()
        for _ in range(4):
            await x.ending()
    assert x.asked[:4] == [{}, {"backfill_minutes": "1"}, {}, {}]


def test_a_line_that_is_too_long_is_told_and_the_next_is_read() -> None:
    lines = Lines(most=10)
    assert lines.of(b"x" * 8) == []
    assert lines.of(b"x" * 8) == []
    assert lines.of(b"xx\r\nshort\r\n") == [None, b"short"]


def test_the_longer_it_fails_the_longer_it_waits() -> None:
    def waits(ending: Ending, times: int) -> list[float]:
        delays, found = Delays(), []
        for _ in range(times):
            delays, wait_s = delays.after(ending)
            found.append(wait_s)
        return found

    assert waits(Ending.TCP, 3) == [0.25, 0.5, 0.75]
    assert waits(Ending.TCP, 100)[-1] == 16
    assert waits(Ending.SERVER, 8) == [5, 10, 20, 40, 80, 160, 320, 320]
    assert waits(Ending.LIMITED, 3) == [60, 120, 240]
    assert waits(Ending.TOLD, 3) == [0, 0.5, 0.75]
    assert waits(Ending.REFUSED, 3) == [60, 3_600, 3_600]
    assert Delays().after(Ending.LIMITED, named_s=900)[1] == 900
    assert Delays().after(Ending.TCP)[0].heard() == Delays()
