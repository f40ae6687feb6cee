"""Charts of cards and digests: attached, replaced, and never in the way of an announcement."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.charts.sparkline import sparklines
from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.chat.delivery.message_charts import DRAWN_AGAIN_AFTER, MessageCharts
from bot.domain import AnnouncementType, Delivery
from bot.domain.announcements import MAX_ANNOUNCEMENTS, MAX_IN_DIGEST, MessageForm
from bot.domain.insight import ChartRow
from bot.domain.styles import WatchStyle
from tests.chat import samples
from tests.chat.delivery.test_announcer import FakeOutbox, losing_the_answer
from tests.sandbox.discord.server import GENERAL, LIKES, Server

START = datetime(2026, 8, 20, 12, tzinfo=UTC)
FROM_1_TO_4 = "Chart of likes: from 1 to 4 likes."
BARS = "▁▃█"
SEND = "POST /channels/:id/messages"
HOUR = timedelta(hours=1)


class Clock:
    """Counts what is drawn, too."""

    def __init__(self) -> None:
        self.now = START
        self.drawn: list[Sequence[ChartRow]] = []

    def __call__(self) -> datetime:
        return self.now

    def draw(self, rows: Sequence[ChartRow]) -> bytes:
        self.drawn.append(rows)
        return sparklines(rows)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox()


@pytest.fixture
def charts(clock: Clock) -> Iterator[MessageCharts]:
    made = MessageCharts(clock.draw, now=clock)
    yield made
    made.close()


@pytest.fixture
async def announcer(
    client: LikecordClient, outbox: FakeOutbox, charts: MessageCharts
) -> AsyncIterator[Announcer]:
    made = Announcer(client, outbox, client.limits, charts=charts)
    yield made
    await made.close()


def card(*course: int, card_id: int | None = None, key: str = "lc-1") -> Delivery:
    told = replace(
        samples.announcement((samples.user(1),)),
        style=WatchStyle.CARD,
        course=course or (1, 2, 4),
        since=START - HOUR,
        until=START,
    )
    delivery = samples.delivery(told, key=key, channel_id=int(LIKES))
    return replace(delivery, style=WatchStyle.CARD, card_id=card_id)


def digest(posts: int) -> Delivery:
    told = [
        replace(
            samples.announcement(
                (samples.user(1),), post=samples.post(number, text=f"No. {number}")
            ),
            id=number,
            style=WatchStyle.DIGEST,
            course=(number, number + 5),
            since=START - number * HOUR,
            until=START,
        )
        for number in range(1, posts + 1)
    ]
    made = samples.delivery(*told, channel_id=int(LIKES))
    return replace(made, style=WatchStyle.DIGEST)


async def told(announcer: Announcer, outbox: FakeOutbox, *deliveries: Delivery) -> int:
    outbox.waiting = list(deliveries)
    return await announcer.run_once()


def pictures(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the galleries of a message show."""
    tops = message["components"]
    inner = [each for top in tops for each in [top, *top.get("components", [])]]
    return [item for each in inner if each["type"] == 12 for item in each["items"]]


async def contents(server: Server, picture: dict[str, Any]) -> bytes:
    """Return a picture's bytes; none when it is not there any more."""
    async with server.session.get(picture["media"]["url"]) as response:
        return await response.read() if response.ok else b""


async def test_a_card_has_its_chart_which_an_edit_replaces(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox, clock: Clock
) -> None:
    assert await told(announcer, outbox, card()) == 1
    (message,) = await discord_server.read(LIKES)
    (first,) = pictures(message)
    assert first["description"] == FROM_1_TO_4
    assert (first["media"]["width"], first["media"]["height"]) == (600, 160)
    assert len(await contents(discord_server, first)) < 60_000
    assert "-# +3 since <t:" in str(message["components"])
    assert BARS not in str(message["components"])

    clock.now += DRAWN_AGAIN_AFTER
    assert await told(announcer, outbox, card(1, 2, 9, card_id=int(message["id"]))) == 1
    (message,) = await discord_server.read(LIKES)
    (second,) = pictures(message)
    assert second["description"] == "Chart of likes: from 1 to 9 likes."
    assert await contents(discord_server, second) != b""
    assert await contents(discord_server, first) == b"", "another has taken its place"
    assert outbox.redrawn == {}


