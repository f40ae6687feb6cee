"""What a member has begun goes on in the process that holds it, whoever leads by now."""

from types import SimpleNamespace
from typing import Any, cast

from bot.chat.connection.held_here import HeldHere
from tests.cases import in_turn

_SLASH, _COMPONENT, _FORM = 2, 3, 5


def _held_here() -> HeldHere:
    held = cast("Any", SimpleNamespace(has="aa11".__eq__))
    return HeldHere("open".__eq__, exporter=held, importer=held)


@in_turn(
    "kind, custom_id, held",
    [
        (_FORM, "open", True),
        (_FORM, "opened-elsewhere", False),
        (_COMPONENT, "export-stop:aa11", True),
        (_COMPONENT, "export-stop:bb22", False),
        (_COMPONENT, "import:begin:aa11", True),
        (_COMPONENT, "import:stop:bb22", False),
        (_COMPONENT, "help:1", None),
        (_COMPONENT, "open", None),
        (_SLASH, None, None),
    ],
)
def test_what_is_held_here(kind: int, custom_id: str | None, held: bool | None) -> None:  # noqa: FBT001 -- a case
    data = {"type": kind, "data": {} if custom_id is None else {"custom_id": custom_id}}
    assert _held_here()(data) is held


def test_what_says_nothing_is_held_nowhere() -> None:
    assert _held_here()({"type": _COMPONENT}) is None
