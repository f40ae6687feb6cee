"""Texts as people wrote them, out of X's, which are escaped and have t.co links."""

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from pydantic import Field

from bot.domain import Link
from bot.x.wire.base import Part, Several, Text

_USERNAME = re.compile(r"[A-Za-z0-9_]+")
_TAG = re.compile(r"[^\s\[\]]+")
# No character has such a number, and Python reads none of thousands of digits.
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
_X = "https://x.com"
_MOST_LENGTHS = 20


class UrlEntity(Part):
    url: Text = ""
    expanded_url: Text | None = None
    display_url: Text | None = None
    media_key: str | None = None

    @property
    def written(self) -> str:
        return self.expanded_url or self.url


class _Place(Part):
    """Where an entity stands in X's text, in characters; `end` is the first that follows it."""

    start: int = -1
    end: int = -1


class _Mention(_Place):
    username: Text = ""


class _Tag(_Place):
    tag: Text = ""


class Entities(Part):
    urls: Several[UrlEntity] = ()
    mentions: Several[_Mention] = ()
    hashtags: Several[_Tag] = ()
    cashtags: Several[_Tag] = ()


class UrlEntities(Part):
    urls: Several[UrlEntity] = ()

    def first(self) -> str | None:
        return next((entity.written for entity in self.urls if entity.written), None)


class UserEntities(Part):
    description: Entities = Entities()
    url: UrlEntities = UrlEntities()


class Note(Part):
    """The whole of a text that is longer than 280 characters."""

    text: Text = ""
    entities: Entities = Field(default=Entities())


@dataclass(frozen=True, slots=True)
class Resolved:
    text: str
    links: Several[Link] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of X's text, what to write in its place, and where that leads."""

    start: int
    end: int
    text: str
    url: str | None = None
    shown: str | None = None


def _never(_: UrlEntity) -> bool:
    return False


def resolve(
    raw: str, entities: Entities, is_shown_below: Callable[[UrlEntity], bool] = _never
) -> Resolved:
    """Put the addresses that were written in the place of X's t.co links, and find what leads on.

    Links of attached pictures say nothing and are dropped; so is what `is_shown_below`, where it
    ends the text.
    """
    pieces: list[str] = []
    links: list[Link] = []
    length = at = 0
    for span in sorted(_spans(raw, entities, is_shown_below), key=lambda span: span.start):
        if span.start < at:
            continue
        # X escapes the text, but not the addresses that come into it.
        before = _unescaped(raw[at : span.start])
        pieces += (before, span.text)
        start = length + len(before)
        length = start + len(span.text)
        if span.url is not None:
            links.append(Link(start, length, span.url, span.shown))
        at = span.end
    pieces.append(_unescaped(raw[at:]))
    return _stripped("".join(pieces), links)


def _unescaped(raw: str) -> str:
    return html.unescape(_NO_CHARACTER.sub("\ufffd", raw))


def _stripped(text: str, links: Iterable[Link]) -> Resolved:
    lead = len(text) - len(text.lstrip())
    moved = (replace(link, start=link.start - lead, end=link.end - lead) for link in links)
    return Resolved(text.strip(), tuple(moved))


def _spans(
    raw: str, entities: Entities, is_shown_below: Callable[[UrlEntity], bool]
) -> Iterator[_Span]:
    yield from _addresses(raw, entities.urls, is_shown_below)
    for mention in entities.mentions:
        if _USERNAME.fullmatch(mention.username):
            yield from _tag(raw, mention, mention.username, "@\uff20", f"{_X}/{mention.username}")
    for tag in entities.hashtags:
        yield from _tag(raw, tag, tag.tag, "#\uff03", f"{_X}/hashtag/{quote(tag.tag, safe='')}")
    for tag in entities.cashtags:
        address = f"{_X}/search?q=%24{quote(tag.tag, safe='')}"
        yield from _tag(raw, tag, tag.tag, "$\uff04", address)


def _tag(raw: str, place: _Place, name: str, signs: str, url: str) -> Iterator[_Span]:
    """Yield what X says stands there, if it does."""
    written = raw[place.start : place.end] if 0 <= place.start < place.end else ""
    is_there = written[:1] in signs and written[1:].lower() == name.lower()
    if _TAG.fullmatch(written) and is_there:
        yield _Span(place.start, place.end, written, url)


def _addresses(
    raw: str, urls: Iterable[UrlEntity], is_shown_below: Callable[[UrlEntity], bool]
) -> Iterator[_Span]:
    """Find the t.co links by what they are: each is one of a kind, wherever X says it stands."""
    known = {entity.url: entity for entity in urls if entity.url}
    if not known:
        return
    end = len(raw.rstrip())
    for start, url in reversed(list(_places(raw, known))):
        entity = known[url]
        ends_text = start + len(url) == end
        dropped = entity.media_key is not None or (ends_text and is_shown_below(entity))
        if dropped and ends_text:
            end = start
            while end and raw[end - 1].isspace():
                end -= 1
        place = (start, start + len(url))
        if dropped:
            yield _Span(*place, "")
        elif entity.display_url and entity.written:
            yield _Span(*place, entity.written, entity.written, entity.display_url)
        else:
            yield _Span(*place, entity.written)


def _places(raw: str, known: Collection[str]) -> Iterator[tuple[int, str]]:
    """Find addresses in a text, however many they are: nearly all of X's are of one length."""
    lengths = sorted({len(url) for url in known}, reverse=True)[:_MOST_LENGTHS]
    begins = {url[0] for url in known}
    at = 0
    while at < len(raw):
        candidates = (raw[at : at + size] for size in lengths if raw[at] in begins)
        found = next((url for url in candidates if url in known), None)
        if found is None:
            at += 1
            continue
        yield at, found
        at += len(found)
