"""What goes wrong around the bot, drawn by chance: at X, at Discord, and with X's lists."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.faults import Fault
from sandbox.x.exchanges import Exchange
from sandbox.x.world.rows import Post
from tests.e2e.harness import Scene

LONGEST_DELAY_S = 1.5
_PAGE = {"headers": {"Content-Type": "text/html"}, "body": "<html><h1>Over capacity</h1></html>"}
_X = ("* /2/*", "GET /2/users/:id/tweets", "GET /2/tweets", "GET /2/tweets/:id/liking_users")
_DISCORD = ("* *", "POST /channels/:id/messages", "GET /channels/:id/messages")
_NOT_SHOWN = {
    "title": "Authorization Error",
    "detail": "You are not permitted to view this resource.",
    "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
}
_LATE_S = (0.0, 0.0, 2.0, 5.0)
# One answer, or two, may be lost on their way, with the bot that they were for.
_ANSWERS_BETWEEN = 3


@dataclass(slots=True)
class _Stray:
    """A refusal that comes once, and how often X has answered as ever since."""

    fault: Fault
    answered: int = 0


@dataclass(slots=True)
class Troubles:
    """Lets one thing after the other go wrong.

    A stray refusal of a post's likers, or of the post, comes once and not again before X has
    answered as ever: two that agree are no stray ones, and the bot is right to believe them.
    """

    scene: Scene
    rng: random.Random
    posts: Sequence[Post]
    channels: Sequence[str]
    struck: Counter[str] = field(default_factory=Counter)
    _strayed: dict[str, _Stray] = field(default_factory=dict)

    def hear(self, exchange: Exchange) -> None:
        """Take note that X has answered as ever."""
        stray = self._strayed.get(exchange.path)
        if stray is None or exchange.status != 200 or not stray.fault.struck.is_set():
            return
        stray.answered += 1
        if stray.answered == _ANSWERS_BETWEEN:
            del self._strayed[exchange.path]

    async def strike(self) -> None:
        """Let something go wrong."""
        name, happen = self.rng.choice(list(self._kinds.items()))
        self.struck[name] += 1
        done = happen()
        if done is not None:
            await self.scene.discord("POST", "/faults", done)

    def late(self) -> None:
        """Let X's lists and counts be late by something else from now on."""
        settings = self.scene.stage.x.world.settings
        settings.list_lag_s = self.rng.choice(_LATE_S)
        settings.list_jitter_s = self.rng.choice(_LATE_S)
        settings.count_lag_s = self.rng.choice(_LATE_S)
        self.struck["lists and counts late"] += 1

    def on_time(self) -> None:
        settings = self.scene.stage.x.world.settings
        settings.list_lag_s = settings.list_jitter_s = settings.count_lag_s = 0
        settings.push, settings.push_traps.lose = "on", 0

    @property
    def _kinds(self) -> dict[str, Callable[[], dict[str, Any] | None]]:
        return {
            "X 5xx": lambda: self._at_x(status=self._broken()),
            "X HTML": lambda: self._at_x(status=self._broken(), **_PAGE),
            "X late": lambda: self._at_x(delay_s=self._delay(), after=self._either()),
            "X drops before": lambda: self._at_x(drop=True),
            "X drops after": lambda: self._at_x(drop=True, after=True),
            "X refuses likers": self._refuse_likers,
            "X loses a post": self._lose_a_post,
            "Discord 5xx": lambda: self._at_discord(status=self._broken()),
            "Discord HTML": lambda: self._at_discord(status=self._broken(), **_PAGE),
            "Discord late": lambda: self._at_discord(delay_s=self._delay(), after=self._either()),
            "Discord drops before": lambda: self._at_discord(drop=True),
            "Discord drops after": lambda: self._at_discord(drop=True, after=True),
            "Discord 5xx after": lambda: self._at_discord(status=self._broken(), after=True),
            "Discord limits a channel": self._limit_a_channel,
            "Discord limits everything": lambda: {"limit_s": self._delay()},
            "X cuts its stream": self.scene.stage.x.hub.cut,
            "push goes, or comes": self._switch_push,
            "push is odd": self._odd_push,
            "gateway drops": lambda: {"gateway": "drop"},
            "session invalid": lambda: {"gateway": "invalid_session"},
            "gateway wants a new connection": lambda: {"gateway": "reconnect"},
        }

    def _at_x(self, **how: Any) -> None:
        self.scene.x_fault(self.rng.choice(_X), times=self.rng.randint(1, 3), **how)

    def _at_discord(self, **how: Any) -> None:
        self.scene.discord_fault(self.rng.choice(_DISCORD), times=self.rng.randint(1, 3), **how)

    def _refuse_likers(self) -> None:
        path = f"/2/tweets/{self.rng.choice(self.posts).id}/liking_users"
        if path not in self._strayed:
            problem = {**_NOT_SHOWN, "status": 403}
            fault = self.scene.x_fault(f"GET {path}", status=403, body=problem)
            self._strayed[path] = _Stray(fault)

    def _lose_a_post(self) -> None:
        """Let X say once that there is no such post, and nothing of the others."""
        if "/2/tweets" in self._strayed:
            return
        post_id = str(self.rng.choice(self.posts).id)
        lost = {
            "value": post_id,
            "detail": f"Could not find tweet with ids: [{post_id}].",
            "title": "Not Found Error",
            "resource_type": "tweet",
            "parameter": "ids",
            "resource_id": post_id,
            "type": "https://api.twitter.com/2/problems/resource-not-found",
        }
        fault = self.scene.x_fault("GET /2/tweets", body={"errors": [lost]})
        self._strayed["/2/tweets"] = _Stray(fault)

    def _switch_push(self) -> None:
        self.scene.stage.x.world.settings.push = self.rng.choice(("on", "on", "silent", "off"))
        self.scene.stage.x.world.settings_changed()

    def _odd_push(self) -> None:
        """Let events come twice, in another order, late, or without who likes; or lose some."""
        traps, rng = self.scene.stage.x.world.settings.push_traps, self.rng
        traps.twice, traps.other_order = rng.random() < 0.3, rng.random() < 0.3
        traps.delay_s = rng.choice((0.0, 0.0, 0.2, 1.0))
        traps.includes = rng.choice(("whole", "whole", "missing", "late", "account_too"))
        traps.lose = rng.choice((0, 0, 3))

    def _limit_a_channel(self) -> dict[str, Any]:
        return {"limit_s": self._delay(), "channel_id": self.rng.choice(self.channels)}

    def _broken(self) -> int:
        return self.rng.choice((500, 502, 503, 504))

    def _delay(self) -> float:
        return self.rng.uniform(0.1, LONGEST_DELAY_S)

    def _either(self) -> bool:
        return self.rng.random() < 0.5
