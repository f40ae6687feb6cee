"""`python -m bot check`, between the stand-ins: each line, and how to mend what is wrong."""

import contextlib
import re
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yarl

from bot.chat.connection import login_check
from bot.domain.errors import XError
from bot.run import core
from bot.run.check import check
from bot.run.finding import Finding
from bot.run.settings import Settings, load_settings
from bot.x.asking.request import RequestSender
from sandbox.discord.permissions import Permission
from sandbox.discord.seed import GUILD_ID
from sandbox.stage import Ports, Stage, open_stage
from sandbox.x.control.made_to_order import make_post
from sandbox.x.world.rows import Post
from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.chat.connected import endpoint
from tests.e2e.process import run_command
from tests.x.clients import HASTE

__all__ = ["endpoint"]

# Where discord.py looks for Discord is put back after each test.
pytestmark = pytest.mark.usefixtures("endpoint")

TYPES = "https://api.twitter.com/2/problems"
OWN_KEYS = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
CREDENTIALS = ("DISCORD_TOKEN", *OWN_KEYS)

OWN, OTHERS = "Likers of own posts", "Likers of other accounts' posts"
MEMBERS, LEFT = "Members' own accounts", "Requests left in 15 minutes"
HOME = "Home servers"
PUSHED = "Likes that X pushes"
BEARER = "X_BEARER_TOKEN"
NOT_KNOWN = (
    "note: X takes likes back, as was tried. Whether it takes likes is not known before somebody "
    "uses /like: nothing is liked to find out."
)
ALL = ["Discord", "Invite link", "Servers", "Database", "X", BEARER, OWN, OTHERS, "Liking"]
ALL += [MEMBERS, PUSHED, HOME, LEFT, "Money"]
WITHOUT_AN_ACCOUNT = [about for about in ALL if about not in (OWN, OTHERS, "Liking")]


@dataclass
class Check:
    """The stand-ins, the settings for them, and what the check says."""

    stage: Stage
    settings: dict[str, str]
    monkeypatch: pytest.MonkeyPatch

    def x_fault(self, match: str, **how: Any) -> None:
        self.stage.x.faults.add({"match": match, "times": 99, **how})

    async def revoke(self, name: str = "X_ACCESS_TOKEN") -> None:
        """Let X accept the account's keys, or another token, no longer."""
        url = f"{self.settings['X_API_URL']}/sandbox/tokens/{self.settings[name]}"
        async with aiohttp.ClientSession() as http, http.delete(url) as response:
            assert response.status < 300

    def somebodys_post(self) -> Post:
        """Publish X's first post, which the check looks at."""
        world = self.stage.x.world
        post = make_post(world, {"id": "20", "author_id": str(TWITTER), "text": "Hello"})
        world.like(post, world.stranger_to(post))
        return post

    async def findings(self) -> dict[str, str]:
        """Return the lines by what they are about, in their order."""
        found: list[Finding] = [finding async for finding in check(self.load())]
        assert len({finding.about for finding in found}) == len(found)
        return {finding.about: f"{finding.level}: {finding.sentence}" for finding in found}

    def load(self) -> Settings:
        for name, value in self.settings.items():
            self.monkeypatch.setenv(name, value)
        return load_settings()


@pytest.fixture
async def checked(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Check]:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    # Outages are tried again here too, but at once.
    monkeypatch.setattr(core, "RequestSender", partial(RequestSender, policy=HASTE))
    async with open_stage(Ports(0, 0, 0)) as stage:
        settings = {**stage.settings(), "DATABASE_URL": sqlite_url}
        yield Check(stage, settings, monkeypatch)


async def test_all_is_well(checked: Check) -> None:
    checked.somebodys_post()
    checked.stage.x.world.settings.likers = "public"
    checked.stage.x.world.settings.liking = "allowed"

    found = await checked.findings()

    assert list(found) == ALL
    assert found == {
        "Discord": f"ok: the bot is {await _name(checked)}.",
        "Invite link": found["Invite link"],
        "Servers": "ok: Sandbox.",
        "Database": "ok: reachable, and its tables are up to date.",
        "X": "ok: reads and acts as @TwitterDev.",
        BEARER: "ok: X accepts it.",
        OWN: "ok: X shows them: watches announce names.",
        OTHERS: "ok: X shows them too.",
        "Liking": NOT_KNOWN,
        MEMBERS: "ok: can be linked in the browser, which comes back to "
        f"{checked.settings['X_REDIRECT_URL']}, or with a PIN.",
        PUSHED: "note: X lets this app ask for them. Of the bot's own account, whose keys are "
        "OAuth 1.0a, the bot tries it and may be refused. Link it in the browser, by /account "
        "link, for likes within seconds.",
        HOME: found[HOME],
        LEFT: found[LEFT],
        "Money": found["Money"],
    }
    assert found[HOME] == f"ok: {GUILD_ID}. Others are not served."
    assert "of 3,500 for posts and their counts, " in found[LEFT]
    assert found[LEFT].endswith("of 75 for likers of a post.")
    assert found["Money"].startswith("ok: X charged $0.0")
    assert found["Money"].endswith("no budget is set.")


