"""All that stands in a message."""

from collections.abc import Iterator

import discord


def text_of(message: discord.Message) -> str:
    """Return all of a message: its text, embeds and components, and those that it forwards."""
    return "\n".join(_texts(message))


def _texts(message: discord.Message) -> Iterator[str]:
    parts: tuple[discord.Message | discord.MessageSnapshot, ...]
    parts = (message, *message.message_snapshots)
    for part in parts:
        yield part.content
        for embed in part.embeds:
            yield from _strings(embed.to_dict())
        for component in part.components:
            yield from _strings(component.to_dict())


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
