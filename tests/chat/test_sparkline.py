"""The small charts of messages: whatever the counts and the posts are."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.chat.charts.sparkline import HEIGHT, WIDTH, drawable, short, sparklines
from bot.domain.announcements import MAX_IN_DIGEST
from bot.domain.insight import ChartRow
from tests.chat.drawn import awkward

MOST_BYTES = 60_000
points = st.lists(
    st.tuples(st.floats(-1, 2, allow_nan=False), st.integers(0, 10**10)), min_size=1, max_size=16
)
rows = st.builds(lambda name, at: ChartRow(name, tuple(at)), awkward, points)


@settings(max_examples=20)
@given(st.lists(rows, min_size=1, max_size=MAX_IN_DIGEST))
def test_any_rows_are_drawn_and_small(drawn: list[ChartRow]) -> None:
    picture = sparklines(drawn)
    width, height = Image.open(BytesIO(picture)).size
    assert width == WIDTH
    assert height == HEIGHT if len(drawn) == 1 else height > HEIGHT
    assert len(picture) < MOST_BYTES


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (12_345, "12,345"), (999_999, "999,999"), (10**10, "10,000.0M")]
)
def test_counts_are_short_enough_for_their_place(count: int, said: str) -> None:
    assert short(count) == said


@given(awkward)
def test_names_have_letters_that_can_be_drawn(name: str) -> None:
    shown = drawable(name)
    assert shown.encode("latin-1") or not shown
    assert len(shown) <= 48
    assert "\n" not in shown
