"""How likes came, as a picture. Imported when the first is drawn.

Its ground is its own, so that it reads the same on Discord's dark theme and on its light one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from math import ceil

from PIL import Image, ImageDraw, ImageFont

from bot.domain.insight import MILESTONES, LikePoint, PostCourse

WIDTH, HEIGHT = 1200, 675
_LEFT, _TOP, _RIGHT = 124, 40, 1164
_DATES, _LEGEND_STEP, _MARGIN = 60, 35, 16
_GROUND, _GRID, _TEXT, _MARK = "#1e1f22", "#3a3c42", "#d5d8dd", "#f2f3f5"
# Told apart by people who see few colours, too: by lightness as well as by hue.
COLOURS = ("#ff85ad", "#4cc9b0", "#ffd166", "#7aa7ff", "#c9a0ff")
_TEXT_SIZE, _LINE, _DOT = 30, 5, 7
_LINES = 4
_FINER = 2
_STEPS = (1, 2, 5)
_MOST_POINTS = 600
_MAX_LABEL = 48


def likes_chart(courses: Sequence[PostCourse]) -> bytes:
    """Draw the courses, each in a colour of its own, with the milestones that they passed."""
    return _LikesChart(courses).png()


def axis_top(least: int, most: int) -> tuple[int, int, int]:
    """Return where the axis begins, its step, and where it ends: round, and around all counts."""
    span = max(_LINES, most - least)
    step = next(
        step * 10**power
        for power in range(12)
        for step in _STEPS
        if step * 10**power * _LINES >= span
    )
    bottom = least // step * step
    return bottom, step, bottom + step * max(1, ceil((most - bottom) / step))


def milestones_of(course: PostCourse) -> list[LikePoint]:
    """Return where a course reached each milestone for the first time."""
    found, passed = [], course.points[0].likes
    for point in course.points[1:]:
        reached = [each for each in MILESTONES if passed < each <= point.likes]
        if reached:
            found.append(LikePoint(point.at, reached[-1]))
        passed = max(passed, point.likes)
    return found


class _LikesChart:
    def __init__(self, courses: Sequence[PostCourse]) -> None:
        self._courses = courses
        self._legend_top = HEIGHT - _MARGIN - _LEGEND_STEP * len(courses)
        self._floor = self._legend_top - _DATES
        counts = [point.likes for course in courses for point in course.points]
        self._bottom, self._step, self._top = axis_top(min(counts), max(counts))
        self._since = min(course.points[0].at for course in courses)
        until = max(course.points[-1].at for course in courses)
        self._lasts = max(until - self._since, timedelta(seconds=1))
        self._image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), _GROUND)
        self._draw = ImageDraw.Draw(self._image)
        self._font = ImageFont.load_default(_TEXT_SIZE * _FINER)

    def png(self) -> bytes:
        self._scale()
        for course, colour in zip(self._courses, COLOURS, strict=False):
            self._line(course, colour)
        for course, colour in zip(self._courses, COLOURS, strict=False):
            for reached in milestones_of(course):
                self._milestone(reached, colour)
        for place, course in enumerate(self._courses):
            self._legend(place, course)
        drawn = BytesIO()
        smaller = self._image.reduce(_FINER)
        smaller.save(drawn, "PNG")
        return drawn.getvalue()

    def _scale(self) -> None:
        for count in range(self._bottom, self._top + 1, self._step):
            y = self._y(count)
            self._draw.line((_LEFT * _FINER, y, _RIGHT * _FINER, y), _GRID, _FINER)
            self._write(((_LEFT - 14) * _FINER, y), f"{count:,}", "rm")
        form = "%d %b %H:%M UTC" if self._lasts < timedelta(days=3) else "%d %b"
        for part, anchor in ((0.0, "lt"), (0.5, "mt"), (1.0, "rt")):
            moment = self._since + self._lasts * part
            x = (_LEFT + (_RIGHT - _LEFT) * part) * _FINER
            self._write((x, (self._floor + 14) * _FINER), moment.strftime(form), anchor)

    def _line(self, course: PostCourse, colour: str) -> None:
        """Draw steps: a count holds until the next one was told."""
        points = course.points[:: max(1, len(course.points) // _MOST_POINTS)]
        shown = [*points, course.points[-1]]
        corners: list[tuple[float, float]] = []
        for point in shown:
            if corners:
                corners.append((self._x(point.at), corners[-1][1]))
            corners.append((self._x(point.at), self._y(point.likes)))
        self._draw.line(corners, colour, _LINE * _FINER, joint="curve")
        self._dot(shown[-1], colour)

    def _milestone(self, reached: LikePoint, colour: str) -> None:
        self._dot(reached, colour, outline=_MARK)
        x, y = self._x(reached.at), self._y(reached.likes)
        anchor = "rs" if x > (_LEFT + 80) * _FINER else "ls"
        if len(self._courses) == 1:  # beside other lines the numbers would hide each other
            self._write((x, y - 14 * _FINER), f"{reached.likes:,}", anchor, _MARK)

    def _dot(self, point: LikePoint, colour: str, outline: str | None = None) -> None:
        x, y, radius = self._x(point.at), self._y(point.likes), _DOT * _FINER
        box = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(box, colour, outline, 2 * _FINER)

    def _legend(self, place: int, course: PostCourse) -> None:
        y = (self._legend_top + place * _LEGEND_STEP + _LEGEND_STEP // 2) * _FINER
        left = _LEFT * _FINER
        self._draw.line((left, y, left + 36 * _FINER, y), COLOURS[place], 6 * _FINER)
        now = f"{course.points[-1].likes:,}"
        label = f"{legend_label(course)} · {now} (+{max(0, course.gained):,})"
        self._write((left + 50 * _FINER, y), label, "lm")

    def _x(self, at: datetime) -> float:
        part = (at - self._since) / self._lasts
        return (_LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, part))) * _FINER

    def _y(self, likes: int) -> float:
        part = (likes - self._bottom) / (self._top - self._bottom)
        return (self._floor - (self._floor - _TOP) * part) * _FINER

    def _write(self, at: tuple[float, float], text: str, anchor: str, colour: str = _TEXT) -> None:
        self._draw.text(at, text, fill=colour, font=self._font, anchor=anchor)


def legend_label(course: PostCourse) -> str:
    """Return a post's line of the legend, in letters that the picture's font has."""
    post = course.post
    author = f"@{post.author.username}: " if post.author else ""
    words = " ".join(post.text.split()) or str(post.id)
    label = f"{author}{words}".encode("latin-1", "ignore").decode("latin-1").strip()
    short = label if len(label) <= _MAX_LABEL else f"{label[: _MAX_LABEL - 3].rstrip()}..."
    return short or str(post.id)