async def test_the_invite_link_asks_for_what_the_bot_needs_and_no_more(checked: Check) -> None:
    found = (await checked.findings())["Invite link"]

    link = yarl.URL(found.split()[1])
    assert link.query["client_id"] == str(checked.stage.discord.world.application.id)
    assert set(link.query["scope"].split()) == {"bot", "applications.commands"}
    asked = Permission(int(link.query["permissions"]))
    assert asked == (
        Permission.VIEW_CHANNEL
        | Permission.SEND_MESSAGES
        | Permission.SEND_MESSAGES_IN_THREADS
        | Permission.EMBED_LINKS
        | Permission.ATTACH_FILES
        | Permission.READ_MESSAGE_HISTORY
    )


async def test_what_the_bot_lacks_in_a_server_is_named(checked: Check) -> None:
    guild = checked.stage.discord.world.first_guild
    less = guild.everyone.permissions & ~int(Permission.EMBED_LINKS | Permission.SEND_MESSAGES)
    guild.roles[guild.id] = replace(guild.everyone, permissions=less)

    assert (await checked.findings())["Servers"] == (
        "note: Sandbox (lacks Send Messages, Embed Links). Give the bot's role what it lacks; a "
        "channel may allow it by itself."
    )


async def test_no_server_is_home_yet(checked: Check) -> None:
    checked.settings["DISCORD_GUILD_ID"] = ""

    home = (await checked.findings())[HOME]
    assert home.startswith("note: none yet. Those that you or your team own become home ")


async def test_a_bot_that_is_nowhere_yet_is_to_be_invited(checked: Check) -> None:
    fault = {"match": "GET /users/@me/guilds", "status": 200, "body": []}
    checked.stage.discord.faults.add(fault)

    assert (await checked.findings())["Servers"].startswith("note: the bot is in none yet.")


async def _name(checked: Check) -> str:
    headers = {"Authorization": f"Bot {checked.settings['DISCORD_TOKEN']}"}
    url = f"{checked.settings['DISCORD_API_URL']}/users/@me"
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        me = await response.json()
    return f"{me['username']}#{me['discriminator']}"


async def test_as_x_is_today(checked: Check) -> None:
    """Others' likers are hidden, and the plan has no liking: neither is a fault."""
    checked.somebodys_post()

    found = await checked.findings()

    assert found[OTHERS] == "note: X hides them: watches on them announce how counts grow."
    assert found["Liking"] == (
        "note: X refuses to take likes back: its plan of this app has no liking; /like offers X's "
        "own like dialog instead."
    )
    assert not any(line.startswith("FAIL") for line in found.values())


async def test_a_check_likes_nothing(checked: Check) -> None:
    checked.stage.x.world.settings.liking = "allowed"
    world = checked.stage.x.world
    before = {post_id: len(list(world.likers(post))) for post_id, post in world.posts.items()}

    await checked.findings()

    after = {post_id: len(list(world.likers(post))) for post_id, post in world.posts.items()}
    assert after == before


async def test_keys_that_x_has_revoked(checked: Check) -> None:
    await checked.revoke()

    found = await checked.findings()

    assert list(found) == WITHOUT_AN_ACCOUNT
    assert found["X"] == (
        f"FAIL: {', '.join(OWN_KEYS)}: X does not accept them; make new ones in X's developer "
        "console."
    )


async def test_a_bearer_token_that_x_has_revoked(checked: Check) -> None:
    """The account's keys are asked with first, so nothing else would show it."""
    await checked.revoke(BEARER)

    found = await checked.findings()

    assert list(found) == ALL
    assert found["X"].startswith("ok")
    assert found[BEARER] == ("FAIL: X does not accept it; make a new one in X's developer console.")


async def test_an_account_that_x_has_locked(checked: Check) -> None:
    checked.x_fault(
        "GET /2/users/me", status=403, body={"errors": [{"code": 326, "message": "locked"}]}
    )

    found = await checked.findings()

    assert list(found) == WITHOUT_AN_ACCOUNT
    assert found["X"].startswith("FAIL: X has suspended or locked the account")
    assert "must sign in at https://x.com, " in found["X"]


