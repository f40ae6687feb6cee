"""Messages over REST: what is kept, what is refused, and how Discord says so."""

import io
import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.discord.sample import PNG
from tests.sandbox.discord.sending import MESSAGES, button, row, send
from tests.sandbox.discord.server import ADA, ANNOUNCEMENTS, GENERAL, GRACE, LIKES, STAFF, Server


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
    server.sandbox.clock.advance(290)
    assert await send(server, body) == first
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


async def test_ten_files_at_once(server: Server) -> None:
    ten = {f"file{number}": b"x" for number in range(10)}
    refused = await server.rest("POST", MESSAGES, data=with_files({}, **ten, one_more=b"x"))
    assert (refused.status, refused.body["code"]) == (400, 50035)
    assert refused.body["errors"]["files"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"

    sent = await server.rest("POST", MESSAGES, data=with_files({}, **ten))
    assert len(sent.body["attachments"]) == 10


async def test_files_that_components_show_are_listed_there_alone(server: Server) -> None:
    shown = {"type": 12, "items": [{"media": {"url": "attachment://shown.png"}}]}
    body = {"flags": 1 << 15, "components": [shown]}
    form = with_files(body, shown=PNG, other=b"data")
    sent = (await server.rest("POST", MESSAGES, data=form)).body
    (item,) = sent["components"][0]["items"]
    assert [each["filename"] for each in sent["attachments"]] == ["other.png"]
    kept = {"components": [shown], "attachments": [{"id": item["media"]["attachment_id"]}]}
    edited = (await server.rest("PATCH", f"{MESSAGES}/{sent['id']}", kept)).body
    assert edited["components"][0]["items"] == [item]
    assert edited["attachments"] == []


async def test_files_of_an_edit_come_beside_those_that_are_named_by_their_ids(
    server: Server,
) -> None:
    sent = (await server.rest("POST", MESSAGES, data=with_files({}, one=b"1", two=b"22"))).body
    path = f"{MESSAGES}/{sent['id']}"
    one, two = sent["attachments"]

    listed = {"attachments": [{"id": two["id"]}, {"id": 0, "filename": "three.png"}]}
    edited = (await server.rest("PATCH", path, data=with_files(listed, three=b"333"))).body
    assert edited["attachments"][0] == two
    assert [each["size"] for each in edited["attachments"]] == [2, 3]
    assert edited["attachments"][1]["id"] not in (one["id"], two["id"])

    for unknown in (one["id"], 1):
        listed = {"attachments": [{"id": unknown}]}
        refused = await server.rest("PATCH", path, listed)
        assert (refused.status, refused.body["code"]) == (400, 50146), unknown
    assert (await server.rest("GET", path)).body["attachments"] == edited["attachments"]


async def test_a_message_has_ten_files_at_most_however_they_came(server: Server) -> None:
    six = {f"file{number}": b"x" for number in range(6)}
    sent = (await server.rest("POST", MESSAGES, data=with_files({}, **six))).body
    path = f"{MESSAGES}/{sent['id']}"
    five = {f"more{number}": b"x" for number in range(5)}
    refused = await server.rest("PATCH", path, data=with_files({}, **five))
    assert (refused.status, refused.body["code"]) == (400, 50035)
    instead = {"attachments": [{"id": number} for number in range(5)]}
    edited = await server.rest("PATCH", path, data=with_files(instead, **five))
    assert len(edited.body["attachments"]) == 5


async def test_files_need_a_permission(server: Server) -> None:
    await server.control("PATCH", f"/channels/{LIKES}", {"deny": ["ATTACH_FILES"]})
    refused = await server.rest("POST", MESSAGES, data=with_files({"content": "x"}, one=b"x"))
    assert (refused.status, refused.body["code"]) == (403, 50013)
    sent = await send(server, {"content": "x"})
    path = f"{MESSAGES}/{sent['id']}"
    refused = await server.rest("PATCH", path, data=with_files({"content": "x"}, one=b"x"))
    assert (refused.status, refused.body["code"]) == (403, 50013)
    assert (await server.rest("PATCH", path, {"content": "y"})).status == 200


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


async def test_fifty_requests_a_second_altogether(server: Server) -> None:
    limits = server.sandbox._core.limits
    channels = [{"channel_id": str(number)} for number in range(51)]
    told = [limits.count("POST", "/channels/{channel_id}/messages", each) for each in channels]

    assert [verdict.retry_after for verdict in told[:50]] == [None] * 50
    assert told[50].everywhere
    assert 0 < (told[50].retry_after or 0) <= 1
    server.sandbox.clock.advance(1)
    assert limits.count("GET", "/users/@me", {}).retry_after is None


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
