"""Which posts the bot watches: heard from its answers to those who ask it to."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.events import Event
from sandbox.score import POST, Score

_BEGINS = ("watch add", "Watch likes")
_ENDS = ("watch remove",)
_CHANNEL = re.compile(r"<#(\d+)>")

Watch = tuple[str, str]  # post ID, channel ID


@dataclass(slots=True)
class Watching:
    """Keeps the score up to date on which posts are watched, whoever asked for it."""

    score: Score
    _watches: set[Watch] = field(default_factory=set)

    def hear(self, event: Event) -> None:
        """Take note of a watch that begins or ends."""
        if event.type not in ("message.create", "message.update"):
            return
        message = event.data["message"]
        command = (message.get("interaction_metadata") or {}).get("name")
        watch = _watch_in(message)
        if watch is None or command not in (*_BEGINS, *_ENDS):
            return
        if command in _BEGINS:
            self._watches.add(watch)
        else:
            self._watches.discard(watch)
        self.score.count({post_id for post_id, _ in self._watches})


def _watch_in(message: dict[str, Any]) -> Watch | None:
    """Return what an answer is about; one that tells of a mistake names no post with a channel."""
    text = json.dumps([message.get("content"), message.get("embeds"), message.get("components")])
    post, channel = POST.search(text), _CHANNEL.search(text)
    return (post[1], channel[1]) if post and channel else None
