"""Commands that can be tapped, as they stand in the bot's own sentences."""

import json
import re
from typing import Any

_TAPPED = re.compile(r"</([a-z -]+):\d+>")


def in_backticks(text: str) -> str:
    """Return a text that names each command as `/watch add`: its ID is Discord's alone."""
    return _TAPPED.sub(r"`/\1`", text)


def all_in_backticks(value: Any) -> Any:
    """Return the same of what JSON holds."""
    return json.loads(in_backticks(json.dumps(value)))
