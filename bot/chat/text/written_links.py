"""Addresses, @mentions and #hashtags in a text that was stored without X's word on them."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from bot.domain import Link

_X = "https://x.com"
_SHOWN = 26
"""As much of an address as X shows of it."""

_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s<>\"\\]+)", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9_]{1,15})(?![\w@])", re.ASCII)
_HASHTAG = re.compile(r"(?<![\w&/#])#(\w{1,100})(?!\w)")
_ENDS_SENTENCE = ".,:;!?'\")]}"


def links_in(text: str) -> tuple[Link, ...]:
    """Return the places of a text that lead somewhere, in order, none within another."""
    found: list[Link] = []
    for link in sorted(_found(text), key=lambda link: (link.start, -link.end)):
        if not found or link.start >= found[-1].end:
            found.append(link)
    return tuple(found)


def _found(text: str) -> Iterator[Link]:
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_ENDS_SENTENCE)
        shown = shown_address(address)
        if shown:
            yield Link(match.start(), match.start() + len(address), address, shown)
    for match in _MENTION.finditer(text):
        yield Link(match.start(), match.end(), f"{_X}/{match[1]}")
    for match in _HASHTAG.finditer(text):
        if not match[1].isdecimal():
            yield Link(match.start(), match.end(), f"{_X}/hashtag/{quote(match[1], safe='')}")


def shown_address(address: str) -> str:
    """Return an address as X shows it in a post: without its scheme, and cut where it is long."""
    match = _ADDRESS.fullmatch(address)
    bare = match[1].rstrip("/") if match else ""
    return bare if len(bare) <= _SHOWN else f"{bare[:_SHOWN]}…"
