"""When a list of likers has shown nobody, or nobody new, for so long that it is given up. Pure."""

from datetime import datetime, timedelta

from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.watching.post_state.looking_again import LOOKS
from bot.watching.post_state.state import LikesState, Reading

# One vain reading proves nothing: it takes a second rise of the count, some minutes later, and a
# third where the list is longer than a page and may begin with the oldest like.
VAIN_RISES = 2
# An own post's list that stays empty, or is refused, for so long is hidden.
HIDDEN_AFTER = timedelta(minutes=15)
# So few likers may all be people whom X never lists.
_MAY_ALL_BE_HIDDEN = 5


def is_stalled(state: LikesState, now: datetime) -> bool:
    """Say whether the list has shown nobody new although the count rose, again and again.

    One that shows nobody at all may be hidden.
    """
    return (
        state.stalled_at is not None
        and state.dark_since is None
        and state.rises >= VAIN_RISES + (0 < state.older <= MAX_LIKERS_A_PAGE)
        # The likes of the last rise were looked for again: the list is not just late.
        and state.missing_since is not None
        and now - state.missing_since >= LOOKS[2]
    )


def hides_others(state: LikesState, reading: Reading) -> bool:
    """Say whether likes are private, as X keeps them for posts of others."""
    return reading.shown == 0 and state.count > 0 and not reading.own


def dark_since(state: LikesState, reading: Reading, now: datetime) -> datetime | None:
    if reading.shown or not state.count:
        return None
    return state.dark_since or now


def is_dark(state: LikesState, now: datetime) -> bool:
    """Say whether a list has been empty, or refused, for so long that X hides it."""
    return state.dark_since is not None and now - state.dark_since >= HIDDEN_AFTER


def shows_nobody(state: LikesState) -> bool:
    """Say whether a list is empty that has too many likes for all of them to be hidden."""
    return state.dark_since is not None and state.count >= _MAY_ALL_BE_HIDDEN
