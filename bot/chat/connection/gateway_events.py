"""Events of Discord's gateway: one that cannot be read costs itself alone."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.chat.connection.usual_fields import whole_guild, whole_interaction
from bot.chat.connection.whole_session import begin_with_little

logger = logging.getLogger(__name__)

Parse = Callable[[Any], None]

# Without these there is no session, and nothing to go on with.
_NEEDED = frozenset({"READY", "RESUMED"})
_COMPLETED: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "INTERACTION_CREATE": whole_interaction,
    "GUILD_CREATE": whole_guild,
}
# Of each kind of event so many different failures are told.
_MOST_TOLD = 10


def isolate(parsers: dict[str, Parse]) -> None:
    """Keep an event that discord.py cannot read from ending the connection, and the process."""
    begin_with_little()
    for name, complete in _COMPLETED.items():
        parsers[name] = _after(complete, parsers[name])
    for name, parse in parsers.items():
        if name not in _NEEDED:
            parsers[name] = _isolated(name, parse)


def _after(complete: Callable[[dict[str, Any]], dict[str, Any]], parse: Parse) -> Parse:
    return lambda data: parse(complete(data))


def _isolated(name: str, parse: Parse) -> Parse:
    told: set[str] = set()

    def parse_or_leave(data: Any) -> None:  # noqa: ANN401 -- an event's data, of any kind
        try:
            parse(data)
        except Exception as error:
            what = repr(error)
            if what in told or len(told) >= _MOST_TOLD:
                return
            told.add(what)
            logger.exception("Discord sent %s in a form that cannot be read; it is left out", name)

    return parse_or_leave
