"""Pages through a list that may change meanwhile: a token remembers where, not how many."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

Item = TypeVar("Item")
_CHECK_BYTES = 4


@dataclass(frozen=True, slots=True)
class Cursor:
    """Older items than the anchor come next, newer ones come before."""

    direction: Literal["older", "newer"]
    anchor: int


class BadToken(ValueError):
    """A token that was not made for the list it is used on."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    items: Sequence[Item]
    next_token: str | None
    previous_token: str | None

    @property
    def meta(self) -> dict[str, Any]:
        meta: dict[str, Any] = {"result_count": len(self.items)}
        if self.next_token:
            meta["next_token"] = self.next_token
        if self.previous_token:
            meta["previous_token"] = self.previous_token
        return meta


def page(
    items: Sequence[Item],
    key: Callable[[Item], int],
    *,
    size: int,
    token: str | None,
    list_name: str,
) -> Page[Item]:
    """Cut one page out of a list whose keys fall from first to last."""
    cursor = read_token(token, list_name) if token else None
    start, end = _bounds(items, key, cursor, size)
    cut = items[start:end]
    has_older = bool(cut) and end < len(items)
    has_newer = bool(cut) and cursor is not None and start > 0
    return Page(
        cut,
        next_token=write_token(Cursor("older", key(cut[-1])), list_name) if has_older else None,
        previous_token=write_token(Cursor("newer", key(cut[0])), list_name) if has_newer else None,
    )


def _bounds(
    items: Sequence[Item], key: Callable[[Item], int], cursor: Cursor | None, size: int
) -> tuple[int, int]:
    if cursor is None:
        return 0, size
    if cursor.direction == "older":
        start = sum(1 for item in items if key(item) >= cursor.anchor)
        return start, start + size
    end = sum(1 for item in items if key(item) > cursor.anchor)
    return max(end - size, 0), end


def write_token(cursor: Cursor, list_name: str) -> str:
    raw = f"{cursor.direction[0]}{cursor.anchor}".encode()
    return base64.b32hexencode(_check(raw, list_name) + raw).decode().lower().rstrip("=")


def read_token(token: str, list_name: str) -> Cursor:
    try:
        decoded = base64.b32hexdecode(token.upper() + "=" * (-len(token) % 8))
    except ValueError as error:
        raise BadToken from error
    check, raw = decoded[:_CHECK_BYTES], decoded[_CHECK_BYTES:]
    if check != _check(raw, list_name):
        raise BadToken
    return Cursor("older" if raw[:1] == b"o" else "newer", int(raw[1:]))


def _check(raw: bytes, list_name: str) -> bytes:
    return hashlib.blake2b(raw + list_name.encode(), digest_size=_CHECK_BYTES).digest()
