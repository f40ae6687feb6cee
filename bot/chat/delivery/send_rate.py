"""How fast announcements follow each other: a little slower than Discord allows a bot altogether.

discord.py sends as fast as it can, and heeds the limit only once Discord has answered 429 to
everything; whoever is answered so too often is shut out.
"""

import asyncio
from collections import deque

# Discord allows 50 requests a second; two are left to all that is no announcement.
A_SECOND = 48
# What left late is caught up with, within the same second, by so much shorter a distance.
CATCHES_UP = 0.9


class SendRate:
    """Spaces requests evenly, so that no second has more of them, wherever it begins.

    What left late, because the machine was busy, is counted by when it left.
    """

    def __init__(self, a_second: int = A_SECOND) -> None:
        self._apart_s = CATCHES_UP / a_second
        self._next_s = 0.0
        self._left: deque[float] = deque(maxlen=a_second)
        self._one_after_the_other = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until it is this request's turn."""
        clock = asyncio.get_running_loop().time
        async with self._one_after_the_other:
            now = clock()
            is_full = len(self._left) == self._left.maxlen
            turn = max(self._next_s, now, self._left[0] + 1.0 if is_full else now)
            self._next_s = turn + self._apart_s
            await asyncio.sleep(turn - now)
            self._left.append(clock())
