"""The small charts of messages: whatever the counts and the posts are."""

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.chat.charts.sparkline import HEIGHT, WIDTH, drawable, sparklines
from bot.domain.announcements import MAX_IN_DIGEST
from bot.domain.insight import ChartRow
from tests.chat.drawn import awkward

MOST_BYTES = 60_000
points = st.lists(
    st.tuples(st.floats(-1, 2, allow_nan=False), st.integers(0, 10**10)), min_size=1, max_size=16
)
counts = st.sampled_from(["0", "10,000.0M", "1\u202f234\u202f567", "1.234\xa0567"])
rows = st.builds(
    lambda name, at, first, last: ChartRow(name, tuple(at), (first, last)),
    awkward,
    points,
    counts,
    counts,
)


@settings(max_examples=20)
@given(st.lists(rows, min_size=1, max_size=MAX_IN_DIGEST))
def test_any_rows_are_drawn_and_small(drawn: list[ChartRow]) -> None:
    picture = sparklines(drawn)
    width, height = Image.open(BytesIO(picture)).size
    assert width == WIDTH
    assert height == HEIGHT if len(drawn) == 1 else height > HEIGHT
    assert len(picture) < MOST_BYTES


def test_spaces_that_the_font_lacks_are_drawn_as_spaces() -> None:
    assert drawable("1\u202f234\xa0567") == "1 234 567"


@given(awkward)
def test_names_have_letters_that_can_be_drawn(name: str) -> None:
    shown = drawable(name)
    assert shown.encode("latin-1") or not shown
    assert len(shown) <= 48
    assert "\n" not in shown
