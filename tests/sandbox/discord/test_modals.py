"""What Discord refuses in a modal, with the field that it blames."""

from typing import Any

import pytest

from sandbox.discord.errors import ApiError
from sandbox.discord.rules.modals import check_modal
from tests.cases import in_turn
from tests.sandbox.discord.sending import button, row, select

BAD_LENGTH = "BASE_TYPE_BAD_LENGTH"
TOO_LONG = "BASE_TYPE_MAX_LENGTH"
REQUIRED = "BASE_TYPE_REQUIRED"
OTHER_TYPE = "UNION_TYPE_CHOICES"
LABELLED = "components.0.component"
CHOICES = [{"label": f"{n}", "value": f"{n}"} for n in range(11)]


def modal(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    listed = list(components) or [label(text_input())]
    return {"custom_id": "form", "title": "Form", "components": listed, **more}


def label(component: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Label", "component": component, **more}


def text_input(**more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "text", "style": 1, **more}


def entry(kind: int, **more: Any) -> dict[str, Any]:
    return label({"type": kind, "custom_id": "entry", **more})


@in_turn(
    "wrong, path, code",
    [
        (modal(title=""), "title", REQUIRED),
        (modal(title="t" * 46), "title", BAD_LENGTH),
        (modal(custom_id=""), "custom_id", REQUIRED),
        (modal(custom_id="c" * 101), "custom_id", BAD_LENGTH),
        (modal(components=None), "components", REQUIRED),
        (modal(components=[]), "components", REQUIRED),
        (modal(*[{"type": 10, "content": "x"}] * 6), "components", BAD_LENGTH),
        (modal({"type": 10, "content": "x" * 4001}), "components.0.content", BAD_LENGTH),
        (modal(button()), "components.0.type", OTHER_TYPE),
        (modal(text_input()), "components.0.type", OTHER_TYPE),
        (modal(label(button())), f"{LABELLED}.type", OTHER_TYPE),
        (modal(label(text_input(), label="")), "components.0.label", REQUIRED),
        (modal(label(text_input(), label="x" * 46)), "components.0.label", BAD_LENGTH),
        (modal(label(text_input(), description="x" * 101)), "components.0.description", BAD_LENGTH),
        (
            modal(label(text_input()), label(text_input())),
            "components.1.component.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            modal(label(text_input(), id=5), {"type": 10, "content": "x", "id": 5}),
            "components.1.id",
            "COMPONENT_ID_DUPLICATED",
        ),
        (modal(label(text_input(custom_id=None))), f"{LABELLED}.custom_id", REQUIRED),
        (modal(label(text_input(style=3))), f"{LABELLED}.style", "BASE_TYPE_CHOICES"),
        (modal(label(text_input(value="x" * 4001))), f"{LABELLED}.value", TOO_LONG),
        (modal(label(text_input(placeholder="x" * 101))), f"{LABELLED}.placeholder", TOO_LONG),
        (modal(label(text_input(min_length=-1))), f"{LABELLED}.min_length", "NUMBER_TYPE_MIN"),
        (modal(label(text_input(min_length=4001))), f"{LABELLED}.min_length", "NUMBER_TYPE_MAX"),
        (modal(label(text_input(max_length=0))), f"{LABELLED}.max_length", "NUMBER_TYPE_MIN"),
        (modal(label(text_input(max_length=4001))), f"{LABELLED}.max_length", "NUMBER_TYPE_MAX"),
        (
            modal(label(text_input(min_length=3, max_length=2))),
            f"{LABELLED}.min_length",
            "TEXT_INPUT_COMPONENT_MIN_EXCEEDS_MAX",
        ),
        (modal(row(text_input())), "components.0.components.0.label", REQUIRED),
        (
            modal(row(text_input(label="x" * 46))),
            "components.0.components.0.label",
            BAD_LENGTH,
        ),
        (
            modal(row(text_input(label="a"), text_input(label="b", custom_id="b"))),
            "components.0.components",
            BAD_LENGTH,
        ),
        (modal(row(select())), "components.0.components.0.type", OTHER_TYPE),
        (modal(label(select(options=[]))), f"{LABELLED}.options", REQUIRED),
        (modal(entry(19, max_values=11)), f"{LABELLED}.max_values", "NUMBER_TYPE_MAX"),
        (modal(entry(21, options=CHOICES[:1])), f"{LABELLED}.options", BAD_LENGTH),
        (modal(entry(21, options=CHOICES)), f"{LABELLED}.options", BAD_LENGTH),
        (modal(entry(22, options=CHOICES)), f"{LABELLED}.options", BAD_LENGTH),
        (
            modal(entry(22, options=CHOICES[:1], max_values=11)),
            f"{LABELLED}.max_values",
            "NUMBER_TYPE_MAX",
        ),
        (modal(entry(23, default="yes")), f"{LABELLED}.default", "BOOLEAN_TYPE_CONVERT"),
    ],
)
def test_refused_modals(wrong: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_modal(wrong)

    assert refused.value.code == 50035
    assert refused.value.errors is not None
    node = refused.value.errors["data"]
    for step in path.split("."):
        node = node[step]
    assert [error["code"] for error in node["_errors"]] == [code]


def test_modals_that_just_fit() -> None:
    longest = text_input(
        custom_id="c" * 100, value="x" * 4000, placeholder="x" * 100, min_length=0, max_length=4000
    )
    check_modal(
        modal(
            label(longest, label="x" * 45, description="x" * 100),
            row(text_input(label="x" * 45, custom_id="in a row")),
            entry(21, custom_id="radio", options=CHOICES[:2]),
            entry(22, custom_id="boxes", options=CHOICES[:10], max_values=10),
            {"type": 10, "content": "x" * 4000},
            title="t" * 45,
            custom_id="c" * 100,
        )
    )
