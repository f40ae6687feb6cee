"""Every session that a bot has, or may come back to."""

from collections.abc import Callable, Iterator

from sandbox.clock import Clock
from sandbox.discord.gateway.connection import Connection
from sandbox.discord.gateway.protocol import Op
from sandbox.discord.gateway.session import Session
from sandbox.discord.types import Json
from sandbox.events import Events

SESSION_SECONDS = 300
"""How long a session may be resumed."""

ENDS_SESSION = (1000, 1001)
"""Close codes by which a client gives its session up."""


class Sessions:
    def __init__(self, clock: Clock, events: Events) -> None:
        self._clock = clock
        self._events = events
        self._sessions: dict[str, Session] = {}
        self._was_connected = False

    @property
    def connected(self) -> bool:
        """Tell whether a bot is listening right now."""
        return any(session.connection for session in self._sessions.values())

    def dispatch(
        self,
        event: str,
        guild_id: int,
        make: Callable[[Session], Json],
        intent: int = 0,
    ) -> None:
        """Send an event to every session that subscribed to it."""
        for session in self.each(guild_id):
            if intent & session.intents == intent:
                session.dispatch(event, make(session))

    def each(self, guild_id: int) -> Iterator[Session]:
        """Yield every session that has this guild."""
        self._forget_old()
        yield from [one for one in self._sessions.values() if one.holds_guild(guild_id)]

    def add(self, session: Session) -> None:
        self._sessions[session.id] = session
        self.tell_connected()

    def find(self, session_id: str) -> Session | None:
        self._forget_old()
        return self._sessions.get(session_id)

    def of(self, connection: Connection) -> Session | None:
        sessions = self._sessions.values()
        return next((one for one in sessions if one.connection is connection), None)

    def leave(self, connection: Connection, close_code: int | None) -> None:
        """Note that the connection is gone; its session waits to be resumed."""
        session = self.of(connection)
        if session is None:
            return
        session.connection = None
        session.left_at = self._clock.time()
        if close_code in ENDS_SESSION:
            del self._sessions[session.id]
        self.tell_connected()

    def invalidate(self) -> None:
        """End every session, and tell those who are connected."""
        gone = list(self._sessions.values())
        self._sessions.clear()
        for session in gone:
            if session.connection is not None:
                session.connection.send_op(Op.INVALID_SESSION, data=False)
        self.tell_connected()

    def tell_connected(self) -> None:
        if self.connected != self._was_connected:
            self._was_connected = self.connected
            self._events.emit("bot.connected", {"connected": self.connected})

    def _forget_old(self) -> None:
        limit = self._clock.time() - SESSION_SECONDS
        for session in list(self._sessions.values()):
            if session.left_at is not None and session.left_at < limit:
                del self._sessions[session.id]
