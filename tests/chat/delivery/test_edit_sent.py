"""What a message said is taken back, by itself and for good, whatever happens in between."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from unittest.mock import ANY

import pytest
from sqlmodel import select

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.chat.delivery.edit_sent import MessageEditor
from bot.chat.delivery.message_charts import MessageCharts
from bot.domain.retention import NOT_SHOWN_KEPT
from bot.watching.message_edits import MessageEditQueue
from bot.watching.outbox import Outbox
from bot.watching.retention import Retention
from sandbox.discord.rate_limits import LIMITS, READ
from storage.database import Database
from storage.likes import Likes, NewLike
from storage.message_edits import MessageEdits
from storage.models import (
    Announcement,
    AnnouncementStyle,
    EditReason,
    MessageEdit,
    Post,
    PostState,
)
from tests.sandbox.discord.server import LIKES, Server
from tests.storage.rows import (
    NOW,
    POST,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_users,
    store_watch,
)

OTHER_POST, TEXT, OTHER_TEXT = POST + 1, "what goes", "what stays"
HOUR = timedelta(hours=1)


class Scene:
    """A message that tells of two posts; the first of them is not shown any more."""

    def __init__(self, client: LikecordClient, database: Database) -> None:
        self.database, self.time = database, NOW
        self.outbox = Outbox(database, lambda: self.time)
        self.announcer = Announcer(client, self.outbox, client.limits, now=lambda: self.time)
        self.queue = MessageEditQueue(database, lambda: self.time)
        self.editor = MessageEditor(client, self.queue, client.limits)

    async def open(self) -> "Scene":
        await store_users(self.database, 1, 2, 3)
        await store_post(self.database, POST, author_id=3, text=TEXT)
        await store_post(self.database, OTHER_POST, author_id=3, text=OTHER_TEXT)
        rows = []
        for post, liker in ((POST, 1), (OTHER_POST, 2)):
            watch = a_watch(post_id=post, channel_id=int(LIKES))
            row = an_announcement(
                await store_watch(self.database, watch), channel_id=int(LIKES), likers=[liker]
            )
            row.post_id = post
            rows.append(row)
            async with self.database.transaction() as session:
                await Likes(session).add(post, [NewLike(liker, 1)], NOW)
        await store_announcements(self.database, *rows)
        assert await self.announcer.run_once() == 1
        async with self.database.transaction() as session:
            post_row = await session.get(Post, POST)
            assert post_row is not None
            post_row.state, post_row.missing_since = PostState.DELETED, NOW
        self.time += NOT_SHOWN_KEPT
        await Retention(self.database, lambda: self.time).run_once()
        return self

    async def waiting(self) -> int:
        async with self.database.reading() as session:
            return len(await MessageEdits(session).due(NOW + timedelta(days=365), 99))


@pytest.fixture
async def scene(client: LikecordClient, sqlite: Database) -> Scene:
    return await Scene(client, sqlite).open()


async def test_a_message_quotes_no_post_that_is_gone(scene: Scene, discord_server: Server) -> None:
    (message,) = await discord_server.read(LIKES)
    said = json.dumps(message["components"])
    assert TEXT in said
    assert await scene.editor.run_once() == 1

    (message,) = await discord_server.read(LIKES)
    gone, _, stays, _ = (json.dumps(each) for each in message["components"])
    assert "This post is no longer on X" in gone
    assert [word for word in (TEXT, "user1", "user3", str(POST)) if word in gone] == []
    assert OTHER_TEXT in stays
    assert "https://x.com/user2" in stays
    assert (await scene.waiting(), await scene.editor.run_once()) == (0, 0)


async def test_what_ends_in_between_is_done_again(
    scene: Scene, discord_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise RuntimeError("the process was killed")

    with monkeypatch.context() as patch:
        patch.setattr(MessageEditQueue, "done", die)
        with pytest.raises(RuntimeError):
            await scene.editor.run_once()
    assert await scene.waiting() == 1
    assert await scene.editor.run_once() == 1
    (message,) = await discord_server.read(LIKES)
    assert "no longer on X" in json.dumps(message["components"])


async def test_what_discord_refuses_for_now_is_tried_again_later(
    scene: Scene, discord_server: Server
) -> None:
    fault = {
        "match": "PATCH /channels/:id/messages/:id",
        "times": 9,
        "status": 403,
        "body": {"code": 50001},
    }
    await discord_server.control("POST", "/faults", fault)
    assert (await scene.editor.run_once(), await scene.waiting()) == (0, 1)
    assert await scene.editor.run_once() == 0
    scene.time += 2 * HOUR
    await discord_server.control("DELETE", "/faults")
    assert (await scene.editor.run_once(), await scene.waiting()) == (1, 0)


async def test_a_message_that_is_gone_needs_no_change(
    scene: Scene, discord_server: Server, client: LikecordClient
) -> None:
    (message,) = await discord_server.read(LIKES)
    await client.http.delete_message(int(LIKES), int(message["id"]))
    assert (await scene.editor.run_once(), await scene.waiting()) == (1, 0)


async def test_a_message_of_which_nothing_is_left_says_why(
    scene: Scene, discord_server: Server
) -> None:
    (message,) = await discord_server.read(LIKES)
    async with scene.database.transaction() as session:
        row = await session.get(MessageEdit, int(message["id"]))
        assert row is not None
        row.delivery_key, row.reason = "of-nothing", EditReason.ASKED
    assert await scene.editor.run_once() == 1
    (message,) = await discord_server.read(LIKES)
    assert TEXT not in json.dumps(message)
    assert "somebody asked not to be named" in json.dumps(message)


# Cards, which are changed in both ways


class CardScene:
    """A card that tells of likes as they come, one a call of `like`."""

    def __init__(self, client: LikecordClient, database: Database) -> None:
        self.database, self.time = database, NOW
        self.charts = MessageCharts(now=lambda: self.time)
        self.outbox = Outbox(database, lambda: self.time)
        self.announcer = Announcer(
            client, self.outbox, client.limits, charts=self.charts, now=lambda: self.time
        )
        self.queue = MessageEditQueue(database, lambda: self.time)
        self.editor = MessageEditor(client, self.queue, client.limits, self.charts)
        self.watch = 0
        self.likes = 0

    async def open(self) -> "CardScene":
        await store_post(self.database, POST, text=TEXT)
        watch = a_watch(channel_id=int(LIKES))
        watch.style = AnnouncementStyle.CARD
        self.watch = await store_watch(self.database, watch)
        return self

    async def like(self) -> None:
        self.likes += 1
        await store_users(self.database, self.likes)
        counts = (self.likes - 1, self.likes)
        row = an_announcement(self.watch, channel_id=int(LIKES), likers=[self.likes], counts=counts)
        row.created_at = self.time
        await store_announcements(self.database, row)

    async def tell(self) -> None:
        await self.like()
        assert await self.announcer.run_once() == 1

    async def edits(self) -> list[MessageEdit]:
        async with self.database.reading() as session:
            return await MessageEdits(session).due(NOW + timedelta(days=365), 99)


@pytest.fixture
async def card(
    client: LikecordClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CardScene]:
    """A card that is changed within a second as often as in minutes of its own clock."""
    monkeypatch.setitem(LIMITS, ("PATCH", "/channels/{channel_id}/messages/{message_id}"), READ)
    scene = await CardScene(client, database).open()
    yield scene
    scene.charts.close()


async def _shown(server: Server) -> tuple[str, str]:
    """Return what the only card says, and what its chart does."""
    (message,) = await server.read(LIKES)
    said = json.dumps(message["components"])
    pictures = [each for each in message["components"][0]["components"] if each["type"] == 12]
    return said, pictures[0]["items"][0]["description"] if pictures else ""


async def test_a_chart_that_is_behind_is_drawn_anew_after_its_minute(
    card: CardScene, discord_server: Server
) -> None:
    for _ in range(3):
        await card.tell()
        card.time += timedelta(seconds=1)
    said, chart = await _shown(discord_server)
    assert "### 3 likes" in said
    assert chart == "Chart of likes: from 0 to 2 likes."
    assert await card.editor.run_once() == 0, "not before its minute is over"

    card.time += timedelta(minutes=1)
    assert await card.editor.run_once() == 1
    assert await _shown(discord_server) == (ANY, "Chart of likes: from 0 to 3 likes.")
    assert await card.edits() == []


async def test_a_chart_that_is_behind_again_is_not_forgotten(
    card: CardScene, discord_server: Server
) -> None:
    for _ in range(3):
        await card.tell()
        card.time += timedelta(seconds=1)
    card.time += timedelta(minutes=1)
    await card.tell()  # draws it anew
    card.time += timedelta(seconds=1)
    await card.tell()
    assert await card.editor.run_once() == 1
    (waits,) = await card.edits()
    assert waits.not_before > card.time
    card.time += timedelta(minutes=2)
    assert await card.editor.run_once() == 1
    assert await _shown(discord_server) == (ANY, "Chart of likes: from 0 to 5 likes.")
    assert await card.edits() == []


async def test_a_card_that_is_told_more_meanwhile_is_not_set_back(
    card: CardScene, discord_server: Server
) -> None:
    """What was made before comes last at Discord: it is made anew, and the card is not behind."""
    for _ in range(3):
        await card.tell()
        card.time += timedelta(seconds=1)
    card.time += timedelta(minutes=1)
    (stale,) = await card.queue.due()
    await card.tell()
    assert await card.editor._change(stale, None)
    await card.queue.done(stale)
    assert "### 3 likes" in (await _shown(discord_server))[0]

    card.time += timedelta(seconds=10)
    assert await card.editor.run_once() == 1
    assert "### 4 likes" in (await _shown(discord_server))[0]
    assert await card.edits() == []


async def test_what_is_asked_for_meanwhile_is_done_too(card: CardScene) -> None:
    await card.tell()
    (row,) = await _rows(card)
    for reason in (EditReason.GONE, EditReason.ASKED):
        async with card.database.transaction() as session:
            await MessageEdits(session).add([row], reason, card.time)
        if reason is EditReason.GONE:
            (first,) = await card.queue.due()
        card.time += timedelta(seconds=1)
    await card.queue.done(first)
    assert [edit.reason for edit in await card.edits()] == [EditReason.ASKED]
    await card.queue.done((await card.queue.due())[0])
    assert await card.edits() == []


async def test_a_chart_of_what_is_stored_no_more_is_left_alone(
    card: CardScene, discord_server: Server
) -> None:
    await card.tell()
    before = await discord_server.read(LIKES)
    (row,) = await _rows(card)
    row.delivery_key = "of-nothing"
    async with card.database.transaction() as session:
        await MessageEdits(session).add([row], EditReason.BEHIND, card.time)
    assert await card.editor.run_once() == 1
    assert (await card.edits(), await discord_server.read(LIKES)) == ([], before)


async def _rows(card: CardScene) -> list[Announcement]:
    async with card.database.reading() as session:
        return list(await session.exec(select(Announcement)))
