"""What begins a session at Discord's gateway, also where Discord says little of it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from discord.gateway import DiscordWebSocket

from bot.chat.connection.addresses import gateway

# What discord.py takes for granted. Where to go on is where it began, unless Discord names a place.
_USUAL: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "READY": lambda: {"resume_gateway_url": str(gateway()), "session_id": "", "guilds": []},
    "RESUMED": dict,
}
_received = DiscordWebSocket.received_message


def begin_with_little() -> None:
    """Have discord.py read these so, in whatever client; it has no setting for it."""
    DiscordWebSocket.received_message = _received_whole  # type: ignore[method-assign]


async def _received_whole(self: DiscordWebSocket, msg: Any, /) -> None:  # noqa: ANN401 -- text, or bytes of it
    if isinstance(msg, bytes):
        msg = self._decompressor.decompress(msg)
        if msg is None:  # the rest of it is on its way
            return
    if any(f'"{event}"' in msg for event in _USUAL):
        msg = _whole(msg)
    await _received(self, msg)


def _whole(text: str) -> str:
    """Return a message, whose name may stand in another one's text, with all that is needed."""
    message = json.loads(text)
    usual = _USUAL.get(message.get("t"))
    if usual is None:
        return text
    told = message.get("d") or {}
    lacking = {name: value for name, value in usual().items() if told.get(name) is None}
    return json.dumps({"s": 0, **message, "d": {**told, **lacking}})
