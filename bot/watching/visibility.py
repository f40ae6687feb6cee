"""Whether X shows a post, or an account's posts: decided by two looks, a minute apart. Pure.

One answer may be X's own trouble. So the first that says something else is only suspected, and one
that agrees with what was known takes the suspicion back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage.models import PostState

LOOK_AGAIN = timedelta(minutes=1)


def look_again_at(suspected_at: datetime) -> datetime:
    """Return when a second look decides."""
    return suspected_at + LOOK_AGAIN


@dataclass(frozen=True, slots=True)
class Visibility:
    """How it is treated (`state`), and what one look said that a second one is to confirm.

    Where X shows again what was missing, it is `LIVE` at once, and suspected to be: nothing is lost
    by going on with it, and the channels are told when that is sure.
    """

    state: PostState
    missing_since: datetime | None = None
    suspected: PostState | None = None
    suspected_at: datetime | None = None

    @property
    def told(self) -> PostState:
        """What the channels were told; of something missing, the reason may be another one."""
        is_back = self.state is PostState.LIVE and self.suspected is PostState.LIVE
        return PostState.DELETED if is_back else self.state

    def seen(self, what: PostState, now: datetime) -> "Visibility":
        """Return what it is after a look."""
        if self.suspected is what:
            return self._confirmed(what) if self._is_second_look(now) else self
        if what is PostState.LIVE:
            is_missing = self.state is not PostState.LIVE
            return Visibility(PostState.LIVE, None, what, now) if is_missing else _shown()
        if self.told is not PostState.LIVE and self.state is PostState.LIVE:
            # It flickered: what the channels were told is as true as it was.
            return Visibility(what, now)
        if self.state is what:
            return Visibility(what, self.missing_since)
        return replace(self, suspected=what, suspected_at=now)

    def _is_second_look(self, now: datetime) -> bool:
        return self.suspected_at is None or look_again_at(self.suspected_at) <= now

    def _confirmed(self, what: PostState) -> "Visibility":
        if what is PostState.LIVE:
            return _shown()
        return Visibility(what, self.missing_since or self.suspected_at)


def _shown() -> Visibility:
    return Visibility(PostState.LIVE)
