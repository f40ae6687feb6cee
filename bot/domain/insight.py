"""What came of a server's watches over time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.posts import Post
from bot.domain.users import User

MOST_COMPARED = 5
"""Posts in one chart: more colours are not told apart."""

MILESTONES = (10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
"""Counts of likes that a chart marks."""


class Period(StrEnum):
    """How far back somebody looks."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class LikePoint:
    at: datetime
    likes: int


@dataclass(frozen=True, slots=True)
class PostCourse:
    """How a post's like count went, as it was told in a server; the last point is now."""

    post: Post
    points: tuple[LikePoint, ...]

    @property
    def gained(self) -> int:
        return self.points[-1].likes - self.points[0].likes


@dataclass(frozen=True, slots=True)
class Courses:
    """How the posts went that somebody compares; `left_out` of them are not watched there."""

    courses: tuple[PostCourse, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class ChartRow:
    """How a count went, for a small chart: at parts of its time between 0 and 1, in order.

    `ends` are the first and the last count, as they are written.
    """

    name: str
    points: tuple[tuple[float, int], ...]
    ends: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TopPost:
    post: Post
    gained: int


@dataclass(frozen=True, slots=True)
class TopLiker:
    user: User
    likes: int
