"""Components as Discord gives them back: numbered, and with what was left out filled in."""

from collections.abc import Iterator
from itertools import count

from sandbox.discord.rules.components import (
    BUTTON,
    CHANNEL_SELECT,
    CONTAINER,
    FILE,
    MEDIA_GALLERY,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    SEPARATOR,
    STRING_SELECT,
    TEXT_DISPLAY,
    THUMBNAIL,
    USER_SELECT,
    walk,
)
from sandbox.discord.types import Json

SELECT: Json = {"min_values": 1, "max_values": 1}
DEFAULTS: dict[int, Json] = {
    BUTTON: {},
    STRING_SELECT: SELECT,
    USER_SELECT: SELECT,
    ROLE_SELECT: SELECT,
    MENTIONABLE_SELECT: SELECT,
    CHANNEL_SELECT: SELECT,
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"spoiler": False, "name": None, "size": None},
    SEPARATOR: {"spacing": 1, "divider": True},
    CONTAINER: {"accent_color": None, "spoiler": False},
}
GALLERY_ITEM: Json = {"description": None, "spoiler": False}


def complete(components: list[Json]) -> list[Json]:
    """Give numbers to those without an ID, in reading order, and fill in defaults."""
    taken = {one["id"] for one, _ in walk(components) if one.get("id")}
    numbers = (number for number in count(1) if number not in taken)
    return [_complete(one, numbers) for one in components]


def _complete(one: Json, numbers: Iterator[int]) -> Json:
    made = {name: value for name, value in one.items() if value is not None}
    made["id"] = one.get("id") or next(numbers)
    made = {**DEFAULTS.get(one["type"], {}), **made}
    if "components" in made:
        made["components"] = [_complete(inner, numbers) for inner in made["components"]]
    for name in ("accessory", "component"):
        if name in made:
            made[name] = _complete(made[name], numbers)
    if "default_values" in made:
        # IDs may be handed in as numbers, and come back as strings.
        made["default_values"] = [
            {**each, "id": str(each["id"])} for each in made["default_values"]
        ]
    if one["type"] == MEDIA_GALLERY:
        made["items"] = [{**GALLERY_ITEM, **item} for item in made["items"]]
    return made


def texts(components: list[Json]) -> list[str]:
    """Return what the text displays say, which is where V2 messages mention people."""
    return [one["content"] for one, _ in walk(components) if one["type"] == TEXT_DISPLAY]


def media(components: list[Json]) -> Iterator[Json]:
    """Yield every `{url}` that components show."""
    for one, _ in walk(components):
        if "media" in one:
            yield one["media"]
        if one["type"] == FILE:
            yield one["file"]
        if one["type"] == MEDIA_GALLERY:
            for item in one["items"]:
                yield item["media"]