async def test_within_a_minute_it_shows_what_it_did_and_is_to_be_drawn_anew(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox, clock: Clock
) -> None:
    await told(announcer, outbox, card())
    card_id = outbox.done["lc-1"]
    clock.now += DRAWN_AGAIN_AFTER / 2
    await told(announcer, outbox, card(card_id=card_id))
    assert outbox.redrawn == {}, "it shows all there is"
    for last in (8, 9):
        await told(announcer, outbox, card(1, last, card_id=card_id))
    assert outbox.redrawn == {"lc-1": START + DRAWN_AGAIN_AFTER}
    assert len(clock.drawn) == 1
    (message,) = await discord_server.read(LIKES)
    (shown,) = pictures(message)
    assert shown["description"] == FROM_1_TO_4, "its words are those of what it shows"


async def test_a_digest_of_several_posts_has_one_chart_over_the_same_time(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox, clock: Clock
) -> None:
    assert await told(announcer, outbox, digest(MAX_IN_DIGEST)) == 1
    (message,) = await discord_server.read(LIKES)
    (shown,) = pictures(message)
    assert (
        "@TwitterDev: No. 1: from 1 to 6 likes; @TwitterDev: No. 2: from 2"
        in (shown["description"])
    )
    (rows,) = clock.drawn
    assert [row.points[1][0] for row in rows] == [0.75, 0.5, 0.25, 0.0]
    assert {row.points[-1][0] for row in rows} == {1.0}
    assert len(await contents(discord_server, shown)) < 60_000


async def test_what_has_no_room_and_no_course_has_no_chart(charts: MessageCharts) -> None:
    assert await charts.of(digest(MAX_ANNOUNCEMENTS)) is None
    for none in (card(4), card(4, 4), card(4, 3)):
        assert await charts.of(none) is None
    assert await charts.of(replace(card(), form=MessageForm.WITHOUT_PICTURE)) is None
    assert await charts.of(replace(card(), style=WatchStyle.FEED)) is None
    (liked,) = card().announcements
    for other in (replace(liked, type=AnnouncementType.LEFT), replace(liked, post_gone=True)):
        assert await charts.of(replace(card(), announcements=(other,))) is None


# What may go wrong


def _fails(_: Sequence[ChartRow]) -> bytes:
    raise MemoryError


