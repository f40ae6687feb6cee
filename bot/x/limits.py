"""X's rate limits: known from its documents before the first request, corrected by its headers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain import Allowance
from bot.domain.errors import RateLimited
from bot.x.x_time import in_our_time


class Endpoint(StrEnum):
    """The endpoints in use, in the words of X's documents."""

    POSTS = "GET /2/tweets"
    LIKING_USERS = "GET /2/tweets/:id/liking_users"
    LIKED_POSTS = "GET /2/users/:id/liked_tweets"
    USER_POSTS = "GET /2/users/:id/tweets"
    USER_BY_USERNAME = "GET /2/users/by/username/:username"
    ME = "GET /2/users/me"
    USAGE = "GET /2/usage/tweets"
    LIKE = "POST /2/users/:id/likes"
    UNLIKE = "DELETE /2/users/:id/likes/:tweet_id"
    SUBSCRIPTIONS = "GET /2/activity/subscriptions"
    SUBSCRIBE = "POST /2/activity/subscriptions"
    UNSUBSCRIBE = "DELETE /2/activity/subscriptions"
    WEBHOOKS = "GET /2/webhooks"
    ADD_WEBHOOK = "POST /2/webhooks"
    PROVE_WEBHOOK = "PUT /2/webhooks/:id"


WINDOW = timedelta(minutes=15)
DAY = timedelta(hours=24)
# A reset of the quarter of an hour is no farther, even where the clocks differ a little.
_NEAREST_DAY = WINDOW + timedelta(minutes=5)
# X opens a window when the first request arrives, later than it was counted here; two windows of
# its own are a whole one apart.
_SAME_WINDOW = WINDOW / 2
# No window of X is longer than a day; a reset beyond is nonsense.
_FARTHEST = DAY + timedelta(hours=1)
# More requests than X would ever allow in a window.
_ABSURD = 2**31
# How long to leave X alone after a 429 whose reset lies in the past.
_PAUSE = timedelta(seconds=5)
# Like and unlike share this many a day.
_LIKES_A_DAY = 1_000
LIKE_DAY = "likes and unlikes a day"

# Requests in 15 minutes; where X names one limit per app and one per user, the smaller one.
DOCUMENTED = {
    Endpoint.POSTS: 3_500,
    Endpoint.LIKING_USERS: 75,
    Endpoint.LIKED_POSTS: 75,
    Endpoint.USER_POSTS: 900,
    Endpoint.USER_BY_USERNAME: 300,
    Endpoint.ME: 75,
    Endpoint.USAGE: 50,
    Endpoint.LIKE: 50,
    Endpoint.UNLIKE: 50,
    Endpoint.SUBSCRIPTIONS: 500,
    Endpoint.SUBSCRIBE: 500,
    Endpoint.UNSUBSCRIBE: 500,
    Endpoint.WEBHOOKS: 450,
    Endpoint.ADD_WEBHOOK: 450,
    Endpoint.PROVE_WEBHOOK: 450,
}


_LIKES = frozenset({Endpoint.LIKE, Endpoint.UNLIKE})


@dataclass(slots=True)
class _Window:
    limit: int
    remaining: int
    resets_at: datetime


