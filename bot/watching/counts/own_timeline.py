"""What is known of the account's own timeline, which pages of it have shown. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain import Post
from bot.watching.counts.schedule import CountOwn
from bot.x.prices import Prices, Resource

# So many posts of the timeline tell which part of it is watched.
_ENOUGH = 25


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """What a page showed: the posts asked for, and those that it should show and does not.

    Older ones than it goes back to are neither: they were not reached.
    """

    posts: dict[int, Post]
    absent: frozenset[int]


class Timeline:
    """Which part of it is watched around where it was last read, and which posts are not on it.

    X goes back 3,200 posts; and where the watched ones lie too far apart, asking for them by their
    IDs costs less than all that lies between them.
    """

    def __init__(self, prices: Prices) -> None:
        self.density = 1.0
        self._thinnest = prices[Resource.OWNED_READ] / max(1, prices[Resource.POST_READ])
        self._by_id: set[int] = set()
        # A larger page may reach what one has missed; what two have missed is not waited for.
        self._missed: set[int] = set()

    def has(self, post_id: int) -> bool:
        """Say whether a post is to be counted there."""
        return post_id not in self._by_id

    def keep(self, watched: Collection[int]) -> None:
        """Forget posts that are not watched any more."""
        self._by_id.intersection_update(watched)
        self._missed.intersection_update(watched)

    def read(self, request: CountOwn, page: Sequence[Post]) -> TimelinePage:
        """Take a page's posts, and learn from it how to ask for the next."""
        wanted = set(request.post_ids)
        posts = {post.id: post for post in page if post.id in wanted}
        is_last = len(page) < request.max_results
        oldest = 0 if is_last else min(post.id for post in page)
        reached = {post_id for post_id in wanted if post_id >= oldest}
        absent = frozenset(reached - posts.keys())
        self._learn_reach(reached, wanted - reached)
        self._by_id |= absent
        passed = sum(post.id >= min(wanted) for post in page)
        if passed:
            density = max(len(posts), 1) / passed
            # A page of few posts tells little of the others, unless it was too small.
            weight = min(1.0, passed / _ENOUGH) if reached == wanted else 1.0
            self.density += (density - self.density) * weight
            if density < self._thinnest:
                self._by_id |= wanted
        return TimelinePage(posts, absent)

    def _learn_reach(self, reached: Collection[int], missed: Collection[int]) -> None:
        self._by_id.update(self._missed.intersection(missed))
        self._missed.difference_update(reached)
        self._missed.update(missed)
