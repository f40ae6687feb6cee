import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.domain import Delivery
from bot.domain.announcements import MessageForm
from bot.domain.troubles import DeliveryTrouble
from tests.chat import samples
from tests.sandbox.discord.server import GENERAL, LIKES, STAFF, Server

pytestmark = pytest.mark.usefixtures("client")


@dataclass
class FakeOutbox:
    """Gives out what was put in, and remembers what became of it."""

    waiting: list[Delivery] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    postponed: list[tuple[str, datetime, str | None]] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)
    refusals: list[tuple[str, int | None]] = field(default_factory=list)
    kept: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    redrawn: dict[str, datetime] = field(default_factory=dict)
    marking: Callable[[str], Any] | None = None

    async def claim(self) -> tuple[Delivery, ...]:
        claimed, self.waiting = tuple(self.waiting), []
        return claimed

    async def keep(self, delivery: Delivery) -> None:
        self.kept.put_nowait(delivery.key)

    async def refused(self, delivery: Delivery, code: int | None) -> None:
        self.refusals.append((delivery.key, code))

    async def sent(
        self, delivery: Delivery, message_id: int, *, redraw_at: datetime | None = None
    ) -> None:
        if redraw_at is not None:
            self.redrawn[delivery.key] = redraw_at
        if self.marking is not None:
            await self.marking(delivery.key)
        self.done[delivery.key] = message_id

    async def give_back(self, delivery: Delivery) -> None:
        self.given_back.append(delivery.key)

    async def postpone(
        self, delivery: Delivery, until: datetime, trouble: DeliveryTrouble | None
    ) -> None:
        self.postponed.append((delivery.key, until, trouble))


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox()


@pytest.fixture
async def announcer(client: LikecordClient, outbox: FakeOutbox) -> AsyncIterator[Announcer]:
    made = Announcer(client, outbox, client.limits)
    yield made
    await made.close()


def to(channel: str, key: str = "lc-1", *, tried: timedelta | None = None) -> Delivery:
    return samples.delivery(
        key=key,
        channel_id=int(channel),
        first_tried_at=None if tried is None else datetime.now(UTC) - tried,
    )


