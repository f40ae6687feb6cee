"""/status as a health card: how bad it is, the worst first, and a button that mends it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.chat.buttons.status import status_page
from bot.chat.cards.card import Accent
from bot.domain import Status, Verdict, VerdictKind
from bot.domain.push_status import PushState, PushStatus
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.cards.test_accounts import status
from tests.chat.rules import buttons, check, shown, walk

WELL = replace(status(), watches=2, channels=2)
PAUSED = replace(samples.MONTH, budget_usd=Decimal("0.01"), server_is_paused=True)
BOT_PAUSED = replace(samples.MONTH, bot_is_paused=True)
SOON = samples.NOW + timedelta(minutes=9)
RED, AMBER, GREEN = (
    (Accent.ERROR, "Nothing new is announced"),
    (Accent.TROUBLE, "Something needs a look"),
    (Accent.DONE, "All is well"),
)


def _with(*kinds: VerdictKind, **more: Any) -> Status:
    verdicts = tuple(Verdict(kind, samples.NOW) for kind in kinds)
    return replace(WELL, verdicts=verdicts, **more)


@in_turn(
    "found, level, worst, offered",
    [
        (WELL, GREEN, "each new like is announced", []),
        (replace(WELL, watches=0), GREEN, "Nothing is watched yet. Start with `/watch add`", []),
        (
            replace(WELL, problem="X is away."),
            RED,
            "**X is away.**",
            ["Check again"],
        ),
        (
            replace(WELL, month=PAUSED),
            RED,
            "**Paused: this month's budget is spent.** Raise it to resume",
            ["Raise the budget", "Check again"],
        ),
        (
            replace(WELL, month=BOT_PAUSED),
            RED,
            "**Paused: my budget for this month is spent.**",
            ["Check again"],
        ),
        (_with(VerdictKind.OWN_KEYS), RED, "X has refused my keys", ["Check again"]),
        (_with(VerdictKind.APP_KEY), AMBER, "this app's bearer token", ["Check again"]),
        (_with(VerdictKind.APP_KEY, app_only=True), RED, "bearer token", ["Check again"]),
        (
            _with(VerdictKind.CHANNELS),
            AMBER,
            "I have not been able to announce in 1 channel",
            ["Show watches", "Check again"],
        ),
        (
            _with(VerdictKind.CHANNELS, channels=1),
            RED,
            "I have not been able to announce in 1 channel",
            ["Show watches", "Check again"],
        ),
        (
            _with(VerdictKind.POSTS),
            AMBER,
            "X has not shown 1 watched post",
            ["Show watches", "Check again"],
        ),
        (_with(VerdictKind.LINKED_ACCOUNTS), AMBER, "refused 1 linked account", ["Check again"]),
        (
            replace(WELL, likes_waiting=2_100, likers_again_at=SOON),
            AMBER,
            "**2,100 likes wait for X**, which lets me read likers again <t:",
            ["Check again"],
        ),
        (
            replace(WELL, set_aside=2),
            AMBER,
            "**Discord refused 2 announcements for good**",
            ["Show watches", "Check again"],
        ),
    ],
)
def test_each_trouble_has_its_colour_its_sentence_and_its_button(
    found: Status, level: tuple[Accent, str], worst: str, offered: list[str]
) -> None:
    card = status_page(found)
    check(card)
    accent, head = level
    assert next(walk(card))["accent_color"] == accent
    first, second, *_ = shown(card).splitlines()
    assert first == f"### {head}"
    assert worst in second
    assert [button["label"] for button in buttons(card)] == offered


def test_the_worst_comes_first_and_the_others_below_it() -> None:
    card = status_page(_with(VerdictKind.POSTS, VerdictKind.CHANNELS, month=PAUSED, set_aside=1))
    lines = shown(card).splitlines()
    assert "budget is spent" in lines[1]
    assert "watched post" in lines[2]
    assert "1 channel" in lines[3]
    assert "1 announcement for good" in lines[4]


def test_a_guest_is_not_told_that_all_is_well() -> None:
    card = status_page(replace(WELL, is_home=False))
    check(card)
    assert "All is well" not in shown(card)
    assert "each new like is announced" not in shown(card)
    assert buttons(card) == []


@pytest.mark.parametrize(
    ("kind", "level"), [(VerdictKind.OWN_KEYS, AMBER), (VerdictKind.APP_KEY, RED)]
)
def test_a_guest_is_looked_at_with_the_apps_key(
    kind: VerdictKind, level: tuple[Accent, str]
) -> None:
    assert level[1] in shown(status_page(_with(kind, is_home=False)))


@in_turn("state", PushState)
def test_each_way_that_push_stands_is_a_sentence(state: PushState) -> None:
    card = status_page(replace(WELL, push=PushStatus(state, accounts=1)))
    check(card)
    assert "**How likes arrive** " in shown(card)


def test_an_x_that_does_not_push_is_not_said_to_have_nothing_to_push() -> None:
    for state in (PushState.REFUSED, PushState.ACCOUNTS_REFUSED, PushState.AWAY):
        told = shown(status_page(replace(WELL, push=PushStatus(state))))
        assert "X" in told.split("counted and read: ")[1]
        assert "no watched post" not in told


@pytest.mark.parametrize(("can_link", "offered"), [(True, ["Link the bot's account"]), (False, [])])
def test_an_account_that_x_does_not_push_is_linked_with_a_button(
    *, can_link: bool, offered: list[str]
) -> None:
    push = PushStatus(PushState.NOBODY, own_refused=True, links_in_browser=can_link)
    card = status_page(replace(WELL, is_home=True, push=push))
    check(card)
    assert [button["label"] for button in buttons(card)] == offered
    assert ("`X_REDIRECT_URL`" in shown(card)) is not can_link
    assert buttons(status_page(replace(WELL, is_home=False, push=push))) == []
