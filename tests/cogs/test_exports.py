"""Exports and X's answers as files, from a member's key press to what they can download."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.domain import Hidden, LikedPage, LikersPage, PostsPage, UsersPage
from bot.domain.errors import PostNotFound, UsageCapped
from bot.domain.files import NamedFile
from bot.services.export.progress import Course
from bot.services.export.table import TableFormat
from bot.services.export.values import Exported, ExportPlan, ExportRequest, Kind
from bot.x.asking.recording import record
from sandbox.discord import seed
from tests import actors
from tests.chat import samples
from tests.chat.connected import Script
from tests.cogs.test_round_trips import POST, is_private, told
from tests.patience import GUARD_S
from tests.sandbox.discord.server import ADA, GENERAL, GRACE, LINUS, Server

GUILD = seed.GUILD_ID
POST_ID = 1354143047324299264
REQUEST = ExportRequest(actors.ADA, Kind.LIKERS, POST, TableFormat.CSV)
PLAN = ExportPlan(REQUEST, samples.post(), expected=80, most_usd=Decimal("0.80"))
FILE = NamedFile("likers-of-1.csv", b"post_id,user_id\n1,2\n")
DEAR = replace(PLAN, most_usd=Decimal(33), expected=3_000)


@dataclass
class Reading:
    """A scripted export that goes on when the test says so."""

    script: Script
    courses: "asyncio.Queue[Course]" = field(default_factory=asyncio.Queue)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    outcome: Any = None

    async def run(self, plan: ExportPlan, course: Course) -> Exported:
        await self.courses.put(course)
        stopped = asyncio.create_task(course._stop.wait())
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({stopped, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            over.cancel()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Exported(plan, FILE, course.progress.rows, course.why_stopped)

    def end(self, outcome: Exception | None = None) -> None:
        self.outcome = outcome
        self._over.set()


@pytest.fixture
def reading(script: Script) -> Reading:
    reading = Reading(script)
    script.answers["exports.plan"] = PLAN
    script.answers["exports.run"] = reading.run
    return reading


@pytest.fixture(autouse=True)
async def _quick(client: LikecordClient) -> None:
    """Show progress at once, to members who have agreed to X's terms before."""
    client.exporter._agreed |= {int(ADA), int(GRACE), int(LINUS)}
    client.exporter._every_s = 0.01


async def _shown(server: Server, text: str, user_id: str = ADA) -> dict[str, Any]:
    """Wait until a member sees this."""
    async with asyncio.timeout(GUARD_S), server.sandbox.events.listen() as news:
        while True:
            for message in await server.read(as_user=user_id):
                if text in json.dumps(message, ensure_ascii=False):
                    return dict(message)
            await anext(news)


async def _press(server: Server, message: dict[str, Any], custom_id: str, **more: Any) -> Any:
    assert custom_id in json.dumps(message)
    component = {"message_id": message["id"], "custom_id": custom_id}
    return await server.interact(component=component, channel_id=GENERAL, **more)


def _stop_button(client: LikecordClient) -> str:
    (key,) = client.exporter._jobs
    return f"export-stop:{key}"


async def _download(server: Server, message: dict[str, Any]) -> dict[str, bytes]:
    files = {}
    for component in message["components"]:
        if component["type"] == 13:
            url = component["file"]["url"]
            async with server.session.get(url) as response:
                files[url.rpartition("/")[2]] = await response.read()
    return files


async def test_an_export_shows_its_cost_then_how_far_it_is_then_the_file(
    discord_server: Server, reading: Reading, script: Script
) -> None:
    begun = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    assert "At most 80 people, which cost at most $0.80 at X's prices." in told(begun)
    assert is_private(begun)
    course = await reading.courses.get()

    course.tell(40)
    progress = await _shown(discord_server, "40 of 80 people")
    course.progress = replace(course.progress, waits_until=samples.NOW)
    await _shown(discord_server, f"I go on <t:{int(samples.NOW.timestamp())}:R>")
    course.tell(80)
    reading.end()
    done = await _shown(discord_server, "Exported: who likes")

    assert f"`{'█' * 10}{'░' * 10}`" in json.dumps(progress, ensure_ascii=False)
    assert progress["id"] == done["id"] == begun["messages"][0]["id"]
    assert "80 people." in json.dumps(done)
    assert "export-stop" not in json.dumps(done)
    assert await _download(discord_server, done) == {FILE.name: FILE.contents}
    assert script.calls[0] == ("exports.plan", REQUEST)
    assert all("Export" not in json.dumps(one) for one in await discord_server.read(as_user=LINUS))