async def test_a_delivery_becomes_a_message(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    outbox.waiting = [to(LIKES, "lc-1"), to(GENERAL, "lc-2")]
    assert await announcer.run_once() == 2
    (message,) = await discord_server.read(LIKES)
    assert outbox.done["lc-1"] == int(message["id"])
    assert "[Ada](https://x.com/user1)" in json.dumps(message["components"])
    assert "likers:1354143047324299264::lc-1" in json.dumps(message["components"])
    assert len(await discord_server.read(GENERAL)) == 1
    assert await announcer.run_once() == 0


@contextmanager
def losing_the_answer(client: LikecordClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Discord have every message, and the bot never hear of it."""
    send = client.http.send_message

    async def lose_it(*args: Any, **kwargs: Any) -> None:
        await send(*args, **kwargs)
        raise aiohttp.ServerDisconnectedError

    with monkeypatch.context() as patch:
        patch.setattr(client.http, "send_message", lose_it)
        yield


async def test_a_lost_answer_makes_no_second_message(
    discord_server: Server,
    client: LikecordClient,
    announcer: Announcer,
    outbox: FakeOutbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with losing_the_answer(client, monkeypatch):
        outbox.waiting = [to(LIKES)]
        assert await announcer.run_once() == 0
    ((key, _, trouble),) = outbox.postponed
    assert (key, trouble) == ("lc-1", None)

    outbox.waiting = [to(LIKES, tried=timedelta(seconds=2))]
    assert await announcer.run_once() == 1
    (message,) = await discord_server.read(LIKES)
    assert outbox.done == {"lc-1": int(message["id"])}


@pytest.mark.parametrize("answer", ["", None, [], {}, "<html>"])
async def test_an_answer_with_nothing_in_it_is_no_refusal(
    discord_server: Server,
    announcer: Announcer,
    outbox: FakeOutbox,
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
) -> None:
    async def nothing(*_: Any, **__: Any) -> Any:
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(discord.http, "json_or_text", nothing)
        outbox.waiting = [to(LIKES)]
        assert await announcer.run_once() == 0
    assert outbox.refusals == []
    assert [key for key, _, _ in outbox.postponed] == ["lc-1"]
    outbox.waiting = [to(LIKES, tried=timedelta(seconds=2))]
    assert await announcer.run_once() == 1
    assert len(await discord_server.read(LIKES)) == 1


async def test_a_mark_that_failed_makes_no_second_message(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    async def fail(_: str) -> None:
        raise RuntimeError("the database is away")

    outbox.marking = fail
    outbox.waiting = [to(LIKES)]
    assert await announcer.run_once() == 0
    outbox.marking = None
    outbox.waiting = [to(LIKES, tried=timedelta(seconds=2))]
    assert await announcer.run_once() == 1
    assert len(await discord_server.read(LIKES)) == 1


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": True}])
async def test_a_passing_failure_is_tried_again_soon(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox, fault: dict[str, Any]
) -> None:
    await discord_server.control(
        "POST", "/faults", {"match": "POST /channels/:id/messages", **fault}
    )
    outbox.waiting = [to(LIKES)]
    before = datetime.now(UTC)
    assert await announcer.run_once() == 0
    ((_, until, trouble),) = outbox.postponed
    assert trouble is None
    assert until - before < timedelta(minutes=1)
    outbox.waiting = [to(LIKES, tried=timedelta(seconds=2))]
    assert await announcer.run_once() == 1


@pytest.mark.usefixtures("asked_again_at_once")
async def test_an_error_500_is_outlasted(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    await discord_server.control(
        "POST", "/faults", {"match": "POST /channels/:id/messages", "status": 500}
    )
    outbox.waiting = [to(LIKES)]
    await announcer.run_once()
    await announcer.close(grace_s=10)
    assert list(outbox.done) == ["lc-1"]
    assert len(await discord_server.read(LIKES)) == 1


async def test_a_channel_closed_to_us_holds_up_no_other(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    outbox.waiting = [to(STAFF, "lc-1"), to(LIKES, "lc-2")]
    assert await announcer.run_once() == 1
    ((key, until, trouble),) = outbox.postponed
    assert key == "lc-1"
    assert trouble is DeliveryTrouble.CANNOT_SEND
    assert until - datetime.now(UTC) > timedelta(seconds=50)
    assert len(await discord_server.read(LIKES)) == 1


async def test_a_channel_out_of_sight_is_named(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    await discord_server.control("PATCH", f"/channels/{LIKES}", {"deny": ["VIEW_CHANNEL"]})
    outbox.waiting = [to(LIKES)]
    assert await announcer.run_once() == 0
    ((_, _, trouble),) = outbox.postponed
    assert trouble is DeliveryTrouble.CANNOT_VIEW


async def test_a_channel_that_is_gone(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    await discord_server.control("DELETE", f"/channels/{LIKES}")
    outbox.waiting = [to(LIKES)]
    assert await announcer.run_once() == 0
    ((_, _, trouble),) = outbox.postponed
    assert trouble is DeliveryTrouble.CHANNEL_DELETED


async def test_what_an_old_try_sent_is_found_in_the_history(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    outbox.waiting = [to(LIKES, "lc-1")]
    await announcer.run_once()
    outbox.waiting = [to(LIKES, "lc-2")]
    await announcer.run_once()
    first, second = await discord_server.read(LIKES)
    outbox.done.clear()
    await _let_discord_forget_nonces(discord_server)

    outbox.waiting = [to(LIKES, "lc-1", tried=timedelta(minutes=3))]
    assert await announcer.run_once() == 1
    assert outbox.done == {"lc-1": int(first["id"])}
    assert [message["id"] for message in await discord_server.read(LIKES)] == [
        first["id"],
        second["id"],
    ]


async def test_what_an_old_try_did_not_send_is_sent(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    outbox.waiting = [to(LIKES, "c-1")]
    await announcer.run_once()
    # This key ends as the other does, but is not it.
    outbox.waiting = [to(LIKES, "1", tried=timedelta(minutes=3))]
    assert await announcer.run_once() == 1
    assert len(await discord_server.read(LIKES)) == 2


async def test_a_stalled_delivery_holds_up_no_other_run(
    client: LikecordClient, outbox: FakeOutbox
) -> None:
    freed = asyncio.Event()

    async def stall(key: str) -> None:
        if key == "lc-1":
            await freed.wait()

    outbox.marking = stall
    announcer = Announcer(client, outbox, client.limits, timeout_s=1)
    outbox.waiting = [to(LIKES, "lc-1"), to(GENERAL, "lc-2")]
    assert await announcer.run_once() == 1
    assert list(outbox.done) == ["lc-2"]
    # Its claim may run out meanwhile: it is not begun a second time.
    outbox.waiting = [to(LIKES, "lc-1")]
    assert await announcer.run_once() == 0
    freed.set()
    await announcer.close()
    assert list(outbox.done) == ["lc-2", "lc-1"]


async def test_a_stop_between_send_and_mark_makes_no_second_message(
    discord_server: Server, client: LikecordClient, outbox: FakeOutbox
) -> None:
    marking = asyncio.Event()

    async def stall(_: str) -> None:
        marking.set()
        await asyncio.Event().wait()

    outbox.marking = stall
    stopped = Announcer(client, outbox, client.limits)
    outbox.waiting = [to(LIKES)]
    run = asyncio.create_task(stopped.run_once())
    await marking.wait()
    run.cancel()
    await stopped.close(grace_s=0)
    assert outbox.done == {}
    assert outbox.postponed == []

    outbox.marking = None
    await _let_discord_forget_nonces(discord_server)
    outbox.waiting = [to(LIKES, tried=timedelta(hours=1))]
    assert await Announcer(client, outbox, client.limits).run_once() == 1
    assert len(await discord_server.read(LIKES)) == 1


async def test_a_stop_while_sending_gives_the_claim_back(
    client: LikecordClient, outbox: FakeOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = asyncio.Event()

    async def stall(*_: Any, **__: Any) -> None:
        sending.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(client.http, "send_message", stall)
    stopped = Announcer(client, outbox, client.limits)
    outbox.waiting = [to(LIKES)]
    run = asyncio.create_task(stopped.run_once())
    await sending.wait()
    run.cancel()
    await stopped.close(grace_s=0)
    assert outbox.given_back == ["lc-1"]


async def test_what_is_not_foreseen_is_logged_and_sent_plainer(
    announcer: Announcer, outbox: FakeOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    crowd = tuple(samples.announcement(post=samples.post(number)) for number in range(1, 10))
    impossible = replace(to(LIKES, "lc-1"), announcements=crowd)
    outbox.waiting = [impossible, to(GENERAL, "lc-2")]
    assert await announcer.run_once() == 1
    assert outbox.postponed == []
    assert outbox.refusals == [("lc-1", None)]
    assert "does not fit into one message" in caplog.text


async def test_an_outbox_that_fails_stops_nothing(
    announcer: Announcer, outbox: FakeOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("the database is away")

    outbox.postpone = fail  # type: ignore[method-assign]
    outbox.waiting = [to(STAFF, "lc-1"), to(LIKES, "lc-2")]
    assert await announcer.run_once() == 1
    assert "could not postpone delivery lc-1" in caplog.text


async def _let_discord_forget_nonces(server: Server) -> None:
    await server.control("POST", "/clock", {"advance_s": 600})


NO_PICTURE_THERE = replace(samples.user(), profile_image_url="https:///x.png")


async def test_a_picture_that_discord_refuses_is_left_out(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    whole = replace(to(LIKES), announcements=(samples.announcement((NO_PICTURE_THERE,)),))
    outbox.waiting = [whole]
    assert await announcer.run_once() == 0
    assert outbox.refusals == [("lc-1", 50035)]
    assert outbox.postponed == []
    outbox.waiting = [replace(whole, form=MessageForm.WITHOUT_PICTURE)]
    assert await announcer.run_once() == 1
    assert len(await discord_server.read(LIKES)) == 1


async def test_what_is_refused_now_and_was_sent_before_is_found(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    """Its answer was lost, and the word in it was blocked since."""
    outbox.waiting = [to(LIKES)]
    await announcer.run_once()
    (first,) = await discord_server.read(LIKES)
    outbox.done.clear()
    await _let_discord_forget_nonces(discord_server)
    await discord_server.control("POST", "/filters", {"words": ["Ada"]})
    outbox.waiting = [to(LIKES, tried=timedelta(seconds=30))]
    assert await announcer.run_once() == 1
    assert outbox.done == {"lc-1": int(first["id"])}
    assert outbox.refusals == []


async def test_a_refusal_that_cannot_be_looked_into_is_tried_again(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    await discord_server.control("POST", "/filters", {"words": ["Ada"]})
    fault = {"match": "GET /channels/:id/messages", "status": 503}
    await discord_server.control("POST", "/faults", fault)
    outbox.waiting = [to(LIKES, tried=timedelta(seconds=30))]
    assert await announcer.run_once() == 0
    assert outbox.refusals == []
    ((_, _, trouble),) = outbox.postponed
    assert trouble is None
