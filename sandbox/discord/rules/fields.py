"""The kinds of field that Discord's forms are made of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from sandbox.discord.rules.problems import Path, Problems
from sandbox.discord.types import Json

REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")
NOT_TEXT = ("STRING_TYPE_CONVERT", "Could not convert value to string.")
NOT_INTEGER = ("NUMBER_TYPE_COERCE", 'Value "{}" is not int.')
NOT_LIST = ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
NOT_OBJECT = ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")


class Rule(Protocol):
    def check(self, value: object, path: Path, problems: Problems) -> None: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `least` to `most` characters."""

    most: int
    least: int = 0
    pattern: re.Pattern[str] | None = None

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(path, *NOT_TEXT)
        elif not value and self.least:
            problems.add(path, *REQUIRED)
        elif not self.least <= len(value) <= self.most:
            problems.add(path, *self._bad_length())
        elif self.pattern is not None and not self.pattern.fullmatch(value):
            problems.add(path, "STRING_TYPE_REGEX", "String value did not match validation regex.")

    def _bad_length(self) -> tuple[str, str]:
        if not self.least:
            return "BASE_TYPE_MAX_LENGTH", f"Must be {self.most} or fewer in length."
        return (
            "BASE_TYPE_BAD_LENGTH",
            f"Must be between {self.least} and {self.most} in length.",
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer; one in a string counts, as permissions and snowflakes come so."""

    least: int | None = None
    most: int | None = None

    def check(self, value: object, path: Path, problems: Problems) -> None:
        number = self._number(value)
        if number is None:
            problems.add(path, NOT_INTEGER[0], NOT_INTEGER[1].format(value))
        elif self.least is not None and number < self.least:
            problems.add(
                path,
                "NUMBER_TYPE_MIN",
                f"int value should be greater than or equal to {self.least}.",
            )
        elif self.most is not None and number > self.most:
            problems.add(
                path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {self.most}."
            )

    @staticmethod
    def _number(value: object) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | str):
            return None
        try:
            return int(value)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Number:
    """Any number."""

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: object, path: Path, problems: Problems) -> None:
        if not isinstance(value, bool):
            problems.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values."""

    among: tuple[str | int, ...]

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if value not in self.among:
            listed = ", ".join(repr(one) for one in self.among)
            problems.add(path, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")


_SPACE = re.compile(r"[\s\x00-\x1f\x7f]")
_HOST = re.compile(r"[^\s/?#@:\[\]<>\\^`{|}%]+|[0-9a-f:.]+", re.IGNORECASE)


def _is_well_formed(address: str) -> bool:
    """Tell whether it has a scheme, a host and, if any, a port that can be."""
    if _SPACE.search(address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(parts.scheme and host and _HOST.fullmatch(host))


@dataclass(frozen=True, slots=True)
class Link:
    """A web address, or where `attachment` holds, `attachment://` and a file's name."""

    most: int = 2048
    attachment: bool = False

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(path, *NOT_TEXT)
            return
        Text(self.most).check(value, path, problems)
        schemes = ("http", "https", *(("attachment",) if self.attachment else ()))
        scheme = value.partition(":")[0]
        if not _is_well_formed(value):
            problems.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        elif scheme not in schemes:
            problems.add(
                path,
                "URL_TYPE_INVALID_SCHEME",
                f'Scheme "{scheme}" is not supported. Scheme must be one of {schemes}.',
            )


@dataclass(frozen=True, slots=True)
class Moment:
    """An ISO 8601 time."""

    def check(self, value: object, path: Path, problems: Problems) -> None:
        try:
            datetime.fromisoformat(str(value))
        except ValueError:
            problems.add(
                path, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601."
            )


@dataclass(frozen=True, slots=True)
class ListOf:
    """`least` to `most` things of one kind."""

    each: Rule
    most: int
    least: int = 0

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(path, *NOT_LIST)
            return
        if not value and self.least:
            problems.add(path, *REQUIRED)
        elif not self.least <= len(value) <= self.most:
            problems.add(
                path,
                "BASE_TYPE_BAD_LENGTH",
                f"Must be between {self.least} and {self.most} in length.",
            )
        for index, one in enumerate(value):
            self.each.check(one, (*path, index), problems)


@dataclass(frozen=True, slots=True)
class Form:
    """An object with required and optional fields; null counts as absent, others are ignored.

    `also` sees only an object whose fields are right.
    """

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: Callable[[Json, Path, Problems], None] | None = None

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(path, *NOT_OBJECT)
            return
        found = Problems()
        for name, rule in self.required.items():
            if value.get(name) is None:
                found.add((*path, name), *REQUIRED)
            else:
                rule.check(value[name], (*path, name), found)
        for name, rule in self.optional.items():
            if value.get(name) is not None:
                rule.check(value[name], (*path, name), found)
        if not found and self.also is not None:
            self.also(value, path, found)
        problems.extend(found)


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` says which rule it obeys; the rules are filled in as they are made."""

    rules: dict[int, Rule]

    def check(self, value: object, path: Path, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(path, *NOT_OBJECT)
            return
        rule = self.rules.get(kind) if isinstance(kind := value.get("type"), int) else None
        if rule is None:
            listed = ", ".join(map(str, sorted(self.rules)))
            problems.add(
                (*path, "type"),
                "UNION_TYPE_CHOICES",
                f'Value of field "type" must be one of ({listed},).',
            )
        else:
            rule.check(value, path, problems)
