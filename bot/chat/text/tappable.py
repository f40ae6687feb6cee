"""Commands that a text names in backticks, made into ones that can be tapped."""

import re
from collections.abc import Mapping

_NAMED = re.compile(r"`/([a-z-]{1,32}(?: [a-z-]{1,32}){0,2})`")


def tappable(text: str, ids: Mapping[str, int]) -> str:
    """Return `</watch add:ID>` for `/watch add`, where Discord has that command.

    `ids` has the ID of each command by its whole name. What X or a member wrote is escaped, so
    that it names no command.
    """

    def mention(named: re.Match[str]) -> str:
        command_id = ids.get(named[1])
        return named[0] if command_id is None else f"</{named[1]}:{command_id}>"

    return _NAMED.sub(mention, text)
