"""A card is one message that is changed, and begun anew when it is out of sight."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.announcer import Announcer
from bot.chat.delivery.change_card import NEW_CARD_AFTER, OUT_OF_SIGHT_AFTER
from bot.domain import Delivery
from bot.domain.styles import WatchStyle
from tests.chat import samples
from tests.chat.delivery.test_announcer import FakeOutbox
from tests.sandbox.discord.server import ADA, LIKES, Server

NOW = datetime.now(UTC)


@dataclass
class CardOutbox(FakeOutbox):
    renewed: list[str] = field(default_factory=list)

    async def renew_card(self, delivery: Delivery) -> None:
        self.renewed.append(delivery.key)


def card(*names: str, card_id: int | None = None, age: timedelta = timedelta(0)) -> Delivery:
    likers = tuple(samples.user(number, name) for number, name in enumerate(names, start=1))
    told = replace(samples.announcement(likers), style=WatchStyle.CARD, course=(1, 2, 4))
    return replace(
        samples.delivery(replace(told, since=NOW), channel_id=int(LIKES)),
        style=WatchStyle.CARD,
        card_id=card_id,
        card_at=datetime.now(UTC) - age,
    )


@pytest.fixture
def outbox() -> CardOutbox:
    return CardOutbox()


@pytest.fixture
async def announcer(client: LikecordClient, outbox: CardOutbox) -> Announcer:
    return Announcer(client, outbox, client.limits)


async def _tell(announcer: Announcer, outbox: CardOutbox, delivery: Delivery) -> int:
    outbox.waiting = [delivery]
    return await announcer.run_once()


async def _talk(server: Server, messages: int) -> None:
    """Let somebody write in the channel; the bot may write five messages in five seconds."""
    for number in range(messages):
        said = {"user_id": ADA, "content": f"talk {number}"}
        assert (await server.control("POST", f"/channels/{LIKES}/messages", said)).status == 201


async def test_a_card_is_changed_in_place(
    discord_server: Server, announcer: Announcer, outbox: CardOutbox
) -> None:
    assert await _tell(announcer, outbox, card("Ada")) == 1
    first = outbox.done["lc-1"]
    for _ in range(2):
        assert await _tell(announcer, outbox, card("Bob", "Ada", card_id=first)) == 1
    (message,) = await discord_server.read(LIKES)
    assert "[Bob]" in str(message["components"])
    assert "### 1,234 likes" in str(message["components"])
    assert "▁▃█" in str(message["components"])
    assert outbox.done == {"lc-1": first}


async def test_a_card_that_was_deleted_is_begun_anew(
    discord_server: Server, announcer: Announcer, outbox: CardOutbox
) -> None:
    assert await _tell(announcer, outbox, card("Ada", card_id=7)) == 1
    assert outbox.renewed == ["lc-1"]
    assert await discord_server.read(LIKES) == []


@pytest.mark.parametrize(
    ("age", "later"),
    [
        (NEW_CARD_AFTER, OUT_OF_SIGHT_AFTER),
        (NEW_CARD_AFTER, OUT_OF_SIGHT_AFTER - 1),
        (NEW_CARD_AFTER / 2, OUT_OF_SIGHT_AFTER),
    ],
)
async def test_a_card_that_is_out_of_sight_is_begun_anew_once_an_hour(
    discord_server: Server,
    announcer: Announcer,
    outbox: CardOutbox,
    age: timedelta,
    later: int,
) -> None:
    anew = age >= NEW_CARD_AFTER and later >= OUT_OF_SIGHT_AFTER
    await _tell(announcer, outbox, card("Ada"))
    await _talk(discord_server, later)
    assert await _tell(announcer, outbox, card("Bob", card_id=outbox.done["lc-1"], age=age)) == 1
    assert outbox.renewed == (["lc-1"] if anew else [])
    first, *_ = await discord_server.read(LIKES)
    assert ("[Bob]" in str(first["components"])) is not anew


@pytest.mark.parametrize("has_arrived", [True, False])
async def test_what_an_earlier_try_told_in_a_card_is_not_told_in_a_new_one(
    discord_server: Server, client: LikecordClient, outbox: CardOutbox, *, has_arrived: bool
) -> None:
    """The process was killed before it could note that Discord had taken the change."""
    later = datetime.now(UTC) + 2 * NEW_CARD_AFTER
    announcer = Announcer(client, outbox, client.limits, now=lambda: later)
    await _tell(announcer, outbox, card("Ada"))
    first = outbox.done["lc-1"]
    await _tell(announcer, outbox, card("Bob", card_id=first))
    await _talk(discord_server, OUT_OF_SIGHT_AFTER)
    tried_at = datetime.now(UTC) if has_arrived else later - NEW_CARD_AFTER
    again = replace(
        card("Bob", card_id=first, age=NEW_CARD_AFTER),
        first_tried_at=tried_at,
        is_tried_again=True,
    )
    assert await _tell(announcer, outbox, again) == 1

    assert outbox.renewed == ([] if has_arrived else ["lc-1"])


async def test_a_card_that_was_just_changed_is_begun_anew_for_who_comes_next(
    discord_server: Server, announcer: Announcer, outbox: CardOutbox
) -> None:
    await _tell(announcer, outbox, card("Ada"))
    first = outbox.done["lc-1"]
    await _tell(announcer, outbox, card("Bob", card_id=first))
    await _talk(discord_server, OUT_OF_SIGHT_AFTER)
    await _tell(announcer, outbox, card("Cleo", card_id=first, age=NEW_CARD_AFTER))

    assert outbox.renewed == ["lc-1"]
