"""Discord's rules for a message of components, and what its markdown would make of a text."""

import re
from collections.abc import Iterator
from typing import Any

from bot.chat.cards.card import Card
from bot.chat.text import length

_TEXT, _BUTTON, _ROW, _SECTION, _GALLERY, _THUMBNAIL = 10, 2, 1, 9, 12, 11
_LINK = 5

_TOKEN = re.compile(
    r"""
      \\[^0-9A-Za-z\s]                # an escaped character
    | <https?://[^\s<>]+>             # an address that something follows
    | https?://[^\s<]*[^\s<.,:;"'\]]  # an address
    | (?P<live>[*_~|`<>\[\]\\]|:\w+:|@everyone|@here|://)
    | .
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_LIVE_LINE = re.compile(r"^[^\S\n]*(?:[-+#>]|\d+[.)])", re.MULTILINE)


def live_markup(text: str) -> list[str]:
    """Return what Discord would not show literally."""
    live = [match.group() for match in _TOKEN.finditer(text) if match.group("live")]
    return live + [match.group() for match in _LIVE_LINE.finditer(text)]


def walk(card: Card) -> Iterator[dict[str, Any]]:
    for component in card.to_components():
        yield from _walk(component)


def _walk(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield component
    for child in component.get("components", ()):
        yield from _walk(child)
    if "accessory" in component:
        yield from _walk(component["accessory"])


def texts(card: Card) -> list[str]:
    return [component["content"] for component in walk(card) if component["type"] == _TEXT]


def shown(card: Card) -> str:
    return "\n".join(texts(card))


def buttons(card: Card) -> list[dict[str, Any]]:
    return [component for component in walk(card) if component["type"] == _BUTTON]


def custom_ids(card: Card) -> list[str]:
    return [button["custom_id"] for button in buttons(card) if "custom_id" in button]


def check(card: Card) -> None:
    """Fail where Discord would refuse the message, or discord.py forget its buttons."""
    assert card.timeout is None
    components = list(walk(card))
    assert 1 <= len(components) <= 40
    said = [component["content"] for component in components if component["type"] == _TEXT]
    assert sum(map(length, said)) <= 4_000
    "".join(said).encode()
    ids = [
        component["custom_id"]
        for component in components
        if component["type"] == _BUTTON and "custom_id" in component
    ]
    assert len(set(ids)) == len(ids)
    for component in components:
        _check_component(component)


def _check_component(component: dict[str, Any]) -> None:
    match component["type"]:
        case 10:
            assert component["content"].strip()
        case 2:
            assert 1 <= len(component["label"]) <= 80
            if component["style"] == _LINK:
                assert re.fullmatch(r"https://\S{1,500}", component["url"])
            else:
                assert 1 <= len(component["custom_id"]) <= 100
        case 1:
            assert 1 <= len(component["components"]) <= 5
        case 9:
            assert 1 <= len(component["components"]) <= 3
        case 12:
            assert 1 <= len(component["items"]) <= 10
            for item in component["items"]:
                _check_picture(item)
        case 11:
            _check_picture(component)


def _check_picture(item: dict[str, Any]) -> None:
    assert re.fullmatch(r"https?://\S{1,2040}|attachment://[\w.-]+", item["media"]["url"])
    assert item.get("description") is None or 1 <= length(item["description"]) <= 1_024