def windows_of(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the names of the windows that a request to this endpoint counts in."""
    return (endpoint, LIKE_DAY) if endpoint in _LIKES else (endpoint,)


class Limits:
    """The allowances of every account; a request is counted before it is sent.

    Accounts are named by strings: `user:ID`, or `app` for the app's bearer token.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._windows: dict[tuple[str, str], _Window] = {}

    def take(self, account: str, endpoint: Endpoint, *, keep: int = 0) -> None:
        """Count one request, leaving `keep` for others; raise RateLimited when there is none."""
        windows = [self._window(account, endpoint)]
        if endpoint in _LIKES:
            windows.append(self._like_day(account))
        spent = [window for window in windows if window.remaining <= keep]
        if spent:
            raise RateLimited(max(window.resets_at for window in spent))
        for window in windows:
            window.remaining -= 1

    def give_back(self, account: str, endpoint: Endpoint, taken: Allowance) -> None:
        """Count a request no longer that X did not receive, unless its window is over."""
        if self._window(account, endpoint).resets_at != taken.resets_at:
            return
        for name in windows_of(endpoint):
            window = self._windows.get((account, name))
            if window is not None:
                window.remaining = min(window.limit, window.remaining + 1)

    def learn(self, account: str, endpoint: Endpoint, headers: Mapping[str, str]) -> None:
        """Correct what is known by the `x-rate-limit-*` headers of an answer."""
        heard = told(endpoint, headers, self._now())
        # Answers may overtake each other: this one may belong to a window that is over.
        if heard is None or not self._is_near(heard.resets_at):
            return
        name, known = self._meant(account, endpoint, heard.resets_at)
        remaining = heard.remaining
        if heard.resets_at < known.resets_at + _SAME_WINDOW:
            # Within one window the allowance only ever falls, also by what is still under way.
            taken = known.limit - known.remaining
            remaining = max(0, min(heard.remaining, heard.limit - taken))
        self._windows[account, name] = _Window(heard.limit, remaining, heard.resets_at)

    def refuse(self, account: str, endpoint: Endpoint, resets_at: datetime | None) -> datetime:
        """Note a 429: nothing more until the reset, or for a window when X does not say."""
        until = resets_at or self._now() + WINDOW
        if not self._is_near(until):
            # By our clock the reset is past: the clocks differ, and X did not tell its time.
            until = self._now() + (_PAUSE if until <= self._now() else WINDOW)
        name, known = self._meant(account, endpoint, until)
        self._windows[account, name] = _Window(known.limit, 0, until)
        return until

    def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        window = self._window(account, endpoint)
        return Allowance(endpoint, window.limit, window.remaining, window.resets_at)

    def snapshot(self) -> dict[tuple[str, str], Allowance]:
        """Return every window that is still open, to be stored."""
        return {
            (account, endpoint): Allowance(
                endpoint, window.limit, window.remaining, window.resets_at
            )
            for (account, endpoint), window in self._windows.items()
            if window.resets_at > self._now()
        }

    def restore(self, stored: Iterable[tuple[str, Allowance]]) -> None:
        """Take up what an earlier process knew."""
        for account, known in stored:
            self._windows[account, known.endpoint] = _Window(
                known.limit, known.remaining, known.resets_at
            )

    def _is_near(self, reset: datetime) -> bool:
        return self._now() < reset <= self._now() + _FARTHEST

    def _meant(self, account: str, endpoint: Endpoint, resets_at: datetime) -> tuple[str, _Window]:
        """Return which window X speaks of: of several it tells the one that has least left."""
        if endpoint in _LIKES and resets_at > self._now() + _NEAREST_DAY:
            return LIKE_DAY, self._like_day(account)
        return endpoint, self._window(account, endpoint)

    def _window(self, account: str, endpoint: Endpoint) -> _Window:
        return self._open(account, endpoint, DOCUMENTED[endpoint], WINDOW)

    def _like_day(self, account: str) -> _Window:
        return self._open(account, LIKE_DAY, _LIKES_A_DAY, DAY)

    def _open(self, account: str, name: str, limit: int, length: timedelta) -> _Window:
        known = self._windows.get((account, name))
        if known is None or known.resets_at <= self._now():
            limit = known.limit if known is not None else limit
            known = _Window(limit, limit, self._now() + length)
            self._windows[account, name] = known
        return known


def told(endpoint: Endpoint, headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """Return the allowance that an answer's headers name, if they make sense.

    Its reset is by our clock: as long after `now` as X's is after the `Date` of the answer.
    """
    try:
        limit = int(headers["x-rate-limit-limit"])
        remaining = int(headers["x-rate-limit-remaining"])
        resets_at = datetime.fromtimestamp(int(headers["x-rate-limit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    if not (0 < limit < _ABSURD and 0 <= remaining <= limit):
        return None
    return Allowance(endpoint, limit, remaining, in_our_time(resets_at, headers, now))
