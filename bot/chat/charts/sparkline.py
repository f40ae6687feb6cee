"""Small charts that stand in a message, a row each. Imported when the first is drawn.

Their ground is their own, so that they read the same on Discord's dark theme and on its light one.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.domain.insight import ChartRow

WIDTH, HEIGHT = 600, 160
ROW_HEIGHT = 96
"""Of each row where there are several, with its name above its line."""

_GROUND, _TEXT, _NAME = "#1e1f22", "#d5d8dd", "#b5bac1"
_LINE, _BELOW, _NOW = "#ff85ad", "#4a2c3a", "#ff85ad"
_EDGE, _GAP, _DOT = 20, 14, 5
_COUNT_SIZE, _NAME_SIZE = 28, 20
_FINER = 2
_COLOURS = 48  # with those between line and ground: a third of the bytes
_THICK = 4
_MAX_NAME = 48


def sparklines(rows: Sequence[ChartRow]) -> bytes:
    """Draw rows below each other, with the first and the last count of each, as a PNG."""
    alone = len(rows) == 1
    height = HEIGHT if alone else ROW_HEIGHT * len(rows) + _EDGE
    image = Image.new("RGB", (WIDTH * _FINER, height * _FINER), _GROUND)
    drawing = _Drawing(ImageDraw.Draw(image), rows)
    for number, row in enumerate(rows):
        if alone:
            drawing.row(row, _EDGE + _GAP, HEIGHT - _EDGE - _GAP)
            continue
        top = _EDGE // 2 + number * ROW_HEIGHT
        drawing.name(drawable(row.name), top + _GAP)
        drawing.row(row, top + 44, top + ROW_HEIGHT - _GAP)
    drawn = BytesIO()
    smaller = image.reduce(_FINER)
    smaller.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(drawn, "PNG")
    return drawn.getvalue()


def drawable(name: str) -> str:
    """Return a name in letters that the picture's font has, cut to the picture's width."""
    spaced = " ".join(name.split())  # also where the space is one of those that the font lacks
    known = " ".join(spaced.encode("latin-1", "ignore").decode("latin-1").split())
    return known if len(known) <= _MAX_NAME else f"{known[: _MAX_NAME - 3].rstrip()}..."


class _Drawing:
    """The lines of all rows begin and end below each other, beside the widest counts."""

    def __init__(self, draw: ImageDraw.ImageDraw, rows: Sequence[ChartRow]) -> None:
        self._draw = draw
        self._count_font = ImageFont.load_default(_COUNT_SIZE * _FINER)
        self._name_font = ImageFont.load_default(_NAME_SIZE * _FINER)
        self._left = _EDGE * _FINER + self._widest(row.ends[0] for row in rows)
        self._right = (WIDTH - _EDGE) * _FINER - self._widest(row.ends[1] for row in rows)

    def _widest(self, counts: Iterable[str]) -> float:
        lengths = (self._count_font.getlength(drawable(count)) for count in counts)
        return max(lengths) + _GAP * _FINER

    def name(self, name: str, top: int) -> None:
        self._draw.text((_EDGE * _FINER, top * _FINER), name, _NAME, self._name_font, "lt")

    def row(self, row: ChartRow, top: int, bottom: int) -> None:
        left, right = self._left, self._right
        counts = [count for _, count in row.points]
        least, span = min(counts), max(1, max(counts) - min(counts))
        line = [
            (
                left + (right - left) * min(1.0, max(0.0, part)),
                (bottom - (bottom - top) * (count - least) / span) * _FINER,
            )
            for part, count in row.points
        ]
        ground = bottom * _FINER
        self._draw.polygon([(line[0][0], ground), *line, (line[-1][0], ground)], _BELOW)
        self._draw.line(line, _LINE, _THICK * _FINER, joint="curve")
        self._dot(*line[-1])
        middle = (top + bottom) / 2 * _FINER
        self._count(left - _GAP * _FINER, middle, row.ends[0], _TEXT, "rm")
        self._count(right + _GAP * _FINER, middle, row.ends[1], _NOW, "lm")

    def _dot(self, x: float, y: float) -> None:
        radius = _DOT * _FINER
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), _NOW)

    def _count(self, x: float, y: float, count: str, colour: str, anchor: str) -> None:
        self._draw.text((x, y), drawable(count), colour, self._count_font, anchor)
