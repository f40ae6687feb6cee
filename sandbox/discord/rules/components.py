"""What a message's components may be, of the first kind and of Components V2."""

import re
from collections.abc import Iterator

from sandbox.discord.rules.fields import ByType, Choice, Flag, Form, Link, ListOf, Rule, Text, Whole
from sandbox.discord.rules.problems import Path, Problems
from sandbox.discord.types import Json

ACTION_ROW = 1
BUTTON = 2
STRING_SELECT = 3
TEXT_INPUT = 4
USER_SELECT = 5
ROLE_SELECT = 6
MENTIONABLE_SELECT = 7
CHANNEL_SELECT = 8
SECTION = 9
TEXT_DISPLAY = 10
THUMBNAIL = 11
MEDIA_GALLERY = 12
FILE = 13
SEPARATOR = 14
CONTAINER = 17
LABEL = 18
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)

LINK_BUTTON = 5
PREMIUM_BUTTON = 6

MOST_COMPONENTS = 40
MOST_TEXT = 4000
ROW_WIDTH = 5

CUSTOM_ID = Text(100, 1)
EMOJI = Form(optional={"name": Text(32), "id": Whole(0), "animated": Flag()})


def _check_button(button: Json, path: Path, problems: Problems) -> None:
    if button["style"] == LINK_BUTTON:
        if not button.get("url"):
            problems.add(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        if button.get("custom_id"):
            problems.add(
                path,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
    elif button["style"] != PREMIUM_BUTTON and not button.get("custom_id"):
        problems.add(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    if button["style"] != PREMIUM_BUTTON and not (button.get("label") or button.get("emoji")):
        problems.add(
            path, "BUTTON_COMPONENT_INVALID_CONTENT", "A label or an emoji must be specified"
        )


BUTTON_RULE = Form(
    required={"style": Choice((1, 2, 3, 4, 5, 6))},
    optional={
        "custom_id": CUSTOM_ID,
        "label": Text(80),
        "url": Link(512),
        "disabled": Flag(),
        "emoji": EMOJI,
        "sku_id": Whole(0),
    },
    also=_check_button,
)


def _check_options(select: Json, path: Path, problems: Problems) -> None:
    seen: set[str] = set()
    for index, option in enumerate(select["options"]):
        if option["value"] in seen:
            problems.add(
                (*path, "options", index, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option["value"])
    _check_bounds(select, path, problems)
    if (select.get("max_values") or 1) > len(select["options"]):
        problems.add(
            (*path, "max_values"),
            "SELECT_COMPONENT_MAX_VALUES_EXCEEDS_OPTIONS",
            "max_values cannot be greater than the number of options",
        )


def _check_bounds(select: Json, path: Path, problems: Problems) -> None:
    least, most = select.get("min_values"), select.get("max_values")
    if (1 if least is None else least) > (1 if most is None else most):
        problems.add(
            (*path, "min_values"),
            "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX",
            "min_values cannot be greater than max_values",
        )


SELECT_FIELDS: dict[str, Rule] = {
    "placeholder": Text(150),
    "min_values": Whole(0, 25),
    "max_values": Whole(1, 25),
    "disabled": Flag(),
    "required": Flag(),
}
OPTION = Form(
    required={"label": Text(100, 1), "value": Text(100, 1)},
    optional={"description": Text(100), "default": Flag(), "emoji": EMOJI},
)
STRING_SELECT_RULE = Form(
    required={"custom_id": CUSTOM_ID, "options": ListOf(OPTION, 25, 1)},
    optional=SELECT_FIELDS,
    also=_check_options,
)
DEFAULT_VALUE = Form(required={"id": Whole(0), "type": Choice(("user", "role", "channel"))})
ENTITY_SELECT_RULE = Form(
    required={"custom_id": CUSTOM_ID},
    optional={
        **SELECT_FIELDS,
        "default_values": ListOf(DEFAULT_VALUE, 25),
        "channel_types": ListOf(Whole(0), 20),
    },
    also=_check_bounds,
)
SELECT_RULES: dict[int, Rule] = {
    STRING_SELECT: STRING_SELECT_RULE,
    USER_SELECT: ENTITY_SELECT_RULE,
    ROLE_SELECT: ENTITY_SELECT_RULE,
    MENTIONABLE_SELECT: ENTITY_SELECT_RULE,
    CHANNEL_SELECT: ENTITY_SELECT_RULE,
}


def _check_width(row: Json, path: Path, problems: Problems) -> None:
    width = 0
    for index, one in enumerate(row["components"]):
        width += 1 if one["type"] == BUTTON else ROW_WIDTH
        if width > ROW_WIDTH:
            problems.add(
                (*path, "components", index),
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )


ROW_RULE = Form(
    required={"components": ListOf(ByType({BUTTON: BUTTON_RULE, **SELECT_RULES}), ROW_WIDTH, 1)},
    also=_check_width,
)

MEDIA = Form(required={"url": Link(attachment=True)})
ATTACHED = Form(required={"url": Text(2048, 1, re.compile("attachment://.+"))})
DESCRIBED: dict[str, Rule] = {"description": Text(1024, 1), "spoiler": Flag()}
TEXT_RULE = Form(required={"content": Text(MOST_TEXT, 1)})
THUMBNAIL_RULE = Form(required={"media": MEDIA}, optional=DESCRIBED)
SECTION_RULE = Form(
    required={
        "components": ListOf(ByType({TEXT_DISPLAY: TEXT_RULE}), 3, 1),
        "accessory": ByType({BUTTON: BUTTON_RULE, THUMBNAIL: THUMBNAIL_RULE}),
    }
)
GALLERY_RULE = Form(
    required={"items": ListOf(Form(required={"media": MEDIA}, optional=DESCRIBED), 10, 1)}
)
INSIDE: dict[int, Rule] = {
    ACTION_ROW: ROW_RULE,
    SECTION: SECTION_RULE,
    TEXT_DISPLAY: TEXT_RULE,
    MEDIA_GALLERY: GALLERY_RULE,
    FILE: Form(required={"file": ATTACHED}, optional={"spoiler": Flag()}),
    SEPARATOR: Form(optional={"divider": Flag(), "spacing": Choice((1, 2))}),
}
CONTAINER_RULE = Form(
    required={"components": ListOf(ByType(INSIDE), MOST_COMPONENTS, 1)},
    optional={"accent_color": Whole(0, 0xFFFFFF), "spoiler": Flag()},
)

FIRST_KIND = ListOf(ByType({ACTION_ROW: ROW_RULE}), 5)
V2 = ListOf(ByType({**INSIDE, CONTAINER: CONTAINER_RULE}), MOST_COMPONENTS)


def walk(components: list[Json], path: Path = ("components",)) -> Iterator[tuple[Json, Path]]:
    """Yield every component with its path, each before those inside it."""
    for index, one in enumerate(components):
        yield from _walk_one(one, (*path, index))


def _walk_one(one: Json, path: Path) -> Iterator[tuple[Json, Path]]:
    yield one, path
    yield from walk(one.get("components") or [], (*path, "components"))
    for inner in ("accessory", "component"):
        if isinstance(one.get(inner), dict):
            yield from _walk_one(one[inner], (*path, inner))


def check_together(components: list[Json], *, v2: bool, problems: Problems) -> None:
    """Hold the rules that span components: unique IDs, their number, their text in all."""
    everything = list(walk(components))
    check_unique(everything, problems)
    if not v2:
        return
    if len(everything) > MOST_COMPONENTS:
        problems.add(
            ("components",),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The maximum number of components in a message is {MOST_COMPONENTS}",
        )
    if sum(len(one["content"]) for one, _ in everything if one["type"] == TEXT_DISPLAY) > MOST_TEXT:
        problems.add(
            ("components",),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size exceeds max size of {MOST_TEXT}",
        )


def check_unique(everything: list[tuple[Json, Path]], problems: Problems) -> None:
    custom_ids: set[str] = set()
    ids: set[int] = set()
    for one, path in everything:
        custom_id = one.get("custom_id")
        if custom_id in custom_ids:
            problems.add(
                (*path, "custom_id"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        number = one.get("id")
        if number and number in ids:
            problems.add(
                (*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated"
            )
        if custom_id:
            custom_ids.add(custom_id)
        if number:
            ids.add(number)
