"""What comes along when a value is copied and pasted: quotes, prefixes, signs that nobody sees."""

import unicodedata

_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
_BOT, _BEARER = "Bot", "Bearer"
_PREFIXES = {"discord_token": _BOT, "x_bearer_token": _BEARER}
# Control and format characters, line ends, and spaces that are none of the keyboard's.
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
_NAMES = {
    "\r": "a carriage return (CR)",
    "\n": "a line end",
    "\t": "a tab",
    " ": "a space",
    "\u00a0": "a no-break space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte order mark",
}


def what_came_along(name: str, text: str) -> str | None:
    """Return what is wrong with how a value was pasted, in words for whoever did it."""
    if len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return "has quotes around it; take them away"
    prefix = _PREFIXES.get(name)
    if prefix is not None and text.lower().startswith(f"{prefix.lower()} "):
        return f'begins with "{prefix} "; leave that away'
    unseen = next((sign for sign in text if _is_unseen(sign)), None)
    if unseen is None and text != text.strip():
        unseen = text[0] if text[0].isspace() else text[-1]
    if unseen is None and prefix is not None and " " in text:
        unseen = " "
    if unseen is None:
        return None
    what = _NAMES.get(unseen, f"an unseen sign (U+{ord(unseen):04X})")
    return f"has {what} in it; copy it anew, or type it"


def _is_unseen(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category in _UNSEEN or (category == "Zs" and sign != " ")
