"""What Discord refuses in a message, with the field that it blames."""

from typing import Any

import pytest

from tests.sandbox.discord.sending import MESSAGES, button, row, select, send
from tests.sandbox.discord.server import ADA, GENERAL, LIKES, Server

ELSEWHERE = f"/channels/{GENERAL}/messages"
LONG = {"name": "n" * 256, "value": "v" * 1024}
TOO_LONG = "BASE_TYPE_MAX_LENGTH"
TEXTS = [{"type": 10, "content": "x" * 2001}] * 2


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, "content", TOO_LONG),
        ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
        ({"nonce": "n" * 26, "content": "x"}, "nonce", "NONCE_TYPE_TOO_LONG"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", TOO_LONG),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", TOO_LONG),
        ({"embeds": [{"fields": [LONG] * 26}]}, "embeds.0.fields", "BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"fields": [LONG] * 5}]}, "embeds.0", "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"embeds": [{"fields": [LONG] * 4}, {"fields": [LONG]}]},
            "embeds.1",
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
        ({"embeds": [{"author": {"name": "x" * 257}}]}, "embeds.0.author.name", TOO_LONG),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text", TOO_LONG),
        (
            {"embeds": [{"fields": [{"name": "x" * 257, "value": "x"}]}]},
            "embeds.0.fields.0.name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]},
            "embeds.0.fields.0.value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_BAD_LENGTH"),
        (
            {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
            "embeds.0.fields.0.name",
            "BASE_TYPE_REQUIRED",
        ),
        ({"embeds": [{"url": "ftp://x.y"}]}, "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
        ({"embeds": [{"url": "no url"}]}, "embeds.0.url", "URL_TYPE_INVALID_URL"),
        ({"embeds": [{"timestamp": "noon"}]}, "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"),
        ({"embeds": [{"color": 1 << 24}]}, "embeds.0.color", "NUMBER_TYPE_MAX"),
        ({"components": [row(button()) for _ in range(6)]}, "components", "BASE_TYPE_BAD_LENGTH"),
        (
            {"components": [row(button(custom_id="c" * 101))]},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(button(label="x" * 81))]},
            "components.0.components.0.label",
            TOO_LONG,
        ),
        (
            {"components": [row(button(), button())]},
            "components.0.components.1.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"components": [row(button(custom_id=None))]},
            "components.0.components.0",
            "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
        ),
        (
            {"components": [row(button(), select())]},
            "components.0.components.1",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            {
                "components": [
                    row(select(options=[{"label": "a", "value": f"{n}"} for n in range(26)]))
                ]
            },
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(select(options=[{"label": "a", "value": "a"}] * 2))]},
            "components.0.components.0.options.1.value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            {"components": [{"type": 10, "content": "text"}]},
            "components.0.type",
            "UNION_TYPE_CHOICES",
        ),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}], "content": "x"},
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            {"flags": 1 << 15, "components": TEXTS},
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        (
            {
                "flags": 1 << 15,
                "components": [{"type": 17, "components": [{"type": 14}] * 20}] * 2,
            },
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
        (
            {
                "flags": 1 << 15,
                "components": [{"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}],
            },
            "components",
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": [ADA]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_limits(server: Server, body: dict[str, Any], path: str, code: str) -> None:
    refused = await server.rest("POST", MESSAGES, body)

    assert (refused.status, refused.body["code"]) == (400, 50035)
    node = refused.body["errors"]
    for step in path.split("."):
        node = node[step]
    assert node["_errors"][0]["code"] == code
    assert await server.read(LIKES) == []


async def test_what_just_fits(server: Server) -> None:
    fields = [{"name": "n" * 200, "value": "v" * 1000}] * 5
    await send(server, {"content": "x" * 2000, "embeds": [{"fields": fields}]})
    components = [{"type": 17, "components": [{"type": 14}] * 19}] * 2
    await send(server, {"flags": 1 << 15, "components": components})
    longest = {
        "author": {"name": "x" * 256},
        "footer": {"text": "x" * 2048},
        "fields": [{"name": "x" * 256, "value": "x" * 1024}],
    }
    await send(server, {"embeds": [longest, *[{"title": "x"}] * 9]})
    await send(server, {"content": "x", "components": [row(button(label="x" * 80))]}, ELSEWHERE)
    rows = [row(*(button(custom_id=f"{n}-{m}") for m in range(5))) for n in range(5)]
    await send(server, {"content": "x", "components": rows})


async def test_an_empty_message(server: Server) -> None:
    for body in ({}, {"content": " "}, {"embeds": []}, {"flags": 1 << 15}):
        assert (await server.rest("POST", MESSAGES, body)).body["code"] == 50006
    sent = await send(server, {"content": "x"})
    edited = await server.rest("PATCH", f"{MESSAGES}/{sent['id']}", {"content": ""})
    assert edited.body["code"] == 50006
    assert (await server.read(LIKES))[0]["content"] == "x"
