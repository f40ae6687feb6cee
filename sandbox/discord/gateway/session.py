"""A bot's session: what it subscribed to, and what it must still hear after a lost connection."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.discord.gateway.connection import Connection
from sandbox.discord.gateway.protocol import Op
from sandbox.discord.types import Json

MOST_KEPT = 1000


@dataclass(slots=True)
class Session:
    """`left_at` is when the connection was lost, on the sandbox's clock."""

    id: str
    intents: int
    shard: tuple[int, int]
    base: str
    connection: Connection | None
    left_at: float | None = None
    seq: int = 0
    kept: deque[Json] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def dispatch(self, event: str, data: Json) -> None:
        """Send the event now, and keep it for a resume."""
        self.seq += 1
        payload: Json = {"op": int(Op.DISPATCH), "t": event, "s": self.seq, "d": data}
        self.kept.append(payload)
        if self.connection is not None:
            self.connection.send(payload)

    def holds_guild(self, guild_id: int) -> bool:
        number, count = self.shard
        return (guild_id >> 22) % count == number

    def can_replay(self, seq: int) -> bool:
        oldest = self.kept[0]["s"] if self.kept else self.seq + 1
        return bool(seq >= oldest - 1)

    def resume(self, connection: Connection, seq: int) -> None:
        """Go on with another connection, and send again what came after `seq`."""
        self.connection = connection
        self.base = connection.base
        self.left_at = None
        for payload in self.kept:
            if payload["s"] > seq:
                connection.send(payload)
        self.dispatch("RESUMED", {"_trace": []})
