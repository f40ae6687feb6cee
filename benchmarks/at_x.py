"""X in virtual time: answers from the world, its limits, and its charges by the published rules."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.world import A_PAGE, BEGIN_S, END_S, Post
from bot.domain import Allowance
from bot.x.limits import DOCUMENTED, WINDOW, Endpoint
from bot.x.prices import MICRO_USD, Resource

# What a request takes from being sent to being answered, X's and Discord's alike.
REQUEST_S = 0.2
_PLACES = 20  # bits of a liker's place


class TooManyRequestsError(Exception):
    """X answers 429: a strategy that paces itself by the allowance never sees it."""


@dataclass(slots=True)
class _Window:
    resets_s: float
    used: int


@dataclass(slots=True)
class AtX:
    """What X knows of this client: requests in each window, and what is paid for today.

    It lists all likers of a post, page by page, or the `newest_only`: a hundred.
    """

    windows: dict[tuple[str, Endpoint], _Window] = field(default_factory=dict)
    newest_only: bool = False
    paid: set[tuple[Resource, int]] = field(default_factory=set)
    micro_usd: int = 0
    probe_requests: int = 0
    liking_users_requests: int = 0
    pushed_events: int = 0
    told_twice: int = 0

    def allowance(self, who: str, endpoint: Endpoint, now: float) -> Allowance:
        limit = DOCUMENTED[endpoint]
        window = self._window(who, endpoint, now)
        remaining = limit - (window.used if window else 0)
        resets_s = window.resets_s if window else now + WINDOW.total_seconds()
        return Allowance(endpoint, limit, remaining, moment(resets_s))

    def counts(self, posts: Sequence[Post], now: float) -> Sequence[Post]:
        """`GET /2/tweets`: the app's allowance."""
        self._take("app", Endpoint.POSTS, now)
        self.probe_requests += _is_measured(now)
        self._charge(Resource.POST_READ, (post.id for post in posts), now)
        return posts

    def own_posts(
        self, posts: Sequence[Post], until_id: int, most: int, who: str, now: float
    ) -> Sequence[Post]:
        """`GET /2/users/:id/tweets` of the account that owns the app; `posts` are all that it made.

        They come in the order of their IDs, as `posts` do: those just before `until_id`.
        """
        self._take(who, Endpoint.USER_POSTS, now)
        self.probe_requests += _is_measured(now)
        end = bisect_left(posts, until_id, key=lambda post: post.id)
        page = posts[max(0, end - most) : end]
        self._charge(Resource.OWNED_READ, (post.id for post in page), now)
        return page

    def liking_users(
        self, post: Post, who: str, most: int, now: float, below: int | None = None
    ) -> range:
        """Return the places of the likers on a page, the newest like last.

        That is the first page, or the one of those `below` the place where another page began.
        """
        self._take(who, Endpoint.LIKING_USERS, now)
        self.liking_users_requests += _is_measured(now)
        end = post.count(now) if below is None else below
        page = range(max(self.first_listed(post, now), end - min(most, A_PAGE)), end)
        # Everybody likes one post only, so a person is a post and a place.
        self._charge(Resource.USER_READ, ((post.id << _PLACES) + place for place in page), now)
        return page

    def pushed(self, post: Post, place: int, now: float) -> None:
        """Charge for an event that was delivered, once a day however often it comes."""
        self._charge(Resource.LIKE_EVENT, [(post.id << _PLACES) + place], now)
        self.pushed_events += _is_measured(now)

    @property
    def worst_micro_usd(self) -> int:
        """What it costs where X charges for the user in an event, too, which it does not say."""
        return self.micro_usd + self.pushed_events * MICRO_USD[Resource.USER_READ]

    def first_listed(self, post: Post, now: float) -> int:
        """Return the place of the oldest like that X lists."""
        return max(0, post.count(now) - A_PAGE) if self.newest_only else 0

    def _take(self, who: str, endpoint: Endpoint, now: float) -> None:
        window = self._window(who, endpoint, now)
        if window is None:
            window = _Window(now + WINDOW.total_seconds(), 0)
            self.windows[who, endpoint] = window
        if window.used >= DOCUMENTED[endpoint]:
            raise TooManyRequestsError(endpoint)
        window.used += 1

    def _window(self, who: str, endpoint: Endpoint, now: float) -> _Window | None:
        window = self.windows.get((who, endpoint))
        return window if window is not None and now < window.resets_s else None

    def _charge(self, resource: Resource, ids: Iterable[int], now: float) -> None:
        if not _is_measured(now):
            return
        new = {(resource, item) for item in ids} - self.paid
        self.paid |= new
        self.micro_usd += len(new) * MICRO_USD[resource]


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _is_measured(now: float) -> bool:
    return BEGIN_S <= now < END_S
