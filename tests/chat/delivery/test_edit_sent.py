"""What a message said is taken back, by itself and for good, whatever happens in between."""

import json
from datetime import timedelta

import pytest

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.chat.delivery.edit_sent import MessageEditor
from bot.domain.retention import NOT_SHOWN_KEPT
from bot.watching.message_edits import MessageEditQueue
from bot.watching.outbox import Outbox
from bot.watching.retention import Retention
from storage.database import Database
from storage.likes import Likes, NewLike
from storage.message_edits import MessageEdits
from storage.models import EditReason, MessageEdit, Post, PostState
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
    async def die(_message_id: int) -> None:
        raise RuntimeError("the process was killed")

    with monkeypatch.context() as patch:
        patch.setattr(MessageEditQueue, "done", lambda _self, message_id: die(message_id))
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
