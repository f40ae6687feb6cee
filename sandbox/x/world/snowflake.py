"""X's IDs: 42 bits of milliseconds since November 2010 and 22 bits to tell neighbours apart."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(1288834974.657, UTC)
_SHIFT = 22


def first_id_at(moment: datetime) -> int:
    """Return the smallest ID that a thing made at this moment can have."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return max(milliseconds, 0) << _SHIFT


def made_at(snowflake: int) -> datetime:
    """Return when the thing with this ID was made."""
    return _EPOCH + timedelta(milliseconds=snowflake >> _SHIFT)


def x_time(moment: datetime) -> str:
    """Write a time as X does: UTC, milliseconds, Z."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
    )
