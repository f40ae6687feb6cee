"""The small chart of a message: drawn beside everything else, within a moment or not at all."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module

from bot.chat import text
from bot.chat.languages.translator import Translator, translator_of
from bot.chat.text.limits import MAX_ALT_TEXT, may_have_chart
from bot.domain import Announcement, AnnouncementType, Delivery
from bot.domain.announcements import PICTURED
from bot.domain.files import NamedFile
from bot.domain.insight import ChartRow
from bot.domain.sentences import CountedSentence, Sentence
from bot.domain.styles import WatchStyle

logger = logging.getLogger(__name__)

DRAWN_AGAIN_AFTER = timedelta(minutes=1)
"""How long the chart of a message is shown again before it is drawn anew."""

PATIENCE_S = 1.5
"""How long a message waits for its chart; it goes without one then."""

_AT_ONCE = 2
_STYLES = frozenset({WatchStyle.CARD, WatchStyle.MILESTONES, WatchStyle.DIGEST})
_TYPES = frozenset({AnnouncementType.LIKES, AnnouncementType.GROWTH})
_MAX_NAME = 60
_CHART = Sentence("Chart of likes: {what}.")
_GROWN = CountedSentence("from {before} to {n} like", "from {before} to {n} likes")
_OF_POST = Sentence("{name}: {what}")

Draw = Callable[[Sequence[ChartRow]], bytes]


@dataclass(frozen=True, slots=True)
class MessageChart:
    """A picture of how the counts of some announcements (`shows`, by their IDs) went.

    Where it is older than what the message says, it is to be drawn anew at `redraw_at`.
    """

    file: NamedFile
    alt_text: str
    shows: frozenset[int]
    redraw_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    chart: MessageChart
    at: datetime


class MessageCharts:
    """Draws for one process, a few at once; whoever waits too long goes without.

    A message that is changed often has its chart drawn once a minute.
    """

    def __init__(
        self,
        draw: Draw | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._draw = draw or _draw
        self._now = now
        self._patience_s = patience_s
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="chart")
        self._late: list[Future[bytes]] = []
        self._drawn: dict[str, _Drawn] = {}

    async def of(self, delivery: Delivery) -> MessageChart | None:
        """Return the chart of a message, or None where it has none or none can be had now."""
        shown = _shown(delivery)
        if not shown:
            return None
        now = self._now()
        say = translator_of(delivery.language)
        made = _chart(shown, say)
        self._forget_before(now - DRAWN_AGAIN_AFTER)
        before = self._drawn.get(delivery.key)
        if before is not None:
            is_same = before.chart.alt_text == made.alt_text
            redraw_at = None if is_same else before.at + DRAWN_AGAIN_AFTER
            return replace(before.chart, redraw_at=redraw_at)
        picture = await self._picture(_rows(shown, say))
        if picture is None:
            return None
        chart = replace(made, file=replace(made.file, contents=picture))
        self._drawn[delivery.key] = _Drawn(chart, now)
        return chart

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget_before(self, moment: datetime) -> None:
        """Keep no picture that is not shown again; nor one of a time that lies ahead."""
        later = moment + 2 * DRAWN_AGAIN_AFTER
        kept = {key: one for key, one in self._drawn.items() if moment < one.at <= later}
        self._drawn = kept

    async def _picture(self, rows: Sequence[ChartRow]) -> bytes | None:
        self._late = [drawing for drawing in self._late if not drawing.done()]
        if len(self._late) >= _AT_ONCE:
            return None  # every thread is held up: nobody waits for them
        drawing = self._threads.submit(self._draw, rows)
        waiting = asyncio.wrap_future(drawing)
        try:
            done, _ = await asyncio.wait({waiting}, timeout=self._patience_s)
        finally:
            if not waiting.done() and not drawing.cancel():
                self._late.append(drawing)
            waiting.cancel()
        if not done:
            logger.warning("a message goes without its chart: it took too long")
            return None
        error = waiting.exception()
        if error is not None:
            logger.error("a message goes without its chart", exc_info=error)
            return None
        return waiting.result()


def _shown(delivery: Delivery) -> list[Announcement]:
    """Return the announcements whose count has a course to be drawn."""
    if (
        delivery.style not in _STYLES
        or delivery.form not in PICTURED
        or not may_have_chart(len(delivery.announcements))
    ):
        return []
    return [each for each in delivery.announcements if _has_course(each)]


def _has_course(each: Announcement) -> bool:
    has_grown = bool(each.course) and each.course[-1] > each.course[0]
    is_told = each.type in _TYPES and each.notice is None and not each.post_gone
    return has_grown and is_told and each.since is not None and each.until is not None


def _chart(shown: Sequence[Announcement], say: Translator) -> MessageChart:
    told = "; ".join(_in_words(each, say, alone=len(shown) == 1) for each in shown)
    return MessageChart(
        file=NamedFile("chart.png", b""),
        alt_text=text.plain(say(_CHART, what=told), MAX_ALT_TEXT),
        shows=frozenset(each.id for each in shown),
    )


def _in_words(each: Announcement, say: Translator, *, alone: bool) -> str:
    grown = say.counted(each.course[-1], _GROWN, before=say.number(each.course[0]))
    return grown if alone else say(_OF_POST, name=_name(each), what=grown)


def _name(each: Announcement) -> str:
    post = each.post
    if post is None:
        return ""
    author = f"@{post.author.username}: " if post.author else ""
    return author + (text.plain(" ".join(post.text.split()), _MAX_NAME) or str(post.id))


def _rows(shown: Iterable[Announcement], say: Translator) -> list[ChartRow]:
    """Return the lines of a chart, all over the same time."""
    timed = [(each, each.since, each.until) for each in shown if each.since and each.until]
    begins = min(since for _, since, _ in timed)
    lasts = max(until for _, _, until in timed) - begins or timedelta(seconds=1)
    rows = []
    for each, since, until in timed:
        first, last = (since - begins) / lasts, (until - begins) / lasts
        steps = max(1, len(each.course) - 1)
        points = [
            (first + (last - first) * step / steps, count) for step, count in enumerate(each.course)
        ]
        ends = (0.0, each.course[0]), (1.0, each.course[-1])
        written = say.short(each.course[0]), say.short(each.course[-1])
        rows.append(ChartRow(_name(each), (ends[0], *points, ends[1]), written))
    return rows


def _draw(rows: Sequence[ChartRow]) -> bytes:
    # What draws takes megabytes, and a moment to import: both only where there is a chart.
    draw: Draw = import_module("bot.chat.charts.sparkline").sparklines
    return draw(rows)