async def test_progress_is_shown_now_and_then_only(
    discord_server: Server, client: LikecordClient, reading: Reading
) -> None:
    client.exporter._every_s = 60
    await discord_server.ask("likers", {"post": POST, "export": "csv"})
    course = await reading.courses.get()
    edits = len([one for one in discord_server.exchanges if one.method == "PATCH"])

    for rows in range(50):
        course.tell(rows)
        await asyncio.sleep(0)
    reading.end()
    await _shown(discord_server, "Exported: who likes")

    assert len([one for one in discord_server.exchanges if one.method == "PATCH"]) == edits + 1


async def test_cancelling_hands_over_what_was_read(
    discord_server: Server, client: LikecordClient, reading: Reading
) -> None:
    begun = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    (await reading.courses.get()).tell(40)

    pressed = await _press(discord_server, begun["messages"][0], _stop_button(client))
    done = await _shown(discord_server, "It was cancelled.")

    assert pressed["acked_ms"] is not None
    assert "40 people." in json.dumps(done)
    assert FILE.name in await _download(discord_server, done)


async def test_cancelling_before_anything_was_read_leaves_no_file(
    discord_server: Server, client: LikecordClient, reading: Reading
) -> None:
    begun = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    await reading.courses.get()

    await _press(discord_server, begun["messages"][0], _stop_button(client))
    done = await _shown(discord_server, "It was cancelled.")

    assert await _download(discord_server, done) == {}


async def test_a_failure_takes_the_place_of_the_progress(
    discord_server: Server, reading: Reading
) -> None:
    begun = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    await reading.courses.get()

    reading.end(UsageCapped())
    failed = await _shown(discord_server, "prepaid credit")

    assert failed["id"] == begun["messages"][0]["id"]
    assert "export-stop" not in json.dumps(failed)


async def test_what_cannot_be_planned_is_told(discord_server: Server, script: Script) -> None:
    script.answers["exports.plan"] = PostNotFound()

    result = await discord_server.ask("likers", {"post": POST, "export": "json"})

    assert "X has no such post" in told(result)
    assert is_private(result)


async def test_a_dear_export_is_asked_about_first(
    discord_server: Server, reading: Reading, script: Script
) -> None:
    script.answers["exports.plan"] = replace(
        DEAR, left_usd=Decimal(2), posts_left=10, request=replace(REQUEST, subject=POST)
    )

    asked = await discord_server.ask("likers", {"post": POST, "export": "csv"})

    assert "At most 3,000 people, which cost at most $33.00" in told(asked)
    assert "The budget for it has $2.00 left" in told(asked)
    assert "X's monthly cap has 10 posts left" in told(asked)
    assert [name for name, *_ in script.calls] == ["exports.plan"]

    sure = f"export:likers:{POST_ID}:csv:sure"
    await _press(discord_server, asked["messages"][0], sure)
    await reading.courses.get()
    reading.end()
    done = await _shown(discord_server, "Exported: who likes")

    assert done["id"] == asked["messages"][0]["id"]
    assert script.calls[1] == ("exports.plan", replace(REQUEST, subject=str(POST_ID)))


async def test_a_member_has_one_export_at_a_time(
    discord_server: Server, client: LikecordClient, reading: Reading
) -> None:
    await discord_server.ask("likers", {"post": POST, "export": "csv"})
    await reading.courses.get()

    again = await discord_server.ask("liked", {"user": "TwitterDev", "export": "json"})
    other = await discord_server.ask("likers", {"post": POST, "export": "csv"}, user_id=GRACE)

    assert "An export of yours is still running" in told(again)
    assert "Exporting" in told(other)
    await reading.courses.get()
    reading.end()
    await _shown(discord_server, "Exported: who likes", GRACE)
    await _shown(discord_server, "Exported: who likes")
    await asyncio.wait_for(client.exporter.close(), 5)
    assert client.exporter._jobs == {}


async def test_an_export_of_an_earlier_process_is_over(
    discord_server: Server, client: LikecordClient, reading: Reading
) -> None:
    begun = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    await reading.courses.get()
    stop = _stop_button(client)
    jobs, client.exporter._jobs = client.exporter._jobs, {}

    pressed = await _press(discord_server, begun["messages"][0], stop)

    assert "no longer running" in told(pressed)
    client.exporter._jobs = jobs
    reading.end()
    await _shown(discord_server, "Exported: who likes")