async def test_what_cannot_be_drawn_is_told_in_letters(
    discord_server: Server,
    client: LikecordClient,
    outbox: FakeOutbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    announcer = Announcer(client, outbox, client.limits, charts=MessageCharts(_fails))
    assert await told(announcer, outbox, card()) == 1
    (message,) = await discord_server.read(LIKES)
    assert pictures(message) == []
    assert BARS in str(message["components"])
    assert "without its chart" in caplog.text


async def test_nobody_waits_for_what_takes_too_long(
    discord_server: Server, client: LikecordClient, outbox: FakeOutbox
) -> None:
    """Two that hang are waited for, each for a moment; after them nobody waits any more."""
    go_on = threading.Event()

    def hang(_: Sequence[ChartRow]) -> bytes:
        go_on.wait()
        return b""

    charts = MessageCharts(hang, patience_s=0.05)
    announcer = Announcer(client, outbox, client.limits, charts=charts)
    try:
        hung = [card(key="lc-1"), replace(card(key="lc-2"), channel_id=int(GENERAL))]
        assert await told(announcer, outbox, *hung) == 2
        charts._patience_s = 60.0
        assert await told(announcer, outbox, card(key="lc-3")) == 1
    finally:
        go_on.set()
        charts.close()
    for message in [*await discord_server.read(LIKES), *await discord_server.read(GENERAL)]:
        assert BARS in str(message["components"])


async def test_a_thread_that_went_on_draws_again(clock: Clock) -> None:
    go_on = threading.Event()

    def hang_once(rows: Sequence[ChartRow]) -> bytes:
        go_on.wait()
        return clock.draw(rows)

    charts = MessageCharts(hang_once, patience_s=0.01)
    for key in ("lc-1", "lc-2"):
        assert await charts.of(card(key=key)) is None
    assert await charts.of(card(key="lc-3")) is None
    go_on.set()
    both = threading.Barrier(2)
    threads = (asyncio.wrap_future(charts._threads.submit(both.wait)) for _ in range(2))
    await asyncio.gather(*threads)
    charts._patience_s = 60.0
    assert await charts.of(card(key="lc-3")) is not None
    charts.close()


async def test_where_no_file_may_be_attached_it_is_told_in_letters_at_once(
    discord_server: Server,
    client: LikecordClient,
    announcer: Announcer,
    outbox: FakeOutbox,
    clock: Clock,
) -> None:
    known = asyncio.ensure_future(client.wait_for("guild_channel_update"))
    await asyncio.sleep(0)
    await discord_server.control("PATCH", f"/channels/{LIKES}", {"deny": ["ATTACH_FILES"]})
    await known
    assert await told(announcer, outbox, card()) == 1
    (message,) = await discord_server.read(LIKES)
    assert BARS in str(message["components"])
    assert clock.drawn == []


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (413, 40005)])
@pytest.mark.parametrize("card_is_there", [False, True])
async def test_where_discord_takes_no_file_it_goes_without(
    discord_server: Server,
    announcer: Announcer,
    outbox: FakeOutbox,
    status: int,
    code: int,
    *,
    card_is_there: bool,
) -> None:
    card_id = None
    if card_is_there:
        await told(announcer, outbox, card(4))
        card_id = outbox.done["lc-1"]
    match = "PATCH /channels/:id/messages/:id" if card_is_there else SEND
    fault = {"match": match, "times": 1, "status": status, "body": {"code": code}}
    await discord_server.control("POST", "/faults", fault)
    assert await told(announcer, outbox, card(card_id=card_id)) == 1
    (message,) = await discord_server.read(LIKES)
    assert pictures(message) == message["attachments"] == []
    assert BARS in str(message["components"])
    assert outbox.postponed == outbox.refusals == []


async def test_a_refused_message_is_sent_plainer_by_the_outbox(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    fault = {"match": SEND, "times": 1, "status": 400, "body": {"code": 50035}}
    await discord_server.control("POST", "/faults", fault)
    assert await told(announcer, outbox, card()) == 0
    assert outbox.refusals == [("lc-1", 50035)]
    plainer = replace(card(), form=MessageForm.WITHOUT_PICTURE)
    assert await told(announcer, outbox, plainer) == 1
    (message,) = await discord_server.read(LIKES)
    assert pictures(message) == message["attachments"] == []


async def test_a_lost_answer_makes_no_second_message_with_a_chart_either(
    discord_server: Server,
    client: LikecordClient,
    announcer: Announcer,
    outbox: FakeOutbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with losing_the_answer(client, monkeypatch):
        assert await told(announcer, outbox, card()) == 0
    again = replace(card(), first_tried_at=datetime.now(UTC) - timedelta(seconds=2))
    assert await told(announcer, outbox, again) == 1
    (message,) = await discord_server.read(LIKES)
    assert len(pictures(message)) == 1
    assert outbox.done == {"lc-1": int(message["id"])}


async def test_nothing_is_kept_of_charts_that_are_not_shown_again(clock: Clock) -> None:
    charts = MessageCharts(lambda _: b"picture", now=clock)
    for number in range(100):
        await charts.of(card(key=f"lc-{number}"))
    for moves in (DRAWN_AGAIN_AFTER, -timedelta(hours=1)):
        clock.now += moves
        await charts.of(card(key="lc-1"))
        assert list(charts._drawn) == ["lc-1"]
    charts.close()
