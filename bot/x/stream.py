"""Our own reader of X's activity stream: it never gives up, and notices when nothing comes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil

import aiohttp

from bot.domain.push import PushEvent, PushKind
from bot.x.asking.pauses import named_return
from bot.x.stream_delays import Delays, Ending
from bot.x.wire import read_event

logger = logging.getLogger(__name__)
_PATH = "/2/activity/stream"
_MOST_LINE = 2**20
# A stream that ends sooner is no better than none.
_STEADY_S = 5.0
# X keeps five minutes to send again, where a plan has that at all.
_BACKFILL = timedelta(minutes=5)
_BACKFILL_REFUSED_FOR = timedelta(days=1)
_TOLD_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: X sends headers with its first keep-alive, and one every 20."""

    connect_s: float = 10.0
    headers_s: float = 45.0
    silence_s: float = 30.0


class StreamEnded(Exception):
    """A stream has ended, or could not be opened; X may have named the seconds to wait."""

    def __init__(self, ending: Ending, named_s: float | None = None) -> None:
        super().__init__(ending.value)
        self.ending = ending
        self.named_s = named_s


class Lines:
    """Cuts bytes into lines; of one that is too long only that it came is kept."""

    def __init__(self, most: int = _MOST_LINE) -> None:
        self._most = most
        self._begun = bytearray()
        self._is_too_long = False

    def of(self, more: bytes) -> list[bytes | None]:
        """Return the lines that end in what has come; None for one that was too long."""
        *ends, rest = more.split(b"\n")
        found: list[bytes | None] = []
        for end in ends:
            self._add(end)
            line = bytes(self._begun).strip()
            if self._is_too_long:
                found.append(None)
            elif line:
                found.append(line)
            self._begun.clear()
            self._is_too_long = False
        self._add(rest)
        return found

    def end(self) -> list[bytes | None]:
        """Return what was begun when nothing more comes: half an event may name its post."""
        return self.of(b"\n")

    def _add(self, piece: bytes) -> None:
        if len(self._begun) + len(piece) > self._most:
            self._is_too_long = True
            self._begun.clear()
        elif not self._is_too_long:
            self._begun += piece


class ActivityStream:
    """Hands on events; `opened` and `closed` hear when it is open, and why and for how long not."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        origin: str,
        bearer: str,
        *,
        hear: Callable[[PushEvent], Awaitable[None]],
        now: Callable[[], datetime],
        patience: Patience = Patience(),
    ) -> None:
        self._http = http
        self._url = f"{origin.rstrip('/')}{_PATH}"
        self._bearer = bearer
        self._hear = hear
        self.opened: Callable[[], None] = lambda: None
        self.closed: Callable[[Ending, float], None] = lambda _ending, _wait_s: None
        self._now = now
        self._patience = patience
        self._delays = Delays()
        self._ended_at: datetime | None = None
        self._backfill_refused_at: datetime | None = None
        self._told_at: datetime | None = None

    async def run(self) -> None:
        """Read until this is cancelled; whatever happens, it is connected to again."""
        while True:
            try:
                await self._read()
                ended = StreamEnded(Ending.CLOSED)
            except StreamEnded as error:
                ended = error
            except (aiohttp.ClientError, TimeoutError, OSError):
                ended = StreamEnded(Ending.TCP)
            self._delays, wait_s = self._delays.after(ended.ending, ended.named_s)
            self.closed(ended.ending, wait_s)
            await asyncio.sleep(wait_s)

    async def _read(self) -> None:
        """Read one stream to its end."""
        lines = Lines()
        async with self._connected() as response:
            self.opened()
            began_s = asyncio.get_running_loop().time()
            try:
                async for piece in self._pieces(response):
                    if asyncio.get_running_loop().time() - began_s >= _STEADY_S:
                        self._delays = self._delays.heard()
                    await self._take(lines.of(piece))
            except (aiohttp.ClientError, TimeoutError, OSError):
                await self._take(lines.end())
                raise
            finally:
                self._ended_at = self._now()
            await self._take(lines.end())

    async def _take(self, lines: Iterable[bytes | None]) -> None:
        for line in lines:
            await self._take_one(line)

    async def _take_one(self, line: bytes | None) -> None:
        event = PushEvent(PushKind.UNREADABLE) if line is None else read_event(line)
        if event.kind is PushKind.DISCONNECT:
            raise StreamEnded(Ending.TOLD)
        if event.kind is PushKind.TOO_MANY:
            raise StreamEnded(Ending.LIMITED)
        if event.kind is PushKind.PROBLEM:
            self._tell(line)
        await self._hear(event)

    def _tell(self, line: bytes | None) -> None:
        """Log what X says of its stream, at most once a minute."""
        now = self._now()
        if self._told_at is None or now - self._told_at >= _TOLD_EVERY:
            self._told_at = now
            logger.warning("X says on its stream: %.300r", line)

    async def _pieces(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        while True:
            async with asyncio.timeout(self._patience.silence_s):
                piece = await response.content.readany()
            if not piece:
                return
            yield piece

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiohttp.ClientResponse]:
        """Open a stream; raise StreamEnded where X does not let us."""
        backfill = self._backfill()
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self._patience.connect_s)
        asking = self._http.get(
            self._url,
            params={"backfill_minutes": str(backfill)} if backfill else {},
            headers={"Authorization": f"Bearer {self._bearer}"},
            timeout=timeout,
            allow_redirects=False,
        )
        async with asyncio.timeout(self._patience.headers_s):
            response = await asking
        try:
            if response.status != HTTPStatus.OK:
                if backfill and response.status == HTTPStatus.BAD_REQUEST:
                    self._backfill_refused_at = self._now()
                    raise StreamEnded(Ending.TOLD)
                raise self._refused(response)
            yield response
        finally:
            response.close()

    def _backfill(self) -> int:
        """Return how many minutes X is asked to send again: what was missed, where it may know."""
        now, refused_at = self._now(), self._backfill_refused_at
        if refused_at is not None and now - refused_at < _BACKFILL_REFUSED_FOR:
            return 0
        if self._ended_at is None or now - self._ended_at > _BACKFILL:
            return 0
        return min(5, max(1, ceil((now - self._ended_at).total_seconds() / 60)))

    def _refused(self, response: aiohttp.ClientResponse) -> StreamEnded:
        named = named_return(response.headers, self._now())
        named_s = None if named is None else (named - self._now()).total_seconds()
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            return StreamEnded(Ending.LIMITED, named_s)
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return StreamEnded(Ending.SERVER, named_s)
        return StreamEnded(Ending.REFUSED, named_s)
