"""The rest of REST: who may ask, what there is, commands, limits and faults."""

from typing import Any

import pytest

from sandbox.discord.world import TeamMember
from tests.cases import in_turn
from tests.sandbox.discord.sample import SampleBot
from tests.sandbox.discord.server import ADA, BOT, GENERAL, GRACE, GUILD, Server

COMMANDS = f"/applications/{BOT}/commands"
GUILD_COMMANDS = f"/applications/{BOT}/guilds/{GUILD}/commands"


def command(name: str = "hello", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "Say hello", **more}


def option(name: str = "word", kind: int = 3, **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "A word", **more}


@in_turn(
    "path",
    [
        "/gateway",
        "/gateway/bot",
        "/users/@me",
        "/users/@me/guilds",
        f"/users/{GRACE}",
        "/applications/@me",
        "/oauth2/applications/@me",
        f"/guilds/{GUILD}",
        f"/guilds/{GUILD}?with_counts=true",
        f"/guilds/{GUILD}/channels",
        f"/guilds/{GUILD}/roles",
        f"/guilds/{GUILD}/members/{GRACE}",
        f"/channels/{GENERAL}",
        COMMANDS,
        GUILD_COMMANDS,
    ],
)
async def test_what_can_be_read(server: Server, path: str) -> None:
    answer = await server.rest("GET", path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body or path in (COMMANDS, GUILD_COMMANDS)


async def test_an_application_of_a_team(server: Server) -> None:
    world = server.sandbox.world
    grace = world.user(int(GRACE))
    world.application.team = [TeamMember(grace), TeamMember(grace, "read_only", accepted=False)]

    found = (await server.rest("GET", "/applications/@me")).body

    assert found["owner"]["username"] == f"team{found['team']['id']}"
    assert found["team"]["owner_user_id"] == ADA
    told = [(each["role"], each["membership_state"]) for each in found["team"]["members"]]
    assert told == [("admin", 2), ("developer", 2), ("read_only", 1)]


@in_turn(
    "path, status, code",
    [
        ("/guilds/1", 404, 10004),
        ("/channels/1", 404, 10003),
        (f"/guilds/{GUILD}/members", 403, 50001),
        ("/users/1", 404, 10013),
        (f"/guilds/{GUILD}/members/1", 404, 10007),
        (f"{COMMANDS}/1", 404, 10063),
        ("/applications/1/commands", 404, 10002),
        (f"/applications/{BOT}/guilds/1/commands", 403, 50001),
        ("/nothing", 404, 0),
        (f"/webhooks/{BOT}/unknown/messages/@original", 404, 10015),
    ],
)
async def test_what_cannot(server: Server, path: str, status: int, code: int) -> None:
    answer = await server.rest("GET", path)
    assert (answer.status, answer.body["code"]) == (status, code)


async def test_members_are_listed_for_those_with_the_intent(server: Server) -> None:
    server.sandbox.world.application.privileged_intents = 1 << 1
    path = f"/guilds/{GUILD}/members"
    listed = (await server.rest("GET", f"{path}?limit=2")).body
    assert [member["user"]["username"] for member in listed] == ["ada", "grace"]
    more = (await server.rest("GET", f"{path}?limit=9&after={listed[1]['user']['id']}")).body
    assert [member["user"]["username"] for member in more] == ["linus", "Likecord"]
    assert (await server.rest("GET", f"{path}?limit=0")).body["code"] == 50035


async def test_a_wrong_token(server: Server) -> None:
    refused = await server.rest("GET", "/users/@me", token="wrong")
    assert (refused.status, refused.body) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_bad_requests(server: Server) -> None:
    path = f"/channels/{GENERAL}/messages"
    assert (await server.rest("POST", path, data=b"{")).body["code"] == 50109
    assert (await server.rest("POST", path, ["x"])).body["code"] == 50109
    assert (await server.rest("PUT", path)).status == 405


async def test_commands_are_registered(server: Server) -> None:
    made = await server.rest("POST", COMMANDS, command(default_member_permissions="32"))
    assert made.status == 201
    assert made.body["default_member_permissions"] == "32"
    again = await server.rest("POST", COMMANDS, command(options=[option()]))
    assert (again.status, again.body["id"]) == (200, made.body["id"])
    path = f"{COMMANDS}/{made.body['id']}"
    edited = await server.rest("PATCH", path, {"description": "Other"})
    assert (edited.body["description"], len(edited.body["options"])) == ("Other", 1)
    assert (await server.rest("GET", path)).body == edited.body
    put = await server.rest("PUT", COMMANDS, [command("new"), command()])
    assert [one["name"] for one in put.body] == ["new", "hello"]
    assert put.body[1]["id"] == made.body["id"]
    assert (await server.rest("DELETE", path)).status == 204
    assert (await server.rest("DELETE", path)).body["code"] == 10063
    assert [one["name"] for one in (await server.rest("GET", COMMANDS)).body] == ["new"]


async def test_a_servers_command_says_whose_it_is(server: Server) -> None:
    mine = (await server.rest("PUT", GUILD_COMMANDS, [command(description="Here")])).body[0]
    assert mine["guild_id"] == GUILD


async def test_commands_for_administrators_alone(server: Server) -> None:
    await server.rest("PUT", COMMANDS, [command(default_member_permissions="0")])
    seen = await server.control("GET", f"/commands?user_id={GRACE}")
    assert seen.body == []


SUBCOMMAND = option("sub", 1)


def of_size(characters: int) -> dict[str, Any]:
    """Return a command with choices that hold so many characters with everything else."""
    made = command(options=[option(f"o{n}", choices=[]) for n in range(4)])
    left = characters - sum(len(one["name"] + one["description"]) for one in made["options"])
    left -= len(made["name"] + made["description"])
    for one in made["options"]:
        for number in range(25):
            size = min(left, 100)
            if size > 2:
                name = f"{number:02}".ljust(size - 2, "x")
                one["choices"].append({"name": name, "value": f"{number:02}"})
                left -= size
    assert left == 0
    return made


@in_turn(
    "wrong, path, code",
    [
        ([command("Hello")], "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        ([command("two words")], "0.name", "STRING_TYPE_REGEX"),
        ([command("x" * 33)], "0.name", "BASE_TYPE_BAD_LENGTH"),
        ([command(description="")], "0.description", "BASE_TYPE_REQUIRED"),
        ([command(description="x" * 101)], "0.description", "BASE_TYPE_BAD_LENGTH"),
        ([command(), command()], "1", "APPLICATION_COMMANDS_DUPLICATE_NAME"),
        ([of_size(8001)], "0", "APPLICATION_COMMAND_TOO_LARGE"),
        ([command(options=[option()] * 26)], "0.options", "BASE_TYPE_BAD_LENGTH"),
        (
            [command(options=[option("a"), option("b", required=True)])],
            "0.options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            [command(options=[option(), option()])],
            "0.options.1",
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        (
            [command(options=[SUBCOMMAND, option()])],
            "0.options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            [command(options=[option(choices=[{"name": "x" * 101, "value": "x"}])])],
            "0.options.0.choices.0.name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            [command(options=[option("sub", 1, options=[option(kind=1)])])],
            "0.options.0.options.0.type",
            "UNION_TYPE_CHOICES",
        ),
        (
            [{"type": 3, "name": "Menu", "description": "x"}],
            "0.description",
            "APPLICATION_COMMAND_CONTEXT_MENU_INVALID",
        ),
    ],
)
async def test_wrong_commands(
    server: Server, wrong: list[dict[str, Any]], path: str, code: str
) -> None:
    refused = await server.rest("PUT", COMMANDS, wrong)

    assert (refused.status, refused.body["code"]) == (400, 50035)
    node = refused.body["errors"]
    for step in path.split("."):
        node = node[step]
    assert node["_errors"][0]["code"] == code
    assert (await server.rest("GET", COMMANDS)).body == []


async def test_a_command_of_8000_characters(server: Server) -> None:
    assert (await server.rest("PUT", COMMANDS, [of_size(8000)])).status == 200


async def test_a_hundred_commands(server: Server) -> None:
    hundred = [command(f"c{number}") for number in range(100)]
    assert (await server.rest("PUT", COMMANDS, hundred)).status == 200
    assert (await server.rest("POST", COMMANDS, command())).body["code"] == 30032
    assert (await server.rest("PUT", COMMANDS, [*hundred, command()])).body["code"] == 30032


async def test_discord_py_waits_out_a_429(server: Server, bot: SampleBot) -> None:
    fault = {
        "match": "POST /channels/:id/messages",
        "times": 2,
        "status": 429,
        "headers": {"Retry-After": "0.01"},
    }
    await server.control("POST", "/faults", fault)
    channel = bot.get_partial_messageable(int(GENERAL))

    sent = await channel.send("in the end", nonce="one")
    same = await channel.send("not again", nonce="one")

    assert same.id == sent.id
    statuses = [
        entry["status"]
        for entry in (await server.control("GET", "/requests")).body
        if entry["path"].endswith("/messages")
    ]
    assert statuses == [429, 429, 200, 200]


async def test_discord_py_waits_for_the_real_limit(server: Server, bot: SampleBot) -> None:
    path = f"/channels/{GENERAL}/messages"
    for number in range(5):
        await server.rest("POST", path, {"content": f"{number}"})
    server.sandbox.clock.advance(3)  # two seconds are left, also on a slow machine

    await bot.get_partial_messageable(int(GENERAL)).send("the sixth")

    log = (await server.control("GET", "/requests")).body
    assert [entry["status"] for entry in log if entry["path"].endswith("/messages")][-2:] == [
        429,
        200,
    ]
    assert (await server.read(GENERAL))[-1]["content"] == "the sixth"


async def test_faults(server: Server) -> None:
    await server.control("POST", "/faults", {"match": "GET /users/@me", "status": 503})
    broken = await server.rest("GET", "/users/@me")
    assert (broken.status, broken.body["code"]) == (503, 0)
    assert (await server.rest("GET", "/users/@me")).status == 200
    await server.control("POST", "/faults", {"match": "* *", "status": 500, "times": 9})
    assert (await server.control("GET", "/world")).status == 200
    await server.control("DELETE", "/faults")
    assert (await server.rest("GET", "/users/@me")).status == 200
    assert (await server.control("POST", "/faults", {"gateway": "nonsense"})).status == 400


@pytest.mark.parametrize(
    ("status", "phrase"),
    [(503, "Service Unavailable"), (520, "Unknown Error"), (599, "Unknown Error")],
)
async def test_any_error_is_put_in_words(server: Server, status: int, phrase: str) -> None:
    ordered = await server.control("POST", "/faults", {"match": "GET /users/@me", "status": status})
    assert ordered.status == 204

    broken = await server.rest("GET", "/users/@me")
    assert broken.status == status
    assert broken.body["message"].startswith(f"{status}: {phrase}")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/users/@me", 200), ("/nothing", 404), (f"/webhooks/{BOT}/unknown/messages/@original", 404)],
)
async def test_a_faults_headers_come_with_the_normal_answer(
    server: Server, path: str, status: int
) -> None:
    fault = {"match": "* *", "headers": {"CF-Ray": "8a"}}
    await server.control("POST", "/faults", fault)

    answer = await server.rest("GET", path)
    assert (answer.status, answer.headers["CF-Ray"]) == (status, "8a")
    assert answer.headers["Via"] == "1.1 sandbox", "or discord.py takes a 429 for a ban"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"match": 5}, 'match is a method and a path, such as "GET /2/tweets"'),
        ({"match": "* *", "status": "503"}, "status is a whole number from 100 to 599"),
        ({"match": "* *", "status": 429, "headers": ["x"]}, 'headers are {"name": "value"}'),
    ],
)
async def test_a_wrong_fault_gets_a_sentence(
    server: Server, wrong: dict[str, Any], sentence: str
) -> None:
    refused = await server.control("POST", "/faults", wrong)
    assert (refused.status, refused.body) == (400, {"error": sentence})
    assert (await server.rest("GET", "/users/@me")).status == 200


async def test_no_secret_is_kept_in_the_log(server: Server, bot: SampleBot) -> None:
    await server.ask("hello")
    await server.rest("GET", "/users/@me")
    log = (await server.control("GET", "/requests")).body
    paths = [entry["path"] for entry in log]
    assert any(path.endswith("/:token/callback") for path in paths)
    assert server.sandbox.token not in str(log)
    assert bot.user is not None
