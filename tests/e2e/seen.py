"""What a member sees: messages and answers, read without knowing how they are laid out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.named_commands import in_backticks

Json = Mapping[str, Any]

_EPHEMERAL = 1 << 6
_BUTTON, _TEXT = 2, 10


def _walk(parts: object) -> Iterator[Json]:
    if isinstance(parts, list):
        for part in parts:
            yield from _walk(part)
    elif isinstance(parts, dict):
        yield parts
        for inner in parts.values():
            yield from _walk(inner)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as Discord has it."""

    raw: Json

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def channel_id(self) -> str:
        return str(self.raw["channel_id"])

    @property
    def private(self) -> bool:
        return bool(self.raw.get("flags", 0) & _EPHEMERAL)

    @property
    def texts(self) -> list[str]:
        return [
            in_backticks(part["content"]) for part in self._parts() if part.get("type") == _TEXT
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def buttons(self) -> dict[str, Json]:
        """Return the buttons by their labels."""
        return {
            part["label"]: part
            for part in self._parts()
            if part.get("type") == _BUTTON and "label" in part
        }

    @property
    def pictures(self) -> list[str]:
        return [part["media"]["url"] for part in self._parts() if "media" in part]

    def _parts(self) -> Iterator[Json]:
        return _walk(self.raw.get("components", []))


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a member saw of the answer to what they did."""

    raw: Json
    user_id: str
    channel_id: str

    @property
    def acked_ms(self) -> float:
        return float(self.raw["acked_ms"])

    @property
    def private(self) -> bool:
        return all(message.private for message in self.messages)

    @property
    def messages(self) -> list[Seen]:
        return [Seen(message) for message in self.raw["messages"]]

    @property
    def message(self) -> Seen:
        """Return the only message of the answer."""
        (message,) = self.messages
        return message

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def choices(self) -> list[Json]:
        return list(self.raw["choices"])
