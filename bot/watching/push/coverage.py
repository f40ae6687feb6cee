"""For which accounts X pushes likes now, and since when: their posts need few counts.

A post is trusted to be pushed from its first count on after that. What a count shows there beyond
what was pushed is an event that was lost; where nothing at all is pushed, and counts move, X has
fallen silent, and the account's posts are counted as if there were no push.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.watching.post_state.pushed import COUNTED_BY
from bot.watching.push.net import DOUBTFUL, Gaps, interval, is_worth_paying, missed
from storage.watched_posts import Watched

_log = structlog.stdlib.get_logger(__name__)
# So many counts in a row that moved without an event mean that X pushes nothing.
_STRIKES = 2
_TRY_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Rise:
    """A count that rose without an event; the count before it was taken at `since`."""

    account_id: int
    since: datetime
    at: datetime


class Coverage:
    """Belongs to the process that leads, and is forgotten with it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._open_since: dict[str, datetime] = {}
        self._first_open: datetime | None = None
        self._gaps = Gaps()
        self._subscribed: dict[int, datetime] = {}
        self._silent: dict[int, datetime] = {}
        self._strikes: Counter[int] = Counter()
        self._heard: dict[int, datetime] = {}
        self._rises: list[_Rise] = []
        self._to_count: set[int] = set()

    # What is known of the ways and of the subscriptions

    def opened(self, way: str) -> None:
        now = self._now()
        self._open_since.setdefault(way, now)
        self._first_open = self._first_open or now
        self._gaps.end(now)

    def closed(self, way: str) -> None:
        """Note that nothing comes this way: what is missed is found by counting."""
        if self._open_since.pop(way, None) is not None and not self._open_since:
            self._gaps.begin(self._now())

    @property
    def is_open(self) -> bool:
        return bool(self._open_since)

    def subscribed(self, account_ids: Collection[int]) -> None:
        """Take over whose likes X is to push, as it lists them."""
        now = self._now()
        self._subscribed = {each: self._subscribed.get(each, now) for each in account_ids}
        self._silent = {each: at for each, at in self._silent.items() if each in self._subscribed}

    def renewed(self, account_id: int) -> None:
        """Note that a subscription was made just now: what came before it was not pushed."""
        self._subscribed[account_id] = self._now()
        self._silent.pop(account_id, None)
        self._strikes.pop(account_id, None)

    @property
    def accounts(self) -> Mapping[int, datetime]:
        """Those that X is to push likes of, each since when."""
        return self._subscribed

    @property
    def silent(self) -> Mapping[int, datetime]:
        """Those of them of which X pushes nothing, each since when that was found."""
        return self._silent

    # What this means for posts

    def since(self, account_id: int | None) -> datetime | None:
        """Return since when an account's likes are pushed; None where they are not."""
        if account_id is None or account_id in self._silent or not self._open_since:
            return None
        subscribed = self._subscribed.get(account_id)
        return None if subscribed is None else max(subscribed, min(self._open_since.values()))

    def pushes(self, account_id: int | None) -> bool:
        return self.since(account_id) is not None

    def trusts(self, account_id: int | None, counted_at: datetime | None) -> bool:
        """Say whether each like since a post was last counted must have been pushed."""
        since = self.since(account_id)
        return since is not None and counted_at is not None and counted_at >= since

    def due(
        self,
        rows: Collection[Watched],
        rate: Callable[[Watched], float],
        has_price: Callable[[Watched], bool] = lambda _: False,
    ) -> list[Watched]:
        """Return the posts to be counted now: all those whose likes are not pushed.

        Of the others all together, when it is time for one: X charges for each once a day. Those
        whose count has a price today wait until push may have missed enough of them.
        """
        now = self._now()
        saved = [row for row in rows if has_price(row) and self._is_saved(row, rate(row), now)]
        kept = {row.id for row in saved} - self._doubtful(saved, rate, now)
        rows = [row for row in rows if row.id not in kept]
        waits = {row.id: self._waits(row, now) for row in rows}
        is_time = any(
            waited >= interval(rate(row)) for row in rows if (waited := waits[row.id]) is not None
        )
        return [
            row
            for row in rows
            if (waited := waits[row.id]) is None or (is_time and waited >= COUNTED_BY)
        ]

    def _is_saved(self, row: Watched, rate: float, now: datetime) -> bool:
        """Say whether a count is not worth its price, even if nothing is pushed just now."""
        account_id, counted_at = row.author_id, row.probed_at
        if account_id is None or account_id in self._silent or counted_at is None:
            return False
        subscribed, first = self._subscribed.get(account_id), self._first_open
        if subscribed is None or first is None or counted_at < max(subscribed, first):
            return False
        if self._is_waited_for(row):
            return False
        passed = now - counted_at
        likes = missed(rate, row.ahead_count, passed, self._gaps.since(counted_at, now))
        return not is_worth_paying(likes, passed)

    def _doubtful(
        self, rows: Collection[Watched], rate: Callable[[Watched], float], now: datetime
    ) -> set[int]:
        """Return posts of accounts of which more should have been pushed than was.

        The fewest that half of what is expected would be of.
        """
        expected: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        for row in rows:
            if row.author_id is not None and row.probed_at is not None:
                heard_at = max(row.probed_at, self._heard.get(row.author_id, row.probed_at))
                likes = rate(row) * (now - heard_at).total_seconds()
                expected[row.author_id].append((likes, row.id))
        found: set[int] = set()
        for posts in expected.values():
            whole = left = sum(likes for likes, _ in posts)
            for likes, post_id in sorted(posts, reverse=True):
                if whole < DOUBTFUL or left <= whole / 2:
                    break
                found.add(post_id)
                left -= likes
        return found

    def _waits(self, row: Watched, now: datetime) -> timedelta | None:
        """Return how long ago a post was counted whose likes are pushed; None: count it now."""
        is_pushed = self.trusts(row.author_id, row.probed_at)
        if self._is_waited_for(row) or row.probed_at is None or not is_pushed:
            return None
        return now - row.probed_at

    def _is_waited_for(self, row: Watched) -> bool:
        """Say whether somebody waits for a count, whatever is pushed."""
        is_doubted = row.suspected_at is not None or row.has_last_count_to_come
        return is_doubted or row.id in self._to_count

    def is_wanted(self, row: Watched) -> bool:
        """Say whether a post that is due is to be counted at once, however still it is."""
        return row.id in self._to_count or self.since(row.author_id) is not None

    def look_at(self, post_id: int) -> None:
        """Let a post be counted at the next tick: something came that could not be read."""
        self._to_count.add(post_id)

    def counted(self, post_ids: Collection[int]) -> None:
        self._to_count.difference_update(post_ids)

    # Whether X really pushes

    def heard(self, account_id: int | None) -> None:
        """Note that X has pushed something of an account."""
        if account_id is None or account_id not in self._subscribed:
            return
        now = self._now()
        self._heard[account_id] = now
        self._strikes.pop(account_id, None)
        if self._silent.pop(account_id, None) is not None:
            self._subscribed[account_id] = now
            _log.info("X pushes likes again", account=account_id)

    def rose(self, account_id: int | None, counted_at: datetime | None) -> None:
        """Note that a count rose beyond what was pushed since the count before."""
        if account_id is not None and counted_at is not None:
            self._rises.append(_Rise(account_id, counted_at, self._now()))

    def look(self) -> bool:
        """Judge what was noted a minute ago; say whether an account has fallen silent."""
        now = self._now()
        over = [rise for rise in self._rises if now - rise.at >= COUNTED_BY]
        self._rises = [rise for rise in self._rises if now - rise.at < COUNTED_BY]
        # Several posts that were counted at once are one sign.
        struck = {(rise.account_id, rise.at) for rise in over if not self._has_pushed(rise)}
        self._strikes.update(account_id for account_id, _ in struck)
        fallen = [
            account_id
            for account_id in self._subscribed
            if self._strikes[account_id] >= _STRIKES and account_id not in self._silent
        ]
        for account_id in fallen:
            self._silent[account_id] = now
            _log.warning("X pushes no likes; they are looked for again", account=account_id)
        self._try_again(now)
        return bool(fallen)

    def _has_pushed(self, rise: _Rise) -> bool:
        heard_at = self._heard.get(rise.account_id)
        return heard_at is not None and heard_at >= rise.since

    def _try_again(self, now: datetime) -> None:
        for account_id, since in [*self._silent.items()]:
            if now - since >= _TRY_AGAIN:
                del self._silent[account_id]
                self._subscribed[account_id] = now
                self._strikes[account_id] = _STRIKES - 1

    def forget(self) -> None:
        """Know nothing any more: another process leads."""
        self.__init__(self._now)  # type: ignore[misc]  # as if it had just begun