def _date(by: timedelta) -> dict[str, str]:
    return {"Date": format_datetime(datetime.now(UTC) + by, usegmt=True)}


async def test_a_clock_that_x_does_not_accept(checked: Check) -> None:
    """The keys may be as good as ever."""
    body = {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}
    headers = _date(timedelta(minutes=10))
    checked.x_fault("GET /2/users/me", status=401, body=body, headers=headers)

    found = await checked.findings()

    assert list(found) == ["Clock" if about == "X" else about for about in WITHOUT_AN_ACCOUNT]
    assert found["Clock"] == (
        "FAIL: The clock of this machine is 10 minutes off (behind), and X refuses what is signed "
        "with a wrong time. The person who runs me must set it."
    )
    assert found[BEARER] == "ok: X accepts it."


async def test_a_clock_that_x_still_accepts(checked: Check) -> None:
    checked.x_fault("* /2/*", headers=_date(timedelta(minutes=-2)))

    found = await checked.findings()

    assert [about for about in found if about != "Clock"] == ALL
    assert found["X"].startswith("ok")
    assert found["Clock"].startswith("FAIL: The clock of this machine is 2 minutes off (ahead)")


async def test_x_says_when_to_come_back(checked: Check) -> None:
    checked.x_fault("* /2/*", status=503, headers={"Retry-After": "600"})

    line = (await checked.findings())["X"]

    assert re.match(
        r"FAIL: X does not answer right now. Try again after \d\d:\d\d:\d\d UTC. ", line
    )


async def test_x_is_down(checked: Check) -> None:
    checked.x_fault("* /2/*", status=503, body="<html>Over capacity")

    found = await checked.findings()

    assert list(found) == WITHOUT_AN_ACCOUNT
    assert found["X"] == (
        "FAIL: X does not answer right now. Try again in a minute. It was asked at "
        f"{checked.settings['X_API_URL']}; another address can be set as X_API_URL."
    )
    assert found["Discord"].startswith("ok")


async def test_nobody_is_where_x_should_be(checked: Check) -> None:
    checked.settings["X_API_URL"] = "http://127.0.0.1:9"

    assert "at http://127.0.0.1:9; another" in (await checked.findings())["X"]


async def test_nobody_is_where_discord_should_be(checked: Check) -> None:
    checked.settings["DISCORD_API_URL"] = "http://127.0.0.1:9/api"

    assert (await checked.findings())["Discord"] == (
        "FAIL: Discord does not answer; try again in a minute. It was asked at "
        "http://127.0.0.1:9/api; another address can be set as DISCORD_API_URL."
    )


@pytest.mark.parametrize("elsewhere", ["ws://127.0.0.1:9", "{}/nothing"])
async def test_nobody_is_where_the_gateway_should_be(checked: Check, elsewhere: str) -> None:
    """Nobody at all, or a web server that speaks of other things."""
    url = elsewhere.format(checked.settings["DISCORD_GATEWAY_URL"])
    checked.settings["DISCORD_GATEWAY_URL"] = url

    assert (await checked.findings())["Discord"] == (
        "FAIL: Discord's gateway does not answer; try again in a minute. It was asked at "
        f"{url}; another address can be set as DISCORD_GATEWAY_URL."
    )


async def test_discord_is_down(checked: Check) -> None:
    # discord.py itself tries a 500 again, and gives up on a 503.
    checked.stage.discord.faults.add({"match": "GET /users/@me", "times": 9, "status": 503})

    found = await checked.findings()

    assert found["Discord"] == (
        "FAIL: Discord does not answer; try again in a minute. It was asked at "
        f"{checked.settings['DISCORD_API_URL']}; another address can be set as DISCORD_API_URL."
    )
    assert found["X"].startswith("ok")


async def test_discord_says_nothing(checked: Check) -> None:
    checked.monkeypatch.setattr(login_check, "_TIMEOUT_S", 0.1)
    checked.stage.discord.faults.add({"match": "GET /users/@me", "times": 9, "delay_s": 60})

    found = await checked.findings()

    assert found["Discord"].startswith("FAIL: Discord does not answer; try again in a minute.")
    assert found["X"].startswith("ok")


async def test_discord_does_not_know_the_token(checked: Check) -> None:
    checked.settings["DISCORD_TOKEN"] = "MTE.sandbox.revoked"

    assert (await checked.findings())["Discord"] == (
        "FAIL: Discord does not accept DISCORD_TOKEN; make a new one in its developer portal."
    )


