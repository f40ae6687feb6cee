"""Messages over REST: what is kept, what is refused, and how Discord says so."""

import io
import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.discord.sample import PNG
from tests.sandbox.discord.server import ADA, ANNOUNCEMENTS, GENERAL, GRACE, LIKES, STAFF, Server

MESSAGES = f"/channels/{LIKES}/messages"


async def send(server: Server, body: dict[str, Any], path: str = MESSAGES) -> dict[str, Any]:
    answer = await server.rest("POST", path, body)
    assert answer.status == 200, answer.body
    return answer.body


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Press", "custom_id": "press", **more}


def row(*inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inner)}


def select(**more: Any) -> dict[str, Any]:
    options = [{"label": "a", "value": "a"}]
    return {"type": 3, "custom_id": "pick", "options": options, **more}


async def test_a_message_is_sent_edited_and_deleted(server: Server) -> None:
    async with server.sandbox.events.listen() as events:
        sent = await send(server, {"content": "  one  ", "embeds": [{"title": "t"}]})
        path = f"{MESSAGES}/{sent['id']}"
        assert sent["content"] == "one"
        assert sent["embeds"] == [{"type": "rich", "title": "t"}]
        edited = (await server.rest("PATCH", path, {"content": "two", "embeds": None})).body
        assert (edited["content"], edited["embeds"]) == ("two", [])
        assert edited["edited_timestamp"] is not None
        assert (await server.rest("GET", path)).body == edited
        assert (await server.rest("DELETE", path)).status == 204
        assert (await server.rest("GET", path)).body["code"] == 10008
        kinds = [(await anext(events)).type for _ in range(3)]
    assert kinds == ["message.create", "message.update", "message.delete"]


async def test_history_is_read_in_pages(server: Server) -> None:
    ids = []
    for number in range(7):
        answer = await server.control("POST", f"{MESSAGES}", {"content": f"{number}"})
        ids.append(answer.body["id"])

    async def page(query: str) -> list[str]:
        listed = (await server.rest("GET", f"{MESSAGES}?{query}")).body
        return [message["content"] for message in listed]

    assert await page("") == list("6543210")
    assert await page("limit=2") == ["6", "5"]
    assert await page(f"limit=2&before={ids[5]}") == ["4", "3"]
    assert await page(f"limit=2&after={ids[1]}") == ["3", "2"]
    assert await page(f"limit=3&around={ids[3]}") == ["4", "3", "2"]
    assert await page(f"after={ids[6]}") == []
    for query in ("limit=0", "limit=101", "before=x"):
        assert (await server.rest("GET", f"{MESSAGES}?{query}")).body["code"] == 50035


async def test_a_nonce_is_enforced_for_five_minutes(server: Server) -> None:
    body = {"content": "once", "nonce": "n-1", "enforce_nonce": True}
    first = await send(server, body)
    second = await send(server, {**body, "content": "never seen"})
    assert second == first
    assert first["nonce"] == "n-1"
    elsewhere = await send(server, body, f"/channels/{GENERAL}/messages")
    unenforced = await send(server, {"content": "again", "nonce": "n-1"})
    server.sandbox.clock.advance(301)
    later = await send(server, body)
    assert len({one["id"] for one in (first, elsewhere, unenforced, later)}) == 4
    assert len(await server.read(LIKES)) == 3


@pytest.mark.parametrize(
    ("denied", "body", "code"),
    [
        ("VIEW_CHANNEL", {"content": "x"}, 50001),
        ("SEND_MESSAGES", {"content": "x"}, 50013),
        ("EMBED_LINKS", {"embeds": [{"title": "x"}]}, 50013),
    ],
)
async def test_missing_permissions(
    server: Server, denied: str, body: dict[str, Any], code: int
) -> None:
    await server.control("PATCH", f"/channels/{LIKES}", {"deny": [denied]})
    refused = await server.rest("POST", MESSAGES, body)
    assert (refused.status, refused.body["code"]) == (403, code)

    await server.control("PATCH", f"/channels/{LIKES}", {"deny": []})
    await send(server, body)


async def test_staff_only_is_closed_to_the_bot(server: Server) -> None:
    refused = await server.rest("POST", f"/channels/{STAFF}/messages", {"content": "x"})
    assert refused.body == {"message": "Missing Permissions", "code": 50013}


async def test_others_messages(server: Server) -> None:
    theirs = await server.control("POST", MESSAGES, {"user_id": GRACE, "content": "mine"})
    path = f"{MESSAGES}/{theirs.body['id']}"
    assert (await server.rest("PATCH", path, {"content": "x"})).body["code"] == 50005
    assert (await server.rest("DELETE", path)).body["code"] == 50013


LONG = {"name": "n" * 256, "value": "v" * 1024}
TEXTS = [{"type": 10, "content": "x" * 2001}] * 2


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
        ({"nonce": "n" * 26, "content": "x"}, "nonce", "NONCE_TYPE_TOO_LONG"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"fields": [LONG] * 26}]}, "embeds.0.fields", "BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"fields": [LONG] * 5}]}, "embeds.0", "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"embeds": [{"fields": [LONG] * 4}, {"fields": [LONG]}]},
            "embeds.1",
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
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
    rows = [row(*(button(custom_id=f"{n}-{m}") for m in range(5))) for n in range(5)]
    await send(server, {"content": "x", "components": rows})


