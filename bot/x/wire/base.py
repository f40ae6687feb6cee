"""What every part of X's JSON has in common."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond all calendars") from error


def _storable(text: str) -> str:
    """Drop what no text of X holds and no database stores: U+0000 and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


Id = Annotated[int, Field(ge=0, lt=2**63)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
BigCount = Annotated[int, Field(ge=0, lt=2**63)]
Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Text = Annotated[str, AfterValidator(_storable)]


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Part(Wire):
    """A part of an object; in these, X's newer specification allows null for what is absent."""

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, raw: Any) -> Any:  # noqa: ANN401 -- any JSON
        if not isinstance(raw, dict):
            return raw
        return {name: value for name, value in raw.items() if value is not None}