@pytest.mark.parametrize(
    ("match", "body", "about", "line"),
    [
        pytest.param(
            "GET /2/tweets/:id/liking_users",
            {"type": f"{TYPES}/client-forbidden"},
            OWN,
            "FAIL: X's plan for this app has no such requests. The person who runs me can change "
            "it in X's developer console",
            id="the plan has no likers",
        ),
        pytest.param(
            "GET /2/tweets/:id/liking_users",
            {"type": "about:blank", "title": "Forbidden"},
            OWN,
            "FAIL: X refuses them. Check the app's access level and permissions.",
            id="likers are refused without a reason",
        ),
        pytest.param(
            "GET /2/tweets/:id/liking_users",
            {"type": f"{TYPES}/usage-capped"},
            OTHERS,
            "FAIL: X's monthly cap or the prepaid credit of this app is used up.",
            id="the cap is used up",
        ),
        pytest.param(
            "GET /2/tweets/20/liking_users",
            {"type": f"{TYPES}/not-authorized-for-resource"},
            OTHERS,
            "note: X hides them: watches on them announce how counts grow.",
            id="likers of others are forbidden",
        ),
        pytest.param(
            "GET /2/tweets/20/liking_users",
            {"type": f"{TYPES}/resource-not-found"},
            OTHERS,
            "note: cannot be tried, X does not show X's first post.",
            id="the first post is gone",
        ),
        pytest.param(
            "DELETE /2/users/:id/likes/:tweet_id",
            {"type": f"{TYPES}/oauth1-permissions"},
            "Liking",
            "note: X lets this app read only. The person who runs me can set its permission",
            id="the app may only read",
        ),
    ],
)
async def test_what_x_refuses(
    checked: Check, match: str, body: dict[str, str], about: str, line: str
) -> None:
    checked.somebodys_post()
    checked.x_fault(match, status=403, body=body)

    found = await checked.findings()

    assert list(found) == ALL
    assert found[about].startswith(line)


def _without_posts(stage: Stage) -> None:
    world = stage.x.world
    for post in list(world.posts_by(TWITTER_DEV)):
        world.delete_post(post)


def _without_likes(stage: Stage) -> None:
    _without_posts(stage)
    make_post(stage.x.world, {"author_id": str(TWITTER_DEV), "text": "New"})


def _with_a_shy_liker(stage: Stage) -> None:
    _without_likes(stage)
    (post,) = stage.x.world.posts_by(TWITTER_DEV)
    shy = stage.x.world.stranger_to(post)
    shy.protected = True
    stage.x.world.like(post, shy)


@pytest.mark.parametrize(
    ("arrange", "line"),
    [
        (_without_posts, "note: cannot be tried, the account has no posts yet."),
        (_without_likes, "ok: X allows them, but nobody likes the newest posts yet."),
        (_with_a_shy_liker, "note: X shows none, although there are likes: these people may all "),
    ],
)
async def test_own_likers_as_far_as_they_can_be_tried(
    checked: Check, arrange: Callable[[Stage], None], line: str
) -> None:
    arrange(checked.stage)

    assert (await checked.findings())[OWN].startswith(line)


async def test_the_apps_token_alone(checked: Check) -> None:
    for name in (*OWN_KEYS, "X_CLIENT_ID", "X_CLIENT_SECRET", "X_REDIRECT_URL", "SECRET_KEY"):
        del checked.settings[name]

    found = await checked.findings()

    assert list(found) == [about for about in WITHOUT_AN_ACCOUNT if about != BEARER]
    assert found["X"].startswith("note: only the app's bearer token is set: counts and posts can")
    assert found["X"].endswith("Add the four keys of an account for names.")
    assert found[MEMBERS] == (
        "note: cannot be linked, as SECRET_KEY, and X_API_KEY and X_API_SECRET, or X_CLIENT_ID and "
        "X_REDIRECT_URL, are not set. The README says how to set it up."
    )


async def test_without_a_key_no_account_can_be_linked(checked: Check) -> None:
    del checked.settings["SECRET_KEY"]

    assert (await checked.findings())[MEMBERS].startswith(
        "note: cannot be linked, as SECRET_KEY is not set."
    )


async def test_names_that_nothing_reads_are_noted(checked: Check, tmp_path: Path) -> None:
    lines = "X_PRICE={}\nPROBE_SECONDS=20\nEDITOR=vi\n"
    (tmp_path / ".env").write_text(lines, encoding="utf-8")

    found = await checked.findings()

    assert list(found) == ["X_PRICE", "EDITOR", *ALL]
    told = "note: .env has it, but no setting has this name"
    assert found["X_PRICE"] == f"{told}; did you mean X_PRICES?"
    assert found["EDITOR"] == f"{told}."


