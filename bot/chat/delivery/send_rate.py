"""How fast announcements follow each other: a little slower than Discord allows a bot altogether.

discord.py sends as fast as it can, and heeds the limit only once Discord has answered 429 to
everything; whoever is answered so too often is shut out.
"""

import asyncio

# Discord allows 50 requests a second; two are left to all that is no announcement.
A_SECOND = 48


class SendRate:
    """Spaces requests evenly, so that no second has more of them, wherever it begins."""

    def __init__(self, a_second: int = A_SECOND) -> None:
        self._apart_s = 1 / a_second
        self._next_s = 0.0

    async def turn(self) -> None:
        """Wait until it is this request's turn."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next_s, now)
        self._next_s = turn + self._apart_s
        await asyncio.sleep(turn - now)
