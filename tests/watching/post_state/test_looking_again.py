"""When likes that are counted and not listed are looked for, and what comes of it."""

from datetime import timedelta

from bot.domain import WatchKind
from bot.watching.post_state.after_reading import likers_read
from bot.watching.post_state.given_up import HIDDEN_AFTER
from bot.watching.post_state.looking_again import LOOKS
from bot.watching.post_state.state import Growth, LikesState, Reading, count_read
from tests.storage.rows import NOW

LATER = NOW + timedelta(hours=1)
NAMES = LikesState(WatchKind.NAMES, 10, 10, read_at=NOW, first_read_at=NOW, found_at=NOW)


def test_what_is_counted_and_not_listed_is_looked_for_until_it_counts_as_hidden() -> None:
    nothing = Reading(shown=10, new=0, proven=True, whole=True, own=True)
    state, now = count_read(NAMES, 11, LATER)[0], LATER
    looks = []
    while (state := likers_read(state, nothing, now).state).look_at is not None:
        assert (state.hidden, state.pending) == (0, 1)
        looks.append(state.look_at - LATER)
        now = state.look_at

    assert tuple(looks) == LOOKS
    assert (state.hidden, state.pending, state.kind) == (1, 0, WatchKind.NAMES)


def test_a_list_that_is_empty_for_long_is_followed_by_its_count_with_all_that_waits() -> None:
    nobody = Reading(shown=0, new=0, proven=True, whole=True, own=True)
    state, now = count_read(NAMES, 12, LATER)[0], LATER
    while (outcome := likers_read(state, nobody, now)).growth is None:
        state = outcome.state
        assert (state.kind, state.hidden, state.pending) == (WatchKind.NAMES, 0, 2)
        assert state.look_at is not None
        now = state.look_at

    assert now - LATER >= HIDDEN_AFTER
    assert (outcome.state.kind, outcome.growth) == (WatchKind.COUNTS, Growth(10, 12))
