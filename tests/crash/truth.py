"""Whether what the bot says in public is true: held to what happened on X."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sandbox.events import Event
from sandbox.score import POST, named_in
from tests.e2e.seen import Seen

_BUTTONS = 1
_IN_ALL = re.compile(r"-# ([\d,]+) likes?")
_NEW, LEFT = re.compile(r"\bliked \[?a post\b"), re.compile(r"\bno longer likes? \[?a post\b")
# Every post is there, public, and shows its likers the whole time; no message is refused.
_NEVER_TRUE = (
    "X no longer",
    "protected now",
    "withholds",
    "shows this post again",
    "X hides",
    "shows nobody new",
    "does not show who",
    "Discord refused",
    "has ended",
)


@dataclass(slots=True)
class Truth:
    """Hears what happens on X and what the bot says; keeps what was untrue of it."""

    untrue: list[str] = field(default_factory=list)
    _liked: set[tuple[str, str]] = field(default_factory=set)
    _taken_back: set[tuple[str, str]] = field(default_factory=set)
    _counts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def hear_x(self, event: Event) -> None:
        if event.type not in ("like.create", "like.delete"):
            return
        data = event.data
        like = (data["post_id"], data["username"].lower())
        # A count that is late may be that of before the first like.
        before = data["like_count"] + (1 if event.type == "like.delete" else -1)
        self._counts[data["post_id"]] |= {before, data["like_count"]}
        if event.type == "like.delete":
            self._taken_back.add(like)
        elif data["visible"]:
            self._liked.add(like)

    def hear_discord(self, event: Event) -> None:
        if event.type not in ("message.create", "message.update") or event.data.get("visible_to"):
            return
        message = event.data["message"]
        if message["author"].get("bot") and not message.get("interaction_metadata"):
            for part in message.get("components") or ():
                if part["type"] != _BUTTONS:
                    self._look_at(part)

    def _look_at(self, part: dict[str, Any]) -> None:
        said = Seen({"components": [part]}).text
        if not said:
            return  # buttons alone
        if any(sentence in said for sentence in _NEVER_TRUE):
            self.untrue.append(said)
            return
        posts = set(POST.findall(json.dumps(part)))
        if len(posts) != 1:
            self.untrue.append(f"about {len(posts)} posts: {said}")
            return
        (post_id,) = posts
        happened = self._taken_back if LEFT.search(said) else self._liked
        if not (LEFT.search(said) or _NEW.search(said)):
            self.untrue.append(f"no likes: {said}")
        for name in named_in(said):
            if (post_id, name.lower()) not in happened:
                self.untrue.append(f"{name} did not: {said}")
        for count in _IN_ALL.findall(said):
            if int(count.replace(",", "")) not in self._counts[post_id]:
                self.untrue.append(f"never so many: {said}")