async def test_a_budget_that_is_spent(checked: Check) -> None:
    checked.settings["MONTHLY_BUDGET_USD"] = "0"

    found = await checked.findings()

    assert found["X"].startswith("FAIL: My own budget for X is spent for this month")
    assert found["Money"].startswith("FAIL: X charged $0.000 today")
    assert found["Money"].endswith("the budget is $0.00.")


async def test_what_x_refused_before_is_asked_anew(checked: Check) -> None:
    checked.somebodys_post()
    assert (await checked.findings())["Liking"].startswith("note: X refuses to take likes back")
    checked.stage.x.world.settings.liking = "allowed"

    assert (await checked.findings())["Liking"] == NOT_KNOWN


async def _like(checked: Check) -> None:
    """Like as a member who is asked to: the bot remembers what came of it."""
    post = checked.somebodys_post()
    async with core.open_core(checked.load()) as running:
        with contextlib.suppress(XError):
            await running.x.likes.like(post.id)


async def test_a_like_that_x_has_refused_is_told_however_often_it_is_checked(
    checked: Check,
) -> None:
    """X took likes back all the while, which is all that a check can try."""
    checked.stage.x.world.settings.liking = "allowed"
    body = {"type": f"{TYPES}/client-forbidden"}
    checked.x_fault("POST /2/users/:id/likes", status=403, body=body)
    await _like(checked)

    for _ in range(2):
        line = (await checked.findings())["Liking"]
        assert line.startswith("note: X takes likes back, as was tried, but refused a like (20")
        assert line.endswith(
            "UTC). Its plan of this app has no liking; /like offers X's own like dialog instead."
        )


async def test_a_like_that_x_took_is_told(checked: Check) -> None:
    checked.stage.x.world.settings.liking = "allowed"
    await _like(checked)

    line = (await checked.findings())["Liking"]

    assert line.startswith("ok: X took a like (learnt 20")
    assert line.endswith("UTC), and takes likes back, as was tried.")


# As people see it


async def test_the_command_prints_a_line_each_and_says_whether_all_works(checked: Check) -> None:
    checked.somebodys_post()
    folder = Path.cwd()

    well = await run_command("check", folder=folder, settings=checked.settings)
    await checked.revoke()
    broken = await run_command("check", folder=folder, settings=checked.settings)

    assert (well.code, well.err) == (0, "")
    lines = well.out.splitlines()
    assert [line[6:].partition(":")[0] for line in lines] == ALL
    assert {line[:6] for line in lines} == {"ok    ", "note  "}
    assert (broken.code, broken.err) == (1, "")
    assert "\nFAIL  X: X_API_KEY, " in broken.out
    assert not any(checked.settings[name] in well.out + broken.out for name in CREDENTIALS)


async def test_settings_that_are_missing(tmp_path: Path) -> None:
    nothing = await run_command("check", folder=tmp_path)
    (tmp_path / ".env").touch()
    ended = await run_command("check", folder=tmp_path)

    told = "There is no .env in this folder: cp .env.example .env, then fill it in\n"
    assert (nothing.code, nothing.out, nothing.err) == (78, "", told)
    lines = ended.err.splitlines()
    assert [line.partition(": missing; ")[0] for line in lines] == list(CREDENTIALS)
    assert (ended.code, ended.out) == (78, "")
    assert not (tmp_path / "likecord.db").exists()


async def test_the_driver_of_postgresql_is_not_installed(
    checked: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    checked.settings["DATABASE_URL"] = "postgresql://bot:hunter22@127.0.0.1:9/x"

    found = await checked.findings()

    assert found["Database"] == (
        "FAIL: DATABASE_URL: needs the package asyncpg; install it with: make postgres."
    )
    assert found["Discord"].startswith("ok")


async def test_a_database_that_cannot_be_opened(checked: Check) -> None:
    checked.settings["DATABASE_URL"] = "sqlite+aiosqlite:////nowhere/at/all.db"

    ended = await run_command("check", folder=Path.cwd(), settings=checked.settings)

    assert (ended.code, ended.err) == (1, "")
    *_, database, x = ended.out.splitlines()
    assert database == (
        "FAIL  Database: DATABASE_URL: the database cannot be opened at "
        "sqlite+aiosqlite:////nowhere/at/all.db (unable to open database file)."
    )
    assert x == "note  X: not asked, as its cost could not be written down."
