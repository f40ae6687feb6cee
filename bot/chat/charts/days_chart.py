"""Charts as pictures. Imported when the first is drawn: most processes need no memory for it.

The colours are for Discord's dark theme and stand on a ground of their own, so that they can be
read in its light one too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.domain.usage import DaySpent

# As wide as Discord shows it, and in the shape that no client cuts.
WIDTH, HEIGHT = 1120, 630
LEFT, TOP, RIGHT, BOTTOM = 136, 36, 1092, 566
_GROUND, _GRID, _TEXT = "#1e1f22", "#3a3c42", "#b5bac1"
SPENT, TODAY, EXPECTED = "#e0457b", "#ff85ad", "#5c3b4c"
_TEXT_SIZE = 28
_GAP = 0.28  # of a day's width
_LINES = 4
# Everything is drawn larger and made smaller, which rounds the edges.
_FINER = 2
_STEPS = tuple(Decimal(step) for step in (1, 2, "2.5", 5, 10))


def days_chart(days: Sequence[DaySpent]) -> bytes:
    """Draw what each day of a month cost, or is expected to cost, as a PNG."""
    today = max((day.day for day in days if not day.expected), default=days[0].day)
    chart = _Chart(axis_step(max(day.usd for day in days)), (RIGHT - LEFT) / len(days))
    chart.scale()
    for place, day in enumerate(days):
        is_today = day.day == today
        chart.bar(place, day.usd, EXPECTED if day.expected else TODAY if is_today else SPENT)
        if is_today:
            chart.label(place, str(day.day.day), TODAY)
        elif _has_room(day.day.day, today.day):
            chart.label(place, str(day.day.day), _TEXT)
    return chart.png()


def axis_step(highest: Decimal) -> Decimal:
    """Return the round sum from one line of the scale to the next: the highest bar fits."""
    least = max(highest, Decimal("0.0004")) / _LINES
    power = Decimal(10) ** least.adjusted()
    return next(step * power for step in _STEPS if step * power >= least)


def axis_labels(step: Decimal) -> list[str]:
    """Return what the lines of the scale say, all with the same number of digits."""
    digits = max(0, -int(step.normalize().as_tuple().exponent))
    digits = max(2, digits) if digits else 0
    return [f"${step * number:,.{digits}f}" for number in range(_LINES + 1)]


def _has_room(day: int, today: int) -> bool:
    """Return whether a day's number is shown: every fifth, unless today's stands beside it."""
    return (day == 1 or day % 5 == 0) and abs(day - today) > 1


@dataclass(slots=True)
class _Canvas:
    image: Image.Image
    draw: ImageDraw.ImageDraw
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont


def _canvas() -> _Canvas:
    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), _GROUND)
    return _Canvas(image, ImageDraw.Draw(image), ImageFont.load_default(_TEXT_SIZE * _FINER))


class _Chart:
    """A picture with a bar a day; `step` is what lies between two of its lines."""

    def __init__(self, step: Decimal, day_width: float) -> None:
        self._step = step
        self._day_width = day_width
        self._on = _canvas()

    def scale(self) -> None:
        for number, label in enumerate(axis_labels(self._step)):
            y = (BOTTOM - (BOTTOM - TOP) * number / _LINES) * _FINER
            self._on.draw.line((LEFT * _FINER, y, RIGHT * _FINER, y), _GRID, _FINER)
            self._write(((LEFT - 12) * _FINER, y), label, _TEXT, "rm")

    def bar(self, place: int, usd: Decimal, colour: str) -> None:
        if not usd:
            return
        height = max(2.0, (BOTTOM - TOP) * float(usd / (self._step * _LINES)))
        left = LEFT + (place + _GAP / 2) * self._day_width
        edges = (left, BOTTOM - height, left + (1 - _GAP) * self._day_width, BOTTOM)
        self._on.draw.rounded_rectangle(
            [edge * _FINER for edge in edges],
            min(4.0, height / 2) * _FINER,
            colour,
            corners=(True, True, False, False),
        )

    def label(self, place: int, text: str, colour: str) -> None:
        middle = LEFT + (place + 0.5) * self._day_width
        self._write((middle * _FINER, (BOTTOM + 12) * _FINER), text, colour, "mt")

    def png(self) -> bytes:
        drawn = BytesIO()
        smaller = self._on.image.reduce(_FINER)
        smaller.save(drawn, "PNG")
        return drawn.getvalue()

    def _write(self, at: tuple[float, float], text: str, colour: str, anchor: str) -> None:
        self._on.draw.text(at, text, fill=colour, font=self._on.font, anchor=anchor)