async def test_an_empty_message(server: Server) -> None:
    for body in ({}, {"content": " "}, {"embeds": []}, {"flags": 1 << 15}):
        assert (await server.rest("POST", MESSAGES, body)).body["code"] == 50006
    sent = await send(server, {"content": "x"})
    edited = await server.rest("PATCH", f"{MESSAGES}/{sent['id']}", {"content": ""})
    assert edited.body["code"] == 50006
    assert (await server.read(LIKES))[0]["content"] == "x"


async def test_components_come_back_numbered(server: Server) -> None:
    sent = await send(
        server, {"content": "x", "components": [row(button(), button(custom_id="b"))]}
    )
    [found] = sent["components"]
    assert [found["id"], *(one["id"] for one in found["components"])] == [1, 2, 3]


def with_files(body: dict[str, Any], **files: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, (name, data) in enumerate(files.items()):
        form.add_field(f"files[{number}]", io.BytesIO(data), filename=f"{name}.png")
    return form


async def test_files(server: Server) -> None:
    body = {
        "content": "look",
        "embeds": [{"image": {"url": "attachment://shown.png"}}],
        "attachments": [{"id": 1, "description": "the other"}],
    }
    form = with_files(body, shown=PNG, other=b"data")
    sent = (await server.rest("POST", MESSAGES, data=form)).body

    image = sent["embeds"][0]["image"]
    assert (image["width"], image["height"]) == (3, 2)
    async with server.session.get(image["url"]) as response:
        assert await response.read() == PNG
    [listed] = sent["attachments"]
    assert (listed["filename"], listed["size"]) == ("other.png", 4)
    assert listed["description"] == "the other"

    path = f"{MESSAGES}/{sent['id']}"
    kept = (await server.rest("PATCH", path, {"content": "still"})).body
    assert kept["attachments"] == sent["attachments"]
    gone = (await server.rest("PATCH", path, {"attachments": []})).body
    assert gone["attachments"] == []
    async with server.session.get(listed["url"]) as response:
        assert response.status == 404


async def test_a_file_of_more_than_ten_mebibytes(server: Server) -> None:
    refused = await server.rest("POST", MESSAGES, data=with_files({}, big=bytes(10 * 2**20 + 1)))
    assert (refused.status, refused.body["code"]) == (413, 40005)


async def test_a_v2_message_stays_one(server: Server) -> None:
    text = {"type": 10, "content": "first"}
    sent = await send(server, {"flags": 1 << 15, "components": [text]})
    path = f"{MESSAGES}/{sent['id']}"
    edited = await server.rest("PATCH", path, {"components": [{**text, "content": "second"}]})
    assert edited.body["components"][0]["content"] == "second"
    assert edited.body["flags"] == 1 << 15
    assert (await server.rest("PATCH", path, {"content": "x"})).body["code"] == 50035
    plain = await send(server, {"content": "x"})
    path = f"{MESSAGES}/{plain['id']}"
    turned = {"flags": 1 << 15, "components": [text]}
    assert (await server.rest("PATCH", path, turned)).body["code"] == 50035
    assert (await server.rest("PATCH", path, {**turned, "content": None})).status == 200


async def test_replies(server: Server) -> None:
    first = await send(server, {"content": "first"})
    reply = await send(
        server, {"content": "second", "message_reference": {"message_id": first["id"]}}
    )
    assert (reply["type"], reply["message_reference"]["message_id"]) == (19, first["id"])
    assert reply["referenced_message"]["content"] == "first"


async def test_only_what_is_allowed_is_mentioned(server: Server) -> None:
    role = (await server.control("POST", "/roles", {"name": "Fans", "mentionable": True})).body
    text = f"<@{GRACE}> <@&{role['id']}> @everyone"

    async def mentioned(body: dict[str, Any]) -> tuple[list[str], list[str], bool]:
        sent = await send(server, {"content": text, **body})
        users = [user["id"] for user in sent["mentions"]]
        return users, sent["mention_roles"], sent["mention_everyone"]

    assert await mentioned({}) == ([GRACE], [role["id"]], False)
    assert await mentioned({"allowed_mentions": {"parse": []}}) == ([], [], False)
    only = {"allowed_mentions": {"parse": ["roles"], "users": [ADA]}}
    assert await mentioned(only) == ([], [role["id"]], False)
    strong = {"name": "Loud", "permissions": ["mention_everyone"]}
    loud = (await server.control("POST", "/roles", strong)).body
    bot = server.sandbox.world.bot_member(server.sandbox.world.first_guild)
    bot.roles.add(int(loud["id"]))
    assert await mentioned({}) == ([GRACE], [role["id"]], True)


async def test_five_messages_in_five_seconds(server: Server) -> None:
    for left in (4, 3, 2, 1, 0):
        answer = await server.rest("POST", MESSAGES, {"content": "x"})
        assert answer.headers["X-RateLimit-Remaining"] == str(left)
        assert answer.headers["X-RateLimit-Limit"] == "5"
    refused = await server.rest("POST", MESSAGES, {"content": "x"})
    assert refused.status == 429
    assert 0 < refused.body["retry_after"] <= 5
    assert refused.body["global"] is False
    assert refused.headers["Retry-After"] in "12345"
    await send(server, {"content": "x"}, f"/channels/{ANNOUNCEMENTS}/messages")
    server.sandbox.clock.advance(5)
    await send(server, {"content": "x"})
