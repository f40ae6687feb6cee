"""A post's text as X delivers it: escaped, links shortened, entities with their places."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

POST_LENGTH = 280
_PARTS = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)'])"
    r"|(?<!\w)@(?P<mention>\w{1,15})\b"
    r"|(?<!\w)#(?P<hashtag>\w*[^\W\d]\w*)"
    r"|(?<!\w)\$(?P<cashtag>[A-Za-z]{1,6})\b"
)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class MediaLink:
    """The link to a picture or film that X appends to the text."""

    expanded_url: str
    display_url: str
    media_key: str


@dataclass(slots=True)
class Rendered:
    """`start` and exclusive `end` of the entities count characters of `text`."""

    text: str
    urls: list[dict[str, Any]] = field(default_factory=list)
    hashtags: list[dict[str, Any]] = field(default_factory=list)
    cashtags: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)


@lru_cache(maxsize=4096)
def render(raw: str, media: tuple[MediaLink, ...] = ()) -> Rendered:
    """Escape and shorten a text. The result is shared: callers copy what they change."""
    result = Rendered("")
    pieces: list[str] = []
    length = read_to = 0
    for match in _PARTS.finditer(raw):
        before = raw[read_to : match.start()].translate(_ESCAPES)
        written = _write(match, result, length + len(before))
        pieces += (before, written)
        length += len(before) + len(written)
        read_to = match.end()
    pieces.append(raw[read_to:].translate(_ESCAPES))
    result.text = "".join(pieces)
    _append_media(result, media)
    return result


def _write(match: re.Match[str], result: Rendered, start: int) -> str:
    """Return what stands in the text for this part, and note its entity."""
    kind, value = str(match.lastgroup), str(match[str(match.lastgroup)])
    if kind == "url":
        written = short_link(value)
        result.urls.append(_url_entity(start, written, value, value.split("://", 1)[1]))
        return written
    place = {"start": start, "end": start + len(match[0])}
    if kind == "mention":
        result.mentions.append({**place, "username": value})
    elif kind == "hashtag":
        result.hashtags.append({**place, "tag": value})
    else:
        result.cashtags.append({**place, "tag": value})
    return match[0]


def _append_media(result: Rendered, media: Sequence[MediaLink]) -> None:
    if not media:
        return
    written = short_link(media[0].expanded_url)  # one link stands for all of a post's pictures
    start = len(result.text) + 1 if result.text else 0
    result.text = f"{result.text} {written}".strip()
    for link in media:
        entity = _url_entity(start, written, link.expanded_url, link.display_url)
        result.urls.append({**entity, "media_key": link.media_key})


def _url_entity(start: int, written: str, expanded: str, display: str) -> dict[str, Any]:
    return {
        "start": start,
        "end": start + len(written),
        "url": written,
        "expanded_url": expanded,
        "display_url": display if len(display) <= 26 else f"{display[:25]}…",
    }


def short_link(url: str) -> str:
    """Return the t.co link that stands for this address."""
    return f"https://t.co/{hashlib.sha256(url.encode()).hexdigest()[:10]}"


def shortened(text: str) -> str:
    """Cut a long post's text as X does for readers who do not ask for the note."""
    return text if len(text) <= POST_LENGTH else text[: POST_LENGTH - 1].rstrip() + "…"