async def test_cancelling_is_answered_though_x_is_slow(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(plan: ExportPlan, course: Course) -> Exported:
        asked.set()
        await answered.wait()
        return Exported(plan, FILE, 1, course.why_stopped)

    script.answers.update({"exports.plan": PLAN, "exports.run": slow})
    begun = await discord_server.ask("likers", {"post": POST, "export": "csv"})
    await asked.wait()

    pressed = await _press(discord_server, begun["messages"][0], _stop_button(client))
    answered.set()
    await _shown(discord_server, "It was cancelled.")

    assert "Cancelling" in told(pressed)


async def test_a_stop_of_the_bot_hands_over_what_was_read(
    discord_server: Server, client: LikecordClient, reading: Reading
) -> None:
    await discord_server.ask("likers", {"post": POST, "export": "csv"})
    (await reading.courses.get()).tell(40)

    await client.exporter.close()

    done = await _shown(discord_server, "I am being stopped")
    assert FILE.name in await _download(discord_server, done)


async def test_a_stop_of_the_bot_does_not_wait_for_what_hangs(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def hang(*_: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    script.answers.update({"exports.plan": PLAN, "exports.run": hang})
    await discord_server.ask("likers", {"post": POST, "export": "csv"})
    await begun.wait()

    await client.exporter.close(grace_s=0)

    assert cancelled.is_set()
    assert client.exporter._jobs == {}


async def test_pages_offer_exports(
    discord_server: Server, reading: Reading, script: Script
) -> None:
    script.answers["lookup.likers"] = LikersPage(samples.post(), UsersPage((samples.user(),)))
    script.answers["lookup.liked"] = LikedPage(samples.user(), PostsPage((samples.post(),)))
    likers = (await discord_server.ask("likers", {"post": POST}))["messages"][0]
    liked = (await discord_server.ask("liked", {"user": "user1"}))["messages"][0]
    reading.end()

    first = await _press(discord_server, likers, f"export:likers:{POST_ID}:json", user_id=LINUS)
    await _shown(discord_server, "Exported: who likes", LINUS)
    second = await _press(discord_server, liked, "export:liked:user1:csv", user_id=GRACE)
    await _shown(discord_server, "Exported: who likes", GRACE)

    assert is_private(first)
    assert is_private(second)
    assert [call[1] for call in script.calls if call[0] == "exports.plan"] == [
        ExportRequest(actors.LINUS, Kind.LIKERS, str(POST_ID), TableFormat.JSON),
        ExportRequest(actors.GRACE, Kind.LIKED, "user1", TableFormat.CSV),
    ]


async def test_hidden_likers_offer_no_export(discord_server: Server, script: Script) -> None:
    script.answers["lookup.likers"] = LikersPage(samples.post(), UsersPage(()), Hidden.PRIVATE)
    assert "export:" not in told(await discord_server.ask("likers", {"post": POST}))


@pytest.mark.parametrize(
    ("command", "options", "answer"),
    [
        ("post", {"post": POST}, samples.post()),
        ("likers", {"post": POST}, LikersPage(samples.post(), UsersPage((samples.user(),)))),
        ("liked", {"user": "a"}, LikedPage(samples.user(), PostsPage((samples.post(),)))),
    ],
)
async def test_fields_attaches_xs_answers_as_they_came(
    discord_server: Server, script: Script, command: str, options: dict[str, Any], answer: object
) -> None:
    raw = b'{ "data": {"id":"1"} }'

    async def answered(*_: object) -> object:
        record("/2/tweets", raw)
        record("/2/tweets/1/liking_users", b"{}")
        return answer

    script.answers[f"lookup.{command}"] = answered

    plain = await discord_server.ask(command, options)
    with_fields = await discord_server.ask(command, {**options, "fields": True})

    assert await _download(discord_server, plain["messages"][0]) == {}
    assert await _download(discord_server, with_fields["messages"][0]) == {
        "1-tweets.json": raw,
        "2-tweets-1-liking_users.json": b"{}",
    }


async def test_a_turned_page_has_no_answers_of_the_page_before(
    discord_server: Server, script: Script
) -> None:
    async def answered(*_: object) -> LikersPage:
        record("/2/tweets", b"{}")
        return LikersPage(samples.post(), UsersPage((samples.user(),), next_token="more"))

    script.answers["lookup.likers"] = answered
    shown = await discord_server.ask("likers", {"post": POST, "fields": True})

    await _press(discord_server, shown["messages"][0], f"likers:{POST_ID}:more::1")

    (message,) = await discord_server.read()
    assert message["attachments"] == []
    assert await _download(discord_server, message) == {}


async def test_an_export_ends_in_time_for_its_last_message(
    discord_server: Server, reading: Reading
) -> None:
    await discord_server.ask("likers", {"post": POST, "export": "csv"})
    course = await reading.courses.get()
    left = course.until - course._now()
    assert timedelta(minutes=13) < left < timedelta(minutes=15)
    reading.end()
    await _shown(discord_server, "Exported: who likes")
