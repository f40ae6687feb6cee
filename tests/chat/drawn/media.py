"""Pictures, videos and polls of posts."""

from collections.abc import Callable
from itertools import product

from hypothesis import strategies as st

from bot.domain import Media, Playback, Poll, PollOption
from tests.chat.drawn.parts import BOTH, MOST, Handful
from tests.chat.drawn.people import PICTURES
from tests.chat.drawn.texts import awkward

_KINDS = list(
    product(
        ("photo", "video", "animated_gif", "hologram"),
        ("https://pbs.example/b.png", *PICTURES[1:]),
        (None, 2**62, 0, 999, 61_000, 3_661_000, 10**8),
        (None, 0, 1, MOST),
        (None, "drawn", "a" * 1_500),
    )
)


def _media(alt_text: str, size: int, first: int, step: int) -> tuple[Media, ...]:
    """Return pictures, each `step` kinds after the one before."""
    kinds = (_KINDS[(first + at * step) % len(_KINDS)] for at in range(size))
    return tuple(
        Media(kind, url, alt_text if described == "drawn" else described, lasting, views)
        for kind, url, lasting, views, described in kinds
    )


media = st.builds(
    _media,
    awkward,
    st.integers(0, 12),
    st.integers(0, len(_KINDS) - 1),
    st.integers(0, len(_KINDS) - 1),
)


def _poll(size: int, *, is_open: bool, ends: bool) -> Callable[[Handful], Poll]:
    def of(drawn: Handful) -> Poll:
        options = map(PollOption, (drawn.text, drawn.other) * size, drawn.counts(size))
        return Poll(tuple(options), drawn.at if ends else None, is_open)

    return of


POLLS = [
    _poll(size, is_open=is_open, ends=ends)
    for size, is_open, ends in product(range(1, 7), BOTH, BOTH)
]


def _videos(
    size: int, *, rising: bool, is_viewed: bool
) -> Callable[[Handful], tuple[Playback, ...]]:
    def of(drawn: Handful) -> tuple[Playback, ...]:
        falling = drawn.counts(5 + size)
        quarters = (falling[at : at + 5] for at in range(size))
        views = drawn.count if is_viewed else None
        return tuple(
            Playback(tuple(reversed(each) if rising else each), views) for each in quarters
        )

    return of


VIDEOS = [
    _videos(size, rising=rising, is_viewed=is_viewed)
    for size, rising, is_viewed in product(range(7), BOTH, BOTH)
]
