"""Drawing beside everything else: the gateway's heartbeat never waits for a picture."""

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.domain.files import NamedFile
from bot.domain.insight import PostCourse
from bot.domain.usage import DaySpent


async def days_picture(days: Sequence[DaySpent]) -> NamedFile:
    """Return the chart of a month's days."""
    return NamedFile("usage.png", await asyncio.to_thread(_draw, days))


async def likes_picture(courses: Sequence[PostCourse]) -> NamedFile:
    """Return the chart of how likes came."""
    return NamedFile("likes.png", await asyncio.to_thread(_draw_likes, courses))


def _draw_likes(courses: Sequence[PostCourse]) -> bytes:
    chart: Callable[[Sequence[PostCourse]], bytes] = import_module(
        "bot.chat.charts.likes_chart"
    ).likes_chart
    return chart(courses)


def _draw(days: Sequence[DaySpent]) -> bytes:
    # What draws takes megabytes, and a moment to import: both only where somebody asks for it.
    chart: Callable[[Sequence[DaySpent]], bytes] = import_module(
        "bot.chat.charts.days_chart"
    ).days_chart
    return chart(days)
