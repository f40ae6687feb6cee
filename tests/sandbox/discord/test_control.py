"""The control calls that change the world, and who may make them."""

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sandbox.discord.control.guard import guarded
from sandbox.discord.permissions import ALL, Permission, of_channel, of_guild
from sandbox.discord.seed import seeded_world
from sandbox.discord.world import Overwrite
from tests.cases import in_turn
from tests.sandbox.discord.sample import SampleBot
from tests.sandbox.discord.server import ADA, BOT, GENERAL, GRACE, GUILD, STAFF, Server


async def test_the_world(server: Server) -> None:
    world = (await server.control("GET", "/world")).body

    assert (world["application_id"], world["bot_user_id"]) == (BOT, BOT)
    assert world["connected"] is False
    [guild] = world["guilds"]
    assert guild["id"] == GUILD
    names = [channel["name"] for channel in guild["channels"]]
    assert names == ["general", "likes", "announcements", "staff-only"]
    admins = [member["username"] for member in guild["members"] if member["admin"]]
    assert admins == ["ada"]
    for member in guild["members"]:
        async with server.session.get(member["avatar_url"]) as response:
            assert response.content_type == "image/svg+xml"


async def test_channels_come_and_go(server: Server, bot: SampleBot) -> None:
    async with server.sandbox.events.listen() as events:
        made = (
            await server.control("POST", "/channels", {"name": "new", "deny": ["SEND_MESSAGES"]})
        ).body
        path = f"/channels/{made['id']}"
        refused = await server.rest("POST", f"{path}/messages", {"content": "x"})
        assert refused.body["code"] == 50013
        renamed = await server.control("PATCH", path, {"name": "newer", "deny": []})
        assert renamed.body["name"] == "newer"
        assert (await server.rest("POST", f"{path}/messages", {"content": "x"})).status == 200
        assert (await server.control("DELETE", path)).status == 204
        assert (await server.rest("POST", f"{path}/messages", {})).body["code"] == 10003
        kinds = [(await anext(events)).type for _ in range(4)]
    assert kinds == ["channel.create", "channel.update", "message.create", "channel.delete"]
    assert await bot.until("channel") == "new"


async def test_members_and_roles(server: Server) -> None:
    role = (await server.control("POST", "/roles", {"name": "Helpers"})).body
    joined = await server.control(
        "POST", "/members", {"username": "mary", "display_name": "Mary", "roles": ["Helpers"]}
    )
    assert joined.body["roles"] == [role["id"]]
    assert (await server.control("POST", "/members", {"username": "mary"})).status == 400
    wrote = await server.control(
        "POST", f"/channels/{GENERAL}/messages", {"user_id": joined.body["id"], "content": "hi"}
    )
    assert wrote.body["author"]["display_name"] == "Mary"


@in_turn(
    "method, path, body, status",
    [
        ("POST", "/channels", {}, 400),
        ("POST", "/channels", {"name": "two words"}, 400),
        ("POST", "/channels", {"name": "x", "deny": ["FLY"]}, 400),
        ("PATCH", "/channels/1", {}, 404),
        ("POST", "/members", {"username": "x", "roles": ["none"]}, 404),
        ("POST", "/clock", {"advance_s": -1}, 400),
        ("POST", "/clock", {"advance_s": float("nan")}, 400),
        ("POST", "/clock", {"advance_s": 1e13}, 400),
        ("POST", "/clock", {"advance_s": "5"}, 400),
        ("POST", "/clock", {}, 400),
        ("POST", f"/channels/{GENERAL}/messages", {"content": ""}, 400),
        ("POST", f"/channels/{GENERAL}/messages", {"content": "x", "user_id": "1"}, 404),
        ("POST", "/interactions", {"command": "x"}, 409),
    ],
)
async def test_calls_that_cannot_be_carried_out(
    server: Server, method: str, path: str, body: dict, status: int
) -> None:
    answer = await server.control(method, path, body)
    assert answer.status == status
    assert answer.body["error"]


@pytest.mark.usefixtures("bot")
async def test_an_ask_must_say_what_to_do(server: Server) -> None:
    answer = await server.control("POST", "/interactions", {"channel_id": GENERAL})
    assert (answer.status, answer.body["error"].split(":")[0]) == (400, "say what to do")


async def test_members_are_bound_by_permissions(server: Server) -> None:
    staff = server.sandbox.world.channel(int(STAFF))
    denied = Overwrite(int(GRACE), 1, deny=int(Permission.SEND_MESSAGES))
    staff.overwrites[int(GRACE)] = denied
    body = {"user_id": GRACE, "content": "x"}
    refused = await server.control("POST", f"/channels/{STAFF}/messages", body)
    assert (refused.status, refused.body["error"]) == (403, "Missing Permissions")


async def test_the_calls_work_below_any_prefix(server: Server) -> None:
    app = web.Application()
    for route in server.sandbox.control_routes():
        app.router.add_route(route.method, f"/discord{route.path}", route.handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    base = f"http://{host}:{port}/discord"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{base}/sandbox/world") as response:
            member = (await response.json())["guilds"][0]["members"][0]
        assert member["avatar_url"] == f"{base}/sandbox/avatars/{ADA}.svg"
        async with session.get(member["avatar_url"]) as response:
            assert response.status == 200
    await runner.cleanup()


async def test_only_this_machine_may_call() -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response()

    class Transport:
        def __init__(self, address: str) -> None:
            self.address = address

        def get_extra_info(self, name: str, default: object = None) -> object:
            return (self.address, 1) if name == "peername" else default

    for address, status in (("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403)):
        request = make_mocked_request("GET", "/", transport=Transport(address))
        assert (await guarded(handler)(request)).status == status


def test_permissions_are_computed_as_discord_does() -> None:
    guild = seeded_world().first_guild
    general = guild.channels[int(GENERAL)]
    owner, plain = guild.members[int(ADA)], guild.members[int(GRACE)]
    send, view = Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL
    role = next(iter(plain.roles))

    assert of_guild(guild, owner) == of_channel(guild, general, owner) == ALL
    assert send in of_channel(guild, general, plain)
    general.overwrites[guild.id] = Overwrite(guild.id, 0, deny=int(send))
    assert send not in of_channel(guild, general, plain)
    assert Permission.EMBED_LINKS not in of_channel(guild, general, plain)
    general.overwrites[role] = Overwrite(role, 0, allow=int(send))
    assert send in of_channel(guild, general, plain)
    general.overwrites[plain.user.id] = Overwrite(plain.user.id, 1, deny=int(view))
    assert of_channel(guild, general, plain) == 0
