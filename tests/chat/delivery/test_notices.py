"""What is told beside new likes: likes taken back, and notices, such as that a watch ended."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

from discord import ui

from bot.chat.cards.card import Accent
from bot.chat.cards.notices import notice_sentence
from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.card import announcement_card
from bot.chat.delivery.find_sent import find_sent
from bot.chat.text import length
from bot.chat.text.limits import MAX_CUSTOM_ID
from bot.domain import Announcement, AnnouncementType, WatchKind
from bot.domain.announcements import MAX_ANNOUNCEMENTS, SHOWN_NAMES
from bot.domain.notices import AccountShown, BudgetWarning, Notice, PostShown, WatchEnded
from sandbox.discord import seed
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script
from tests.chat.rules import buttons, check, custom_ids, shown, texts
from tests.sandbox.discord.server import GRACE, LIKES, Server

KEY = "k" * 25
WARNING = BudgetWarning(Decimal("0.08"), Decimal("0.10"))
WARNED = "This server has spent $0.08 of its budget of $0.10 for X this month."
SHOWN_AGAIN = "X shows this post again. The watch goes on."
FROM = (
    "[20 August 2026, 12:00 UTC · View on X](https://x.com/TwitterDev/status/1354143047324299264)"
)
ON_THE_POST = (
    "[a post](https://x.com/TwitterDev/status/1354143047324299264) by "
    "[@TwitterDev](https://x.com/TwitterDev)"
)
THE_LINE = "[Hello, X](https://x.com/TwitterDev/status/1354143047324299264)"


def _accent(announcement: Announcement) -> object:
    container, *_ = announcement_card(samples.delivery(announcement)).children
    assert isinstance(container, ui.Container)
    return container.accent_colour


def test_likes_taken_back_are_named_and_are_no_new_likes() -> None:
    likers = (samples.user(1), samples.user(2, "Bob"))
    left = replace(samples.announcement(likers), type=AnnouncementType.LEFT)
    card = announcement_card(samples.delivery(left))

    check(card)
    assert shown(card) == (
        "**[Ada](https://x.com/user1)** and **[Bob](https://x.com/user2)** no longer like "
        f"a post by [@TwitterDev](https://x.com/TwitterDev)\n{THE_LINE}\n-# 1,234 likes · {FROM}"
    )
    assert _accent(left) == Accent.PLAIN


def test_a_notice_says_which_post_it_is_about() -> None:
    notice = samples.notice(PostShown(), samples.post())
    card = announcement_card(samples.delivery(notice, key=KEY))

    check(card)
    assert shown(card) == f"About {ON_THE_POST}\n{THE_LINE}\n-# {FROM}\n{SHOWN_AGAIN}"
    assert [button["label"] for button in buttons(card)] == ["Open on X", "Show watches"]
    assert custom_ids(card) == [f"watches:0:{KEY}"]
    assert _accent(notice) == Accent.TROUBLE


def test_a_notice_about_no_post_shows_none_and_carries_the_key() -> None:
    notice = samples.notice(WARNING)
    card = announcement_card(samples.delivery(notice, key=KEY))

    check(card)
    assert shown(card).startswith(WARNED)
    assert custom_ids(card) == [f"watches:0:{KEY}"]
    assert len(f"watches:9999:{KEY}") <= MAX_CUSTOM_ID


def test_a_summary_tells_that_the_watch_has_ended() -> None:
    ended = WatchEnded(days=2, named=3, likes=3, kind=WatchKind.NAMES)
    summary = samples.notice(ended, samples.post())
    card = announcement_card(samples.delivery(summary, key=KEY))

    check(card)
    assert shown(card) == (
        f"**The watch of {ON_THE_POST} has ended.**\n{THE_LINE}\n-# {FROM}\n"
        "In 2 days, 3 likes announced by name; 3 likes in total."
    )
    assert custom_ids(card) == [f"likers:1354143047324299264::{KEY}"]
    assert _accent(summary) == Accent.DONE


def test_there_is_an_extreme_of_every_notice() -> None:
    assert {type(notice) for notice in samples.EXTREME_NOTICES} == set(get_args(Notice))


@in_turn("together", range(1, 6))
@in_turn("notice", samples.EXTREME_NOTICES)
def test_every_notice_takes_no_more_than_the_likers_that_it_is_counted_as(
    notice: Notice, together: int
) -> None:
    """The message has room for so many likers, each with the longest name."""
    names = tuple(samples.worst_user(number) for number in range(SHOWN_NAMES))
    likers = samples.announcement(names, post=samples.worst_post())
    told = samples.notice(notice, samples.worst_post())

    assert _length([told] * together) <= _length([likers] * together)


def _length(announcements: Sequence[Announcement]) -> int:
    card = announcement_card(samples.delivery(*announcements, key=KEY))
    return sum(length(content) for content in texts(card))


@in_turn("notices", range(1, 6))
def test_notices_and_likers_together_fit_at_their_longest(notices: int) -> None:
    names = tuple(samples.worst_user(number) for number in range(SHOWN_NAMES))
    by_length = sorted(samples.EXTREME_NOTICES, key=lambda notice: length(notice_sentence(notice)))
    longest = by_length[-notices:]
    together = [
        samples.notice(notice, samples.worst_post(10**18 + at)) for at, notice in enumerate(longest)
    ]
    together += [
        samples.announcement(names, post=samples.worst_post(10**17 + at))
        for at in range(MAX_ANNOUNCEMENTS - notices)
    ]

    card = announcement_card(samples.delivery(*together, key=KEY))

    check(card)
    assert all(notice_sentence(notice) in shown(card) for notice in longest)


def test_a_username_stays_within_its_backticks() -> None:
    sentence = notice_sentence(AccountShown("a`b**@everyone <@1>"))

    assert sentence.startswith("X shows the posts of `@abeveryone1` again.")


def test_several_notices_in_a_message_have_one_button_for_the_watches() -> None:
    post, other = samples.post(), samples.post(2)
    notices = [
        samples.notice(PostShown(), post),
        samples.notice(WARNING),
        samples.notice(PostShown(), other),
        samples.notice(WARNING),
    ]
    card = announcement_card(samples.delivery(*notices, key=KEY))

    check(card)
    assert custom_ids(card) == [f"watches:0:{KEY}"]


async def test_a_notice_about_no_post_is_found_again_and_leads_managers_to_the_watches(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    notice = samples.notice(WARNING)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    delivery = samples.delivery(notice, key=KEY, first_tried_at=long_ago)
    channel = client.get_partial_messageable(int(LIKES))
    assert await find_sent(client, channel, delivery) is None
    sent = await channel.send(view=announcement_card(delivery))
    assert await find_sent(client, channel, delivery) == sent.id

    script.answers["watches.everything"] = (samples.watch(),)
    pressed = {"message_id": str(sent.id), "custom_id": f"watches:0:{KEY}"}
    refused = await discord_server.interact(component=pressed, user_id=GRACE, channel_id=LIKES)
    listed = await discord_server.interact(component=pressed, channel_id=LIKES)

    assert "You need the permission" in json.dumps(refused["messages"])
    assert "1 post watched here" in json.dumps(listed["messages"])
    assert all(message["flags"] & 64 for message in listed["messages"])
    assert script.calls == [("watches.everything", seed.GUILD_ID)]
