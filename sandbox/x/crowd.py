"""A crowd that likes posts at a chosen mean rate, now and then in bursts."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.x.world.state import World

BURST_CHANCE = 0.06
BURST_SIZES = (3, 9)
_MEAN_BURST = sum(BURST_SIZES) / 2
_CATCH_UP_S = 1.0
MEAN_LIKES_A_STEP = 1 - BURST_CHANCE + BURST_CHANCE * _MEAN_BURST


@dataclass(frozen=True, slots=True)
class Step:
    """Wait, then so many people like something at once."""

    delay_s: float
    likes: int


def next_step(rate_per_minute: float, rng: random.Random) -> Step:
    """Draw the next step of a Poisson process whose steps are sometimes bursts."""
    is_burst = rng.random() < BURST_CHANCE
    likes = rng.randint(*BURST_SIZES) if is_burst else 1
    return Step(rng.expovariate(rate_per_minute / 60 / MEAN_LIKES_A_STEP), likes)


class Crowd:
    """People who like `posts()` (all posts, if not given), each person a post once.

    `rate_per_minute` may change while it runs; 0 pauses it.
    """

    def __init__(
        self,
        world: World,
        clock: Clock,
        rate_per_minute: float,
        rng: random.Random,
        posts: Callable[[], Sequence[int]] | None = None,
    ) -> None:
        self._world = world
        self._clock = clock
        self._rate = rate_per_minute
        self._rng = rng
        self._posts = posts or (lambda: list(world.posts))
        self._changed = asyncio.Event()

    @property
    def rate_per_minute(self) -> float:
        return self._rate

    @rate_per_minute.setter
    def rate_per_minute(self, rate: float) -> None:
        self._rate = max(rate, 0)
        self._changed.set()

    async def run(self) -> None:
        """Like until cancelled; small delays of the machine are caught up, clock jumps are not."""
        due = self._clock.time()
        while True:
            now = self._clock.time()
            step = next_step(self._rate, self._rng) if self._rate > 0 else None
            due = max(due, now - _CATCH_UP_S) + step.delay_s if step else now
            if await self._rate_changes_before(due if step else None):
                due = self._clock.time()
            elif step:
                self.like(step.likes)

    def like(self, times: int = 1) -> None:
        """Let people like something right now; nothing happens where there is no post."""
        for _ in range(times):
            known = [post_id for post_id in self._posts() if post_id in self._world.posts]
            if known:
                post = self._world.posts[self._rng.choice(known)]
                self._world.like(post, self._world.stranger_to(post))

    async def _rate_changes_before(self, due: float | None) -> bool:
        """Wait until then, or until the rate changes; say whether it did."""
        try:
            async with asyncio.timeout(None if due is None else max(due - self._clock.time(), 0)):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._changed.clear()
        return True
