"""The chart of likes: what it shows, whatever the posts are."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.chat.charts.likes_chart import (
    HEIGHT,
    WIDTH,
    axis_top,
    legend_label,
    likes_chart,
    milestones_of,
)
from bot.domain.insight import LikePoint, PostCourse
from tests.chat import samples
from tests.chat.drawn import awkward

counts = st.lists(st.integers(0, 10**7), min_size=2, max_size=30)


def course(*likes: int, text: str = "Hello") -> PostCourse:
    post = replace(samples.post(), text=text)
    at = samples.NOW
    points = tuple(LikePoint(at + timedelta(hours=n), count) for n, count in enumerate(likes))
    return PostCourse(post, points)


@settings(max_examples=10)
@given(st.lists(st.tuples(counts, awkward), min_size=1, max_size=5))
def test_any_courses_are_drawn(drawn: list[tuple[list[int], str]]) -> None:
    picture = likes_chart([course(*likes, text=text) for likes, text in drawn])
    assert Image.open(BytesIO(picture)).size == (WIDTH, HEIGHT)
    assert len(picture) < 200_000


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_axis_is_round_and_around_all_counts(one: int, other: int) -> None:
    least, most = sorted((one, other))
    bottom, step, top = axis_top(least, most)
    assert bottom <= least
    assert most <= top
    assert (top - bottom) % step == 0
    assert 1 <= (top - bottom) // step <= 6


def test_milestones_are_marked_once_where_they_were_reached() -> None:
    reached = milestones_of(course(3, 11, 9, 12, 60))
    assert [point.likes for point in reached] == [10, 50]
    assert milestones_of(course(10, 10)) == []


@given(awkward)
def test_the_legend_has_letters_that_can_be_drawn(text: str) -> None:
    label = legend_label(course(1, 2, text=text))
    assert label.encode("latin-1")
    assert 0 < len(label) <= 48


@pytest.mark.parametrize("likes", [(0, 0), (5, 5), (0, 1)])
def test_a_course_that_hardly_moves_is_drawn(likes: tuple[int, ...]) -> None:
    assert likes_chart([course(*likes)])
