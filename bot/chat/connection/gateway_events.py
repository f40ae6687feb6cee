"""Events of Discord's gateway: one that cannot be read costs itself alone."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

logger = logging.getLogger(__name__)

Parse = Callable[[Any], None]

# Without these there is no session, and nothing to go on with.
_NEEDED = frozenset({"READY", "RESUMED"})
# What discord.py takes for granted, and can be done without.
_USUAL_IN_INTERACTIONS: Mapping[str, Any] = {
    "version": 1,
    "attachment_size_limit": 10 * 2**20,  # bytes; the least that Discord takes anywhere
}
_USUAL_IN_MESSAGES: Mapping[str, Any] = {
    "type": 0,
    "content": "",
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": (),
    "mention_roles": (),
    "attachments": (),
    "embeds": (),
    "edited_timestamp": None,
}


def isolate(parsers: dict[str, Parse]) -> None:
    """Keep an event that discord.py cannot read from ending the connection, and the process."""
    take = parsers["INTERACTION_CREATE"]
    parsers["INTERACTION_CREATE"] = lambda data: take(completed(data))
    for name, parse in parsers.items():
        if name not in _NEEDED:
            parsers[name] = _isolated(name, parse)


def completed(data: dict[str, Any]) -> dict[str, Any]:
    """Return an interaction with what discord.py takes for granted of it and of its message."""
    whole = {**_USUAL_IN_INTERACTIONS, **data}
    if not whole.get("channel") and whole.get("channel_id"):
        whole["channel"] = {"id": whole["channel_id"]}
    message = whole.get("message")
    if isinstance(message, dict):
        place = {"channel_id": whole["channel_id"]} if whole.get("channel_id") else {}
        whole["message"] = {**_USUAL_IN_MESSAGES, **place, **message}
    return whole


def _isolated(name: str, parse: Parse) -> Parse:
    told: set[str] = set()

    def parse_or_leave(data: Any) -> None:  # noqa: ANN401 -- an event's data, of any kind
        try:
            parse(data)
        except Exception as error:
            kind = type(error).__name__
            if kind in told:
                return
            told.add(kind)
            logger.exception("Discord sent %s in a form that cannot be read; it is left out", name)

    return parse_or_leave
