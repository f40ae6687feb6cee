"""What the bot asked for, without the secrets it asked with."""

import re
from collections import deque
from dataclasses import asdict, dataclass

from sandbox.clock import Clock
from sandbox.discord.types import Json

MOST_KEPT = 10_000
TOKEN_IN_PATH = re.compile(r"(/(?:interactions|webhooks)/\d+/)[^/]+")


@dataclass(frozen=True, slots=True)
class Entry:
    method: str
    path: str
    status: int
    at: str


class RequestLog:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=MOST_KEPT)

    def add(self, method: str, path: str, status: int) -> None:
        hidden = TOKEN_IN_PATH.sub(r"\1:token", path)
        self._entries.append(Entry(method, hidden, status, self._clock.now().isoformat()))

    def entries(self) -> list[Json]:
        return [asdict(entry) for entry in self._entries]
