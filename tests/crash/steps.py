"""Steps at which a process can be told to kill itself: before they are done, or just after."""

import importlib
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

KILL_AT = "KILL_AT"
"""Names the step, the side and the time of it at which a process ends: `claim after 2`."""

# What each step is called, and the method that does it.
METHODS = {
    "upgrade": "storage.database:Database.upgrade",
    "recover": "bot.watching.outbox:Outbox.recover",
    "lead": "storage.lead:Lead.renew",
    "take-from-allowance": "bot.accounts.bookkeeping:Bookkeeping._take",
    "book": "bot.accounts.bookkeeping:Bookkeeping.answered",
    "book-failure": "bot.accounts.bookkeeping:Bookkeeping.failed",
    "store-counts": "bot.watching.counts.round:CountsRound._store",
    "store-likes": "bot.watching.likers.store_likes:Storing.store",
    "store-pushed": "bot.watching.push.store_events:PushedLikes.store",
    "subscribe": "bot.watching.push.subscribing:Subscribing.run_once",
    "store-deep": "bot.watching.likers.store_likes:Storing.store_deep",
    "announce": "bot.watching.announcements:AnnouncementWriter.likes",
    "claim": "bot.watching.outbox:Outbox.claim",
    "send": "bot.chat.delivery.message_sender:MessageSender.send",
    "find-sent": "bot.chat.delivery.message_sender:MessageSender.find",
    "change-card": "discord.message:PartialMessage.edit",
    "mark-sent": "bot.watching.outbox:Outbox.sent",
    "postpone": "bot.watching.outbox:Outbox.postpone",
    "ask-anything": "aiohttp.client:ClientSession._request",
}
COMMIT = "commit"
STEPS = (*METHODS, COMMIT)
SIDES = ("before", "after")


@dataclass(frozen=True, slots=True)
class KillAt:
    """The `time`-th time of a step, and on which side of it."""

    step: str
    side: str
    time: int = 1

    def __str__(self) -> str:
        return f"{self.step} {self.side} {self.time}"


def kill_at(order: str) -> None:
    """Let this process kill itself there."""
    step, side, time = order.split()
    countdown = _Countdown(int(time))
    if step == COMMIT:
        event.listen(Session, f"{side}_commit", lambda _session: countdown.tick())
        return
    owner, name, work = method(step)
    setattr(owner, name, _killing(work, side, countdown))


def method(step: str) -> tuple[type[Any], str, Callable[..., Awaitable[Any]]]:
    """Return the class and the name of a step's method, and itself."""
    module, _, path = METHODS[step].partition(":")
    owner, _, name = path.partition(".")
    found = getattr(importlib.import_module(module), owner)
    return found, name, getattr(found, name)


@dataclass(slots=True)
class _Countdown:
    left: int

    def tick(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def _killing(
    work: Callable[..., Awaitable[Any]], side: str, countdown: _Countdown
) -> Callable[..., Awaitable[Any]]:
    async def killing(*arguments: Any, **named: Any) -> Any:
        if side == "before":
            countdown.tick()
        done = await work(*arguments, **named)
        if side == "after":
            countdown.tick()
        return done

    return killing
