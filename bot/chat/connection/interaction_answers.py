"""How interactions are answered where Discord, or what stands before it, does not answer well.

discord.py wants a body where Discord may send none, and takes its own answer for somebody else's
when the first try arrived and what Discord said to it was lost.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, cast

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.chat.connection.whole_answers import AnswerUnreadable, read_any_json, require_answers

_CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
_ANSWERED_ALREADY = 40060
_LOST = (aiohttp.ClientError, TimeoutError, ConnectionError)
# Discord waits three seconds for a first answer, and nobody likes to wait longer for another.
_LONGEST_PAUSE_S = 2.0


def bear_bad_answers(http: HTTPClient) -> None:
    """Let requests raise what can be waited out, and all that is begun from here answer so."""
    read_any_json()
    require_answers(http)
    async_context.set(TolerantAdapter())


class TolerantAdapter(AsyncWebhookAdapter):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # discord.py's own

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:  # noqa: ANN401 -- discord.py's own
        """Send it, and once more where it may be repeated and the answer was lost, or is none."""
        watched = _Watched(session)
        may_be_repeated = route.path == _CALLBACK or route.method != "POST"
        try:
            return await self._answered(route, watched, options)
        except (AnswerUnreadable, *_LOST):
            if not may_be_repeated or options.get("files"):
                raise
        except discord.HTTPException as error:
            pause_s = _pause_s(error)
            if pause_s is None or options.get("files"):
                raise
            await asyncio.sleep(pause_s)
        return await self._answered(route, watched, options)

    async def _answered(self, route: Route, watched: "_Watched", options: dict[str, Any]) -> object:
        session = cast("aiohttp.ClientSession", watched)
        try:
            answer = await super().request(route, session, **options)
        except discord.HTTPException as error:
            if route.path != _CALLBACK or error.code != _ANSWERED_ALREADY or not watched.has_lost:
                raise
            answer = None  # an earlier try of this very answer arrived
        except (KeyError, TypeError, ValueError) as error:
            # No JSON, or a 429 that does not say for how long.
            if route.path != _CALLBACK or not watched.was_taken:
                raise AnswerUnreadable(route) from error
            answer = None
        return _whole(route, options, answer)


class _Watched:
    """A session of which it is known what became of what it sent: taken, or the answer lost."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.has_lost = self.was_taken = False

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        **options: Any,  # noqa: ANN401 -- discord.py's own
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(method, url, **options) as response:
                self.was_taken = response.ok
                self.has_lost |= response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
                yield response
        except _LOST:
            self.has_lost = True
            raise


def _pause_s(error: discord.HTTPException) -> float | None:
    """Return the seconds that a 429 of what stands before Discord asks for, if they are few."""
    if error.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    try:
        named = float(error.response.headers.get("Retry-After", 1))
    except ValueError:
        return None
    return named if math.isfinite(named) and 0 <= named <= _LONGEST_PAUSE_S else None


def _whole(route: Route, options: dict[str, Any], answer: object) -> object:
    """Return an answer with what discord.py reads of it; raise AnswerUnreadable."""
    if route.path == _CALLBACK:
        # Discord sends a body to those who ask for one; that it was taken is what matters.
        told = answer.get("interaction") if isinstance(answer, dict) else None
        if isinstance(told, dict) and "id" in told:
            return answer
        return {"interaction": {"id": str(route.webhook_id)}}
    is_expected = route.method != "DELETE" and (
        route.method != "POST" or (options.get("params") or {}).get("wait")
    )
    if is_expected and not (isinstance(answer, dict) and "id" in answer):
        raise AnswerUnreadable(route)
    return answer
