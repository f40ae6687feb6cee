"""/usage: the card, and its picture."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.chat.cards.card import Accent
from bot.chat.cards.usage import usage_card
from bot.chat.charts.days_chart import (
    BOTTOM,
    EXPECTED,
    HEIGHT,
    LEFT,
    RIGHT,
    SPENT,
    TODAY,
    WIDTH,
    axis_labels,
    axis_step,
    days_chart,
)
from bot.chat.charts.draw_in_thread import days_picture
from bot.domain.files import NamedFile
from bot.domain.usage import CommandCost, DaySpent, MonthSoFar, Usage, WatchCost
from tests.chat import drawn, samples
from tests.chat.rules import check, shown, walk

FIRST = date(2026, 8, 1)
CHART = NamedFile("usage.png", b"")
MONEY = st.integers(0, 10**12).map(lambda millionths: Decimal(millionths).scaleb(-6))


def _days(*costs: str, today: int) -> tuple[DaySpent, ...]:
    return tuple(
        DaySpent(FIRST + timedelta(days=number), Decimal(cost), expected=number >= today)
        for number, cost in enumerate(costs)
    )


DAYS = _days("0.2", "1.5", "0", "0.7", "0.7", today=3)
USAGE = Usage(
    days=DAYS,
    today_usd=Decimal(0),
    month=samples.MONTH,
    forecast_usd=Decimal("3.10"),
    watches=(WatchCost(samples.post(), Decimal("1.20")),),
    commands=(
        CommandCost(None, Decimal("1.20")),
        CommandCost("/likers", Decimal("0.45")),
        CommandCost("", Decimal("0.05")),
    ),
)


def _of(budget: int) -> MonthSoFar:
    return replace(samples.MONTH, budget_usd=Decimal(budget))


usages = st.builds(
    Usage,
    days=st.just(DAYS),
    today_usd=MONEY,
    month=drawn.months,
    forecast_usd=MONEY,
    watches=st.lists(st.builds(WatchCost, drawn.brief_posts, MONEY), max_size=5).map(tuple),
    commands=st.lists(
        st.builds(CommandCost, st.sampled_from([None, "", "/likers export"]), MONEY), max_size=20
    ).map(tuple),
    whole_bot_used=st.one_of(st.none(), st.floats(0, 2)),
)


@given(usages, st.sampled_from([None, CHART]))
def test_any_usage_fits(usage: Usage, chart: NamedFile | None) -> None:
    check(usage_card(usage, chart))


def test_the_card_tells_what_was_spent_and_on_what() -> None:
    text = shown(usage_card(USAGE))

    assert "**Today** $0.00" in text
    assert "**This month** $1.70, with no budget set" in text
    assert "**Forecast this month** about $3.10\n" in f"{text}\n"
    assert "$1.20 [" in text
    assert "> Hello, X" in text
    assert "$1.20 All watches\n$0.45 `/likers`\n$0.05 Not known" in text
    assert "whole bot" not in text


def test_a_budget_is_told_of_and_one_that_is_nearly_spent_stands_out() -> None:
    easy = replace(USAGE, month=_of(10), whole_bot_used=0.25)
    tight = replace(USAGE, month=_of(2))

    assert "$1.70 of $10.00, which is 17%" in shown(usage_card(easy))
    assert "**Budget of the whole bot** 25% spent" in shown(usage_card(easy))
    assert "look less often" not in shown(usage_card(easy))
    assert "$1.70 of $2.00, which is 85%" in shown(usage_card(tight))
    assert "$3.10. From 80 % of the budget on I look less often" in shown(usage_card(tight))
    colours = [next(walk(usage_card(usage)))["accent_color"] for usage in (easy, tight)]
    assert colours == [Accent.PLAIN, Accent.TROUBLE]


def test_a_budget_that_is_spent_is_no_forecast() -> None:
    spent = replace(samples.MONTH, budget_usd=Decimal("0.02"), server_is_paused=True)
    text = shown(usage_card(replace(USAGE, month=spent, whole_bot_used=3.5)))

    assert "**Paused: this month's budget is spent.** Raise it to resume" in text
    assert "$1.70 of $0.02, which is all of it" in text
    assert "**Budget of the whole bot** 100% spent" in text
    assert "if it goes on like this" not in text


def test_the_picture_is_described_in_words() -> None:
    (gallery,) = [part for part in walk(usage_card(USAGE, CHART)) if part["type"] == 12]

    (picture,) = gallery["items"]
    assert picture["media"]["url"] == "attachment://usage.png"
    assert "$1.70 until the 3., at most $1.50 on the 2." in picture["description"]


# The chart


def _colours(days: tuple[DaySpent, ...], y: int) -> list[tuple[int, int, int]]:
    """Return the colour in the middle of each day's place, so many pixels above the bottom."""
    with Image.open(BytesIO(days_chart(days))) as image:
        assert image.size == (WIDTH, HEIGHT)
        pixels = image.convert("RGB")
    width = (RIGHT - LEFT) / len(days)
    found = [pixels.getpixel((int(LEFT + (n + 0.5) * width), BOTTOM - y)) for n in range(len(days))]
    return [colour for colour in found if isinstance(colour, tuple) and len(colour) == 3]


def _colour(name: str) -> tuple[int, ...]:
    return ImageColor.getrgb(name)


def test_each_day_has_its_bar_and_those_to_come_are_paler() -> None:
    days = _days("0.2", "1.5", "0", "0.9", "0.7", "0.7", today=4)

    low, high = _colours(days, 10), _colours(days, 150)

    assert low[0] == low[1] == high[1] == _colour(SPENT)
    assert low[3] == high[3] == _colour(TODAY)
    assert low[4] == low[5] == _colour(EXPECTED)
    nothing = low[2]
    assert high[0] == nothing
    assert nothing not in {_colour(name) for name in (SPENT, TODAY, EXPECTED)}


@given(MONEY)
def test_the_dearest_day_fits_into_the_scale_and_fills_a_third_of_it(usd: Decimal) -> None:
    step = axis_step(usd)

    assert usd <= 4 * step
    assert usd * 3 > 4 * step or usd < Decimal("0.001")


def test_the_scale_is_of_round_sums() -> None:
    told = {str(usd): axis_labels(axis_step(Decimal(usd)))[1:] for usd in ("0", "0.9", "7", "1300")}

    assert told == {
        "0": ["$0.0001", "$0.0002", "$0.0003", "$0.0004"],
        "0.9": ["$0.25", "$0.50", "$0.75", "$1.00"],
        "7": ["$2", "$4", "$6", "$8"],
        "1300": ["$500", "$1,000", "$1,500", "$2,000"],
    }


async def test_drawing_does_not_hold_up_the_heartbeat() -> None:
    drawing = asyncio.create_task(days_picture(DAYS))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1

    picture = await drawing
    assert (picture.name, picture.contents[:4]) == ("usage.png", b"\x89PNG")
    assert turns > 3
