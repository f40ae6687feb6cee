"""Two looks, a minute apart, decide whether X shows something."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.watching.visibility import LOOK_AGAIN, Visibility
from storage.models import PostState
from tests.cases import in_turn
from tests.storage.rows import NOW

LIVE, DELETED, PROTECTED = PostState.LIVE, PostState.DELETED, PostState.PROTECTED
LOOKS = st.lists(st.tuples(st.integers(1, 90), st.sampled_from(PostState)), max_size=30)


def _play(*looks: tuple[float, PostState]) -> list[Visibility]:
    """Return what it is after each look, which come so many seconds after each other."""
    at, known, found = NOW, Visibility(LIVE), list[Visibility]()
    for passed_s, what in looks:
        at += timedelta(seconds=passed_s)
        known = known.seen(what, at)
        found.append(known)
    return found


def _told(*looks: tuple[float, PostState]) -> list[bool]:
    """Return what the channels are told: whether it is shown, whenever that changes."""
    shown = [True, *(known.told is LIVE for known in _play(*looks))]
    return [after for before, after in pairwise(shown) if before != after]


def test_one_look_changes_nothing_and_a_second_one_does() -> None:
    first, too_soon, second = _play((15, DELETED), (59, DELETED), (1, DELETED))
    assert (first.state, first.suspected, first.told) == (LIVE, DELETED, LIVE)
    assert too_soon == first
    assert second == Visibility(DELETED, missing_since=first.suspected_at)


def test_one_that_shows_it_takes_the_suspicion_back() -> None:
    *_, shown, again = _play((15, DELETED), (30, LIVE), (40, DELETED))
    assert shown == Visibility(LIVE)
    assert again.state is LIVE


def test_another_reason_is_another_suspicion() -> None:
    *_, other, second = _play((15, DELETED), (60, PROTECTED), (60, PROTECTED))
    assert other.state is LIVE
    assert second.state is PROTECTED


def test_it_goes_on_when_it_is_seen_and_that_is_told_a_minute_later() -> None:
    *_, missing, back, sure = _play((15, DELETED), (60, DELETED), (15, LIVE), (60, LIVE))
    assert (missing.told, missing.missing_since) == (DELETED, NOW + timedelta(seconds=15))
    assert (back.state, back.told) == (LIVE, DELETED)
    assert sure == Visibility(LIVE)


def test_the_reason_of_what_is_missing_is_looked_at_twice_too() -> None:
    *_, other, second = _play((15, DELETED), (60, DELETED), (15, PROTECTED), (60, PROTECTED))
    assert (other.state, other.suspected) == (DELETED, PROTECTED)
    assert second == Visibility(PROTECTED, missing_since=NOW + timedelta(seconds=15))


@in_turn("apart_s", [1, 15, 59, 61, 600])
def test_what_flickers_is_told_of_once_at_most(apart_s: float) -> None:
    looks = [(apart_s, what) for _ in range(50) for what in (DELETED, LIVE)]
    assert _told(*looks) == []
    assert _told((1, DELETED), (60, DELETED), *((apart_s, what) for _, what in looks)) == [False]


@given(LOOKS)
def test_nothing_is_told_that_two_looks_a_minute_apart_did_not_say(
    looks: list[tuple[int, PostState]],
) -> None:
    at, known = NOW, Visibility(LIVE)
    seen: list[tuple[timedelta, PostState]] = []
    for passed_s, what in looks:
        at += timedelta(seconds=passed_s)
        after = known.seen(what, at)
        seen.append((at - NOW, what))
        if (known.told is LIVE) != (after.told is LIVE):
            same = [when for when, said in seen if said is what]
            assert same[-1] - same[0] >= LOOK_AGAIN
            assert after.state is what
        known = after
