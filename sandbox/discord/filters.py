"""What a server lets nobody write: words that its own rules block, links that Discord blocks."""

import json
from dataclasses import dataclass

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.messages.model import Content


@dataclass(slots=True)
class Filters:
    words: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def check(self, content: Content) -> None:
        """Raise what Discord says of a message with a blocked link, or a blocked word."""
        shown = [content.content, list(content.embeds), list(content.components)]
        text = json.dumps(shown, ensure_ascii=False).casefold()
        if any(link.casefold() in text for link in self.links):
            raise ApiError(Problem.BLOCKED_LINK)
        if any(word.casefold() in text for word in self.words):
            raise ApiError(Problem.BLOCKED_WORD)
