"""What is told beside new likes: likes taken back, notices, and how a watch ended."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from discord import ui

from bot.chat.cards.card import Accent
from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.card import announcement_card
from bot.chat.delivery.find_sent import find_sent
from bot.chat.text.limits import MAX_CUSTOM_ID
from bot.domain import Announcement, AnnouncementType
from bot.domain.watches import LIKERS_A_NOTE
from bot.watching.announcements import LIKERS_AN_ANNOUNCEMENT, SHOWN_AGAIN, TROUBLE_OF_STATE
from sandbox.discord import seed
from tests.chat import samples
from tests.chat.connected import Script
from tests.chat.rules import buttons, check, custom_ids, shown
from tests.sandbox.discord.server import GRACE, LIKES, Server

KEY = "k" * 25
# Longer than any sentence that is announced.
LONGEST_NOTE = "A note of the longest kind. " * 14
ON_THE_POST = "[a post by @TwitterDev](https://x.com/TwitterDev/status/1354143047324299264)"


def _accent(announcement: Announcement) -> object:
    (container,) = announcement_card(samples.delivery(announcement)).children
    assert isinstance(container, ui.Container)
    return container.accent_colour


def test_likes_taken_back_are_named_and_are_no_new_likes() -> None:
    likers = (samples.user(1), samples.user(2, "Bob"))
    left = replace(samples.announcement(likers), news=AnnouncementType.LEFT)
    card = announcement_card(samples.delivery(left))

    check(card)
    assert shown(card) == (
        f"**2 likes taken back** on {ON_THE_POST}\n> Hello, X\n"
        "[Ada](https://x.com/user1), [Bob](https://x.com/user2)\n-# 1,234 likes in all"
    )
    assert _accent(left) == Accent.PLAIN


def test_a_notice_says_which_post_it_is_about() -> None:
    notice = samples.note(AnnouncementType.NOTICE, "X no longer has this post.", samples.post())
    card = announcement_card(samples.delivery(notice, key=KEY))

    check(card)
    assert shown(card) == f"About {ON_THE_POST}\n> Hello, X\nX no longer has this post."
    assert [button["label"] for button in buttons(card)] == ["Open on X", "Show watches"]
    assert custom_ids(card) == [f"watches:0:{KEY}"]
    assert _accent(notice) == Accent.TROUBLE


def test_a_notice_about_no_post_shows_none_and_carries_the_key() -> None:
    notice = samples.note(AnnouncementType.NOTICE, "This server's budget is nearly spent.")
    card = announcement_card(samples.delivery(notice, key=KEY))

    check(card)
    assert shown(card) == "This server's budget is nearly spent."
    assert custom_ids(card) == [f"watches:0:{KEY}"]
    assert len(f"watches:9999:{KEY}") <= MAX_CUSTOM_ID


def test_a_summary_tells_that_the_watch_has_ended() -> None:
    summary = samples.note(AnnouncementType.SUMMARY, "3 likes announced.", samples.post())
    card = announcement_card(samples.delivery(summary, key=KEY))

    check(card)
    assert shown(card) == (
        f"**The watch of {ON_THE_POST} has ended.**\n> Hello, X\n3 likes announced."
    )
    assert custom_ids(card) == [f"likers:1354143047324299264::{KEY}"]
    assert _accent(summary) == Accent.DONE


@pytest.mark.parametrize("notes", range(1, 6))
def test_notes_and_likers_together_fit_at_their_longest(notes: int) -> None:
    likers = LIKERS_AN_ANNOUNCEMENT - notes * LIKERS_A_NOTE
    names = tuple(samples.worst_user(number) for number in range(likers))
    kinds = [
        AnnouncementType.NOTICE,
        AnnouncementType.SUMMARY,
        AnnouncementType.NOTICE,
        AnnouncementType.SUMMARY,
        AnnouncementType.NOTICE,
    ]
    together = [
        samples.note(kind, LONGEST_NOTE, samples.worst_post(10**18 + at))
        for at, kind in enumerate(kinds[:notes])
    ]
    if names:
        together.append(samples.announcement(names, post=samples.worst_post()))

    card = announcement_card(samples.delivery(*together, key=KEY))

    check(card)
    assert shown(card).count(LONGEST_NOTE.strip()) == notes


def test_every_note_is_shorter_than_the_longest() -> None:
    assert all(len(note) < len(LONGEST_NOTE) for note in (*TROUBLE_OF_STATE.values(), SHOWN_AGAIN))


def test_several_notices_in_a_message_have_one_button_for_the_watches() -> None:
    post, other = samples.post(), samples.post(2)
    notices = [
        samples.note(AnnouncementType.NOTICE, "One.", post),
        samples.note(AnnouncementType.NOTICE, "Two."),
        samples.note(AnnouncementType.NOTICE, "Three.", other),
        samples.note(AnnouncementType.NOTICE, "Four."),
    ]
    card = announcement_card(samples.delivery(*notices, key=KEY))

    check(card)
    assert custom_ids(card) == [f"watches:0:{KEY}"]


async def test_a_notice_about_no_post_is_found_again_and_leads_managers_to_the_watches(
    discord_server: Server, client: LikecordClient, script: Script
) -> None:
    notice = samples.note(AnnouncementType.NOTICE, "This server's budget is nearly spent.")
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    delivery = samples.delivery(notice, key=KEY, first_tried_at=long_ago)
    channel = client.get_partial_messageable(int(LIKES))
    assert await find_sent(client, channel, delivery) is None
    sent = await channel.send(view=announcement_card(delivery))
    assert await find_sent(client, channel, delivery) == sent.id

    script.answers["watches.list"] = (samples.watch(),)
    pressed = {"message_id": str(sent.id), "custom_id": f"watches:0:{KEY}"}
    refused = await discord_server.interact(component=pressed, user_id=GRACE, channel_id=LIKES)
    listed = await discord_server.interact(component=pressed, channel_id=LIKES)

    assert "You need the permission" in json.dumps(refused["messages"])
    assert "1 post watched here" in json.dumps(listed["messages"])
    assert all(message["flags"] & 64 for message in listed["messages"])
    assert script.calls == [("watches.list", seed.GUILD_ID)]
