"""What a modal may hold."""

from sandbox.discord.rules.components import (
    ACTION_ROW,
    CUSTOM_ID,
    LABEL,
    SELECT_RULES,
    TEXT_DISPLAY,
    TEXT_INPUT,
    TEXT_RULE,
    check_unique,
    walk,
)
from sandbox.discord.rules.fields import (
    REQUIRED,
    ByType,
    Choice,
    Flag,
    Form,
    ListOf,
    Rule,
    Text,
    Whole,
)
from sandbox.discord.rules.problems import Path, Problems
from sandbox.discord.types import Json

FILE_UPLOAD = 19
RADIO_GROUP = 21
CHECKBOX_GROUP = 22
CHECKBOX = 23

INPUT_OPTIONAL: dict[str, Rule] = {
    "label": Text(45, 1),
    "value": Text(4000),
    "placeholder": Text(100),
    "required": Flag(),
    "min_length": Whole(0, 4000),
    "max_length": Whole(1, 4000),
}


def _check_lengths(one: Json, path: Path, problems: Problems) -> None:
    if (one.get("min_length") or 0) > (one.get("max_length") or 4000):
        problems.add(
            (*path, "min_length"),
            "TEXT_INPUT_COMPONENT_MIN_EXCEEDS_MAX",
            "min_length cannot be greater than max_length",
        )


INPUT_RULE = Form(
    required={"custom_id": CUSTOM_ID, "style": Choice((1, 2))},
    optional=INPUT_OPTIONAL,
    also=_check_lengths,
)


def _check_labelled(row: Json, path: Path, problems: Problems) -> None:
    """Hold that a text input in an action row names itself, as no label does it there."""
    for index, one in enumerate(row["components"]):
        if not one.get("label"):
            problems.add((*path, "components", index, "label"), *REQUIRED)


CHOICES = Form(
    required={"label": Text(100, 1), "value": Text(100, 1)},
    optional={"description": Text(100), "default": Flag()},
)
LABELLED: dict[int, Rule] = {
    TEXT_INPUT: INPUT_RULE,
    **SELECT_RULES,
    FILE_UPLOAD: Form(
        required={"custom_id": CUSTOM_ID},
        optional={"min_values": Whole(0, 10), "max_values": Whole(1, 10), "required": Flag()},
    ),
    RADIO_GROUP: Form(
        required={"custom_id": CUSTOM_ID, "options": ListOf(CHOICES, 10, 2)},
        optional={"required": Flag()},
    ),
    CHECKBOX_GROUP: Form(
        required={"custom_id": CUSTOM_ID, "options": ListOf(CHOICES, 10, 1)},
        optional={"min_values": Whole(0, 10), "max_values": Whole(1, 10), "required": Flag()},
    ),
    CHECKBOX: Form(required={"custom_id": CUSTOM_ID}, optional={"default": Flag()}),
}
MODAL = Form(
    required={
        "custom_id": CUSTOM_ID,
        "title": Text(45, 1),
        "components": ListOf(
            ByType(
                {
                    ACTION_ROW: Form(
                        required={"components": ListOf(ByType({TEXT_INPUT: INPUT_RULE}), 1, 1)},
                        also=_check_labelled,
                    ),
                    LABEL: Form(
                        required={"label": Text(45, 1), "component": ByType(LABELLED)},
                        optional={"description": Text(100, 1)},
                    ),
                    TEXT_DISPLAY: TEXT_RULE,
                }
            ),
            5,
            1,
        ),
    }
)


def check_modal(data: Json) -> None:
    problems = Problems()
    MODAL.check(data, ("data",), problems)
    if not problems:
        check_unique(list(walk(data["components"], ("data", "components"))), problems)
    problems.raise_if_any()
