"""The commands that are run right now, so that the end can wait for their answers."""

import asyncio


class CommandsRunning:
    def __init__(self) -> None:
        self._interaction_ids: set[int] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def began(self, interaction_id: int) -> None:
        self._interaction_ids.add(interaction_id)
        self._idle.clear()

    def ended(self, interaction_id: int) -> None:
        """Note that a command has said all that it had to say."""
        self._interaction_ids.discard(interaction_id)
        if not self._interaction_ids:
            self._idle.set()

    async def finish(self, within_s: float) -> int:
        """Wait until every command has answered, but no longer; return how many have not."""
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            return len(self._interaction_ids)
        return 0
