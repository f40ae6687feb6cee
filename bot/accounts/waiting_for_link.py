"""Waiting for people who have gone to X to come back."""

import asyncio
from datetime import timedelta

from bot.domain import LinkedAccount


class WaitingForLink:
    """Those who wait for a request to link, by its key."""

    def __init__(self, timeout: timedelta) -> None:
        self._timeout = timeout
        self._waiting: dict[str, asyncio.Future[LinkedAccount]] = {}

    async def wait(self, key: str) -> LinkedAccount:
        """Wait until somebody arrives; raise TimeoutError when it takes too long."""
        future = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                return await asyncio.shield(future)
        finally:
            self._waiting.pop(key, None)

    def arrived(self, key: str, linked: LinkedAccount) -> None:
        future = self._waiting.get(key)
        if future is not None and not future.done():
            future.set_result(linked)
