"""From a request's body to a message's content, checked by Discord's rules."""

from dataclasses import replace

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.messages import components
from sandbox.discord.messages.files import Body, attach
from sandbox.discord.messages.model import Content
from sandbox.discord.rules.fields import NOT_INTEGER
from sandbox.discord.rules.messages import (
    EPHEMERAL,
    IS_COMPONENTS_V2,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    check_message,
    check_v2_alone,
)
from sandbox.discord.rules.problems import Problems, invalid
from sandbox.discord.snowflake import Snowflakes
from sandbox.discord.types import Json

SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2
SETTABLE_BY_EDIT = SUPPRESS_EMBEDS | IS_COMPONENTS_V2


def compose(body: Body, snowflakes: Snowflakes, *, may_be_ephemeral: bool = False) -> Content:
    """Read a new message."""
    flags = flags_of(body.fields) & (SETTABLE | (EPHEMERAL if may_be_ephemeral else 0))
    return _read(body, Content(flags=flags), snowflakes)


def recompose(body: Body, old: Content, snowflakes: Snowflakes) -> Content:
    """Read an edit: fields that are there replace the old ones; V2 stays once it is."""
    flags = old.flags & ~LOADING
    if body.fields.get("flags") is not None:
        new = flags_of(body.fields)
        flags = flags & ~SUPPRESS_EMBEDS | new & SETTABLE_BY_EDIT
    return _read(body, replace(old, flags=flags), snowflakes)


def _read(body: Body, old: Content, snowflakes: Snowflakes) -> Content:
    fields = body.fields
    check_message(fields, v2=old.is_v2)
    made = replace(
        old,
        content=_given(fields, "content", old.content, "").strip(),
        embeds=tuple(map(_embed, fields["embeds"] or ())) if "embeds" in fields else old.embeds,
        components=(
            tuple(components.complete(fields["components"] or []))
            if "components" in fields
            else old.components
        ),
        attachments=attach(body, old.attachments, snowflakes),
    )
    if made.is_v2:
        check_v2_alone({**fields, "content": made.content, "embeds": made.embeds})
        _check_references(made)
    if made.is_empty:
        raise ApiError(Problem.EMPTY_MESSAGE)
    return made


def _given(fields: Json, name: str, old: str, empty: str) -> str:
    if name not in fields:
        return old
    value = fields[name]
    return empty if value is None else str(value)


def flags_of(fields: Json) -> int:
    flags = fields.get("flags") or 0
    if not isinstance(flags, int):
        raise invalid(("flags",), NOT_INTEGER[0], NOT_INTEGER[1].format(flags))
    return flags


def _embed(raw: Json) -> Json:
    """Return the embed as Discord keeps it: rich, and without what is null or empty."""
    kept = {name: value for name, value in raw.items() if value not in (None, "", [], {})}
    if "fields" in kept:
        kept["fields"] = [{**one, "inline": bool(one.get("inline"))} for one in kept["fields"]]
    return {**kept, "type": "rich"}


def _check_references(made: Content) -> None:
    problems = Problems()
    names = {attachment.filename for attachment in made.attachments}
    for shown in components.media(list(made.components)):
        scheme, _, name = shown["url"].partition("://")
        if scheme == "attachment" and name not in names:
            problems.add(
                ("components",),
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                f"The attachment {name} was not found",
            )
    problems.raise_if_any()
