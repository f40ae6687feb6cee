"""Hands what happens on X on to whoever is subscribed: to the streams, and to webhooks."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.events import Event
from sandbox.x.access.charges import Charge, Charges, Resource
from sandbox.x.activity.event_json import (
    delete_event,
    like_event,
    line,
    revoke_event,
)
from sandbox.x.activity.subscriptions import Subscription, Subscriptions
from sandbox.x.world.push_traps import PushTraps
from sandbox.x.world.rows import Post, User
from sandbox.x.world.snowflake import x_time
from sandbox.x.world.state import World

_UNKNOWN = {"data": {"event_type": "news.new", "event_uuid": "1", "payload": {"headline": "News"}}}
Deliver = Callable[[Subscription, bytes], bool]


@dataclass(eq=False, slots=True)
class Connection:
    """One reader of the stream. What is `stalled` is open, and nothing comes any more."""

    lines: "asyncio.Queue[bytes | None]" = field(default_factory=asyncio.Queue)
    stalled: bool = False

    def send(self, what: bytes) -> None:
        if not self.stalled:
            self.lines.put_nowait(what)


class Hub:
    """`deliver` hands an event to the webhook of a subscription, and says whether it went out."""

    def __init__(self, world: World, charges: Charges) -> None:
        self._world = world
        self._charges = charges
        self.subscriptions = Subscriptions(world.clock)
        self.connections: set[Connection] = set()
        self.deliver: Deliver = lambda *_: False
        self.opened: Callable[[], None] = lambda: None
        self.origin = "https://x.com"
        """Where pictures are, as whoever reads the stream reaches this X."""
        self._ghosts = 0
        self._numbers = itertools.count(1)
        self._held: bytes | None = None
        world.events.hearers.append(self.hear)

    @property
    def traps(self) -> PushTraps:
        return self._world.settings.push_traps

    # Connections

    @property
    def is_full(self) -> bool:
        return len(self.connections) + self._ghosts >= self.traps.connections

    def open(self, origin: str) -> Connection:
        connection, self.origin = Connection(), origin
        self.connections.add(connection)
        self.opened()
        return connection

    def close(self, connection: Connection) -> None:
        """Forget a connection that is gone; X may count it for a while."""
        self.connections.discard(connection)
        if self.traps.half_open_s:
            self._ghosts += 1
            loop = asyncio.get_running_loop()
            loop.call_later(self.traps.half_open_s, self._lay_ghost)

    def _lay_ghost(self) -> None:
        self._ghosts -= 1

    def cut(self) -> None:
        """End every stream."""
        for connection in tuple(self.connections):
            connection.lines.put_nowait(None)

    def stall(self) -> None:
        """Send nothing more on the streams that are open, and leave them open."""
        for connection in self.connections:
            connection.stalled = True

    def say(self, what: bytes) -> None:
        """Write this on every stream."""
        for connection in self.connections:
            connection.send(what)

    # What happens on X

    def hear(self, event: Event) -> None:
        match event.type:
            case "like.create":
                self._liked(event.data)
            case "post.delete":
                self._deleted(event.data)
            case "settings" if self._world.settings.push == "off":
                self.cut()

    def revoked(self, user_id: int) -> None:
        """Tell that somebody took back what they gave the app, and drop what was about them."""
        told = self.subscriptions.find("oauth.revoke", user_id)
        if told is not None:
            moment = x_time(self._world.clock.now())
            self._out(told, revoke_event(told, self.traps, moment))
        self.subscriptions.forget_user(user_id)

    def _liked(self, news: dict[str, Any]) -> None:
        post = self._world.posts[int(news["post_id"])]
        told = self.subscriptions.find("like.create", post.author_id)
        if told is None or told.direction == "outbound":
            return
        if self.traps.lose and next(self._numbers) % self.traps.lose == 0:
            return
        liker = self._shown(post, self._world.users[int(news["user_id"])])
        event = like_event(self._world, told, news, liker, self.origin)
        charge = Charge(Resource.LIKE_EVENT, int(event["data"]["payload"]["id"], 16))
        if self._reaches(told):
            news["pushed"] = True
            post.pushed.add(int(news["user_id"]))
        if self.traps.includes == "late":
            bare = {"data": {k: v for k, v in event["data"].items() if k != "includes"}}
            self._out(told, bare, charge)
            self._later(self.traps.late_s, told, event, charge)
            return
        if self.traps.delay_s:
            self._later(self.traps.delay_s, told, event, charge)
            return
        for _ in range(1 + self.traps.twice):
            self._out(told, event, charge)

    def _shown(self, post: Post, liker: User) -> User | None:
        """Return who likes it, unless X never shows them."""
        number = post.listable_likers.get(liker.id)
        is_hidden = number is None or number < self._world.settings.hidden
        return None if is_hidden or not liker.listed_as_liker else liker

    def _deleted(self, news: dict[str, Any]) -> None:
        told = self.subscriptions.find("post.delete", int(news["author_id"]))
        if told is not None:
            self._out(told, delete_event(told, news["post_id"], self.traps))

    def _later(
        self, delay_s: float, told: Subscription, event: dict[str, Any], charge: Charge
    ) -> None:
        asyncio.get_running_loop().call_later(delay_s, self._out, told, event, charge)

    def _out(self, told: Subscription, event: dict[str, Any], charge: Charge | None = None) -> None:
        """Send an event; what nobody receives is lost, and costs nothing."""
        if self._world.settings.push != "on":
            return
        written = line(event)
        went = self.deliver(told, written.strip()) if told.webhook_id is not None else False
        if self.connections and told.webhook_id is None:
            went = True
            self._stream(written)
        if went and charge is not None:
            self._charges.add([charge])

    def _reaches(self, told: Subscription) -> bool:
        is_heard = bool(self.connections) or told.webhook_id is not None
        return is_heard and self._world.settings.push == "on"

    def _stream(self, written: bytes) -> None:
        if self.traps.unknown_types:
            self.say(line(_UNKNOWN))
        if not self.traps.other_order:
            self.say(written)
        elif self._held is None:
            self._held = written
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().call_later(self.traps.late_s, self._let_go)
        else:
            self.say(written)
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self.say(held)
