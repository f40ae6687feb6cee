"""What goes to a member alone arrives there once, or is given up where they take no messages."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.domain import Delivery
from bot.domain.announcements import Recipient
from bot.domain.notices import ChannelClosed
from bot.domain.troubles import DeliveryTrouble
from sandbox.discord.world import Guild
from tests.chat import samples
from tests.chat.delivery.test_announcer import FakeOutbox, losing_the_answer
from tests.sandbox.discord.server import ADA, GUILD, LIKES, Server

pytestmark = pytest.mark.usefixtures("client")
CANNOT_MESSAGE_USER, UNKNOWN_MEMBER = 50_007, 10_007


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox()


@pytest.fixture
def announcer(client: LikecordClient, outbox: FakeOutbox) -> Announcer:
    return Announcer(client, outbox, client.limits)


def to_ada(*, tried: timedelta | None = None) -> Delivery:
    told = samples.notice(ChannelClosed(int(LIKES), DeliveryTrouble.CANNOT_SEND))
    first = None if tried is None else datetime.now(UTC) - tried
    sent = samples.delivery(told, channel_id=int(ADA), first_tried_at=first)
    return replace(sent, recipient=Recipient(int(ADA), int(GUILD)))


async def inbox(server: Server) -> list[Any]:
    direct = server.sandbox.world.direct_with(int(ADA))
    return [] if direct is None else await server.read(str(direct.id))


async def test_it_arrives_in_their_direct_messages(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    outbox.waiting = [to_ada()]
    assert await announcer.run_once() == 1
    (message,) = await inbox(discord_server)
    assert f"I can't post in <#{LIKES}>" in json.dumps(message["components"])
    assert outbox.done == {"lc-1": int(message["id"])}


async def test_a_lost_answer_makes_no_second_message(
    discord_server: Server,
    client: LikecordClient,
    announcer: Announcer,
    outbox: FakeOutbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with losing_the_answer(client, monkeypatch):
        outbox.waiting = [to_ada()]
        assert await announcer.run_once() == 0
    assert len(outbox.postponed) == 1
    # So late that its nonce is forgotten: what was sent is looked for.
    outbox.waiting = [to_ada(tried=timedelta(hours=1))]
    assert await announcer.run_once() == 1
    (message,) = await inbox(discord_server)
    assert outbox.done == {"lc-1": int(message["id"])}


async def test_who_takes_none_is_not_asked_again(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    discord_server.sandbox.world.takes_no_messages.add(int(ADA))
    outbox.waiting = [to_ada()]
    assert await announcer.run_once() == 0
    assert await inbox(discord_server) == []
    assert (outbox.refusals, outbox.postponed) == ([("lc-1", CANNOT_MESSAGE_USER)], [])


async def test_who_has_left_the_server_is_told_nothing_of_it(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    """They may meet the bot in another server, where Discord would let it write to them."""
    world = discord_server.sandbox.world
    guild = world.guilds[int(GUILD)]
    left = guild.members.pop(int(ADA))
    elsewhere = Guild(1, "Elsewhere", int(ADA), members={int(ADA): left})
    elsewhere.members[world.bot.id] = guild.members[world.bot.id]
    world.guilds[1] = elsewhere

    outbox.waiting = [to_ada()]
    assert await announcer.run_once() == 0
    assert await inbox(discord_server) == []
    assert (outbox.refusals, outbox.postponed) == ([("lc-1", UNKNOWN_MEMBER)], [])


async def test_its_buttons_say_where_they_work(
    discord_server: Server, announcer: Announcer, outbox: FakeOutbox
) -> None:
    outbox.waiting = [to_ada()]
    await announcer.run_once()
    (message,) = await inbox(discord_server)
    assert '"watches:0:lc-1"' in json.dumps(message["components"])
