"""What every part of X's JSON has in common: what cannot be read costs itself alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# As in: Wed Jan 06 18:40:40 +0000 2021. X's first API writes it so, and a sample of the second.
_OLD_TIME = re.compile(
    rf"\w{{3}} ({'|'.join(_MONTHS)}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d{{4}}) (\d{{4}})", re.ASCII
)

T = TypeVar("T")


def _as_iso(raw: object) -> object:
    match = _OLD_TIME.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        return raw
    month, day, time, zone, year = match.groups()
    return f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{time}{zone}"


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond all calendars") from error


def _storable(text: str) -> str:
    """Drop what no text of X holds and no database stores: U+0000 and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


class _Unreadable:
    """Stands for a member of a list until the list is whole."""


def _or_unreadable(raw: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(raw)
    except ValidationError:
        return _Unreadable()


def _readable(members: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(member for member in members if not isinstance(member, _Unreadable))


def _not_all_unreadable(members: tuple[T, ...]) -> tuple[T, ...]:
    readable = _readable(members)
    if members and not readable:
        raise ValueError("nothing of it can be read")
    return readable


Id = Annotated[int, Field(ge=0, lt=2**63)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
BigCount = Annotated[int, Field(ge=0, lt=2**63)]
Time = Annotated[AwareDatetime, BeforeValidator(_as_iso), AfterValidator(_in_utc)]
Text = Annotated[str, AfterValidator(_storable)]
_Member = Annotated[T, WrapValidator(_or_unreadable)]
Several = Annotated[tuple[_Member[T], ...], AfterValidator(_readable)]
"""A list without its members that cannot be read."""
Page = Annotated[tuple[_Member[T], ...], AfterValidator(_not_all_unreadable)]
"""The same, but where nothing at all can be read it is not taken for an empty list."""


class Wire(BaseModel):
    """An object of X's. A field that cannot be read has its default, like one that is absent.

    Those that `must_be_read` make the object unreadable: their default would say something false.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    must_be_read: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_default(
        cls, raw: object, read: Callable[[object], object], info: ValidationInfo
    ) -> object:
        try:
            return read(raw)
        except ValidationError:
            name = info.field_name or ""
            field = cls.model_fields[name]
            if field.is_required() or name in cls.must_be_read:
                raise
            return field.get_default(call_default_factory=True)


class Part(Wire):
    """A part of an object; in these, X's newer specification allows null for what is absent."""

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, raw: Any) -> Any:  # noqa: ANN401 -- any JSON
        if not isinstance(raw, dict):
            return raw
        return {name: value for name, value in raw.items() if value is not None}
