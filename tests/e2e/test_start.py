"""A start that cannot succeed ends at once, with code 78 and one line a problem."""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.e2e.harness import GRACE, Scene, address
from tests.e2e.process import Ended, run_command

X_MISSING = "missing; X's developer console shows it under Keys and tokens"
OR_BEARER = "(X_BEARER_TOKEN alone is enough for like counts, without names)"
PLACEHOLDER = "still has the placeholder of a template; put the real value there"
DISCORD_REFUSES = (
    "DISCORD_TOKEN: Discord does not accept it; make a new one in the developer portal under Bot"
)
ASKED_AGAIN = "X did not accept the keys; it is asked again before that counts"
X_REFUSES = (
    "X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET: X does not accept them; "
    "make new ones in X's developer console"
)

COMPLETE = {
    "DISCORD_TOKEN": "MTE.sandbox.a-token",
    "X_API_KEY": "a1b2c3",
    "X_API_SECRET": "d4e5f6",
    "X_ACCESS_TOKEN": "2244994945-abc",
    "X_ACCESS_TOKEN_SECRET": "g7h8i9",
}


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in COMPLETE.items() if name not in names}


@pytest.mark.parametrize(
    ("settings", "problems"),
    [
        pytest.param(
            {},
            ["There is no .env in this folder: cp .env.example .env, then fill it in"],
            id="nothing",
        ),
        pytest.param(
            {"DISCORD_TOKEN": COMPLETE["DISCORD_TOKEN"]},
            [
                f"X_API_KEY: {X_MISSING}",
                f"X_API_SECRET: {X_MISSING}",
                f"X_ACCESS_TOKEN: {X_MISSING}",
                f"X_ACCESS_TOKEN_SECRET: {X_MISSING} {OR_BEARER}",
            ],
            id="nothing of X's",
        ),
        pytest.param(
            {**COMPLETE, "DISCORD_TOKEN": "your-token-here", "X_API_KEY": "<key>"},
            [f"DISCORD_TOKEN: {PLACEHOLDER}", f"X_API_KEY: {PLACEHOLDER}"],
            id="placeholders",
        ),
        pytest.param(
            without("X_API_SECRET", "X_ACCESS_TOKEN_SECRET"),
            [f"X_API_SECRET: {X_MISSING}", f"X_ACCESS_TOKEN_SECRET: {X_MISSING}"],
            id="half an OAuth 1.0a set",
        ),
    ],
)
async def test_settings_that_do_not_suffice(
    settings: dict[str, str], problems: list[str], tmp_path: Path
) -> None:
    ended = await run_command("run", folder=tmp_path, settings=settings)

    assert ended == Ended(78, "", "".join(f"{problem}\n" for problem in problems))
    assert not (tmp_path / "likecord.db").exists()


async def test_a_clock_that_x_does_not_accept_ends_nothing(own_scene: Scene) -> None:
    """It blames no key, and what needs no signature works until somebody sets the clock."""
    scene = own_scene
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    for match in ("* /2/*", "* /oauth/*"):
        body = {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}
        scene.x_fault(match, times=999, status=401, body=body, headers={"Date": date})

    await scene.start_bot(X_BEARER_TOKEN="")

    off = "The clock of this machine is 10 minutes off (behind), and X refuses"
    assert off in (await scene.command("status")).text
    assert off in (await scene.command("likers", post=address(scene.post()))).text
    assert scene.bot.log.count("part=clock") == 1
    assert "does not accept" not in scene.bot.log

    scene.mend()
    await scene.repeat_until("status", "**X account** [@TwitterDev]")
    await scene.repeat_until("status", "### All is well")


async def test_a_token_that_x_revoked(own_scene: Scene) -> None:
    scene = own_scene
    await scene.x("DELETE", f"/tokens/{scene.settings['X_ACCESS_TOKEN']}")

    ended = await run_command("run", folder=scene.folder, settings=scene.settings)

    assert (ended.code, ended.out) == (78, "")
    asked_again, *problems = ended.err.splitlines()
    assert ASKED_AGAIN in asked_again, "so that nobody takes that minute for nothing"
    assert problems == [X_REFUSES]


async def test_a_token_that_x_refuses_twice(own_scene: Scene) -> None:
    own_scene.x_fault("GET /2/users/me", times=2, status=401)

    await own_scene.start_bot()

    assert "[@TwitterDev]" in (await own_scene.command("status")).text


async def test_both_refuse_what_they_are_given(own_scene: Scene) -> None:
    scene = own_scene
    await scene.x("DELETE", f"/tokens/{scene.settings['X_ACCESS_TOKEN']}")
    settings = {**scene.settings, "DISCORD_TOKEN": "MTE.sandbox.revoked"}

    ended = await run_command("run", folder=scene.folder, settings=settings)

    assert ended.code == 78
    assert ended.err.splitlines()[1:] == [X_REFUSES, DISCORD_REFUSES]


async def test_a_token_that_discord_does_not_know(own_scene: Scene) -> None:
    settings = {**own_scene.settings, "DISCORD_TOKEN": "MTE.sandbox.revoked"}

    ended = await run_command("run", folder=own_scene.folder, settings=settings)

    assert ended == Ended(78, "", f"{DISCORD_REFUSES}\n")


async def test_a_misspelt_setting_is_told_of(own_scene: Scene) -> None:
    (own_scene.folder / ".env").write_text("PROBE_SECOND=60\nEDITOR=vi\n", encoding="utf-8")

    await own_scene.start_bot()

    log = own_scene.bot.log
    assert (
        "PROBE_SECOND: .env has it, but no setting has this name; did you mean PROBE_SECONDS?"
        in log
    )
    assert "EDITOR" not in log


async def test_x_is_down_at_the_start(own_scene: Scene) -> None:
    scene = own_scene
    scene.x_fault("GET /2/users/me", times=3, status=503, body="<html>Over capacity")

    await scene.start_bot()

    status = await scene.command("status")
    assert "[@TwitterDev]" in status.text
    assert "X does not answer" not in status.text
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    await scene.announcement(scene.like(post), channel_id)


async def test_discord_is_down_at_the_start(own_scene: Scene) -> None:
    scene = own_scene
    # discord.py itself tries a 500 again, and gives up on a 503.
    scene.discord_fault("GET /users/@me", times=1, status=503)

    await scene.start_bot()

    assert "Discord cannot be reached; trying again" in scene.bot.log


async def test_discord_bans_the_address_for_a_while(own_scene: Scene) -> None:
    scene = own_scene
    scene.discord_fault(
        "GET /users/@me",
        status=429,
        headers={"Retry-After": "2", "Content-Type": "text/html"},
        body="<html>error code: 1015",
    )

    await scene.start_bot()

    (line,) = [line for line in scene.bot.log.splitlines() if "cannot be reached" in line]
    assert "too many requests from this address (Cloudflare's error 1015)" in line
    assert "next_in_s=2 " in line
    assert "Discord can be reached again" in scene.bot.log


@asynccontextmanager
async def away_at_first(port: int) -> AsyncIterator[str]:
    """Yield the address of a gateway that hangs up at first, and then is there.

    Twice, because aiohttp itself comes again at once.
    """
    comers = itertools.count()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if next(comers) >= 2:
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))
        writer.close()

    server = await asyncio.start_server(come, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/gateway"


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


async def test_discords_gateway_is_away_at_the_start(own_scene: Scene) -> None:
    scene = own_scene
    async with away_at_first(scene.stage.ports.discord) as gateway:
        await scene.start_bot(DISCORD_GATEWAY_URL=gateway)

        assert "Discord's gateway cannot be reached; trying again" in scene.bot.log
        answer = await scene.command("post", post=address(scene.post("Still there")), by=GRACE)
        assert "Still there" in answer.text
        assert "Discord's gateway can be reached again" in scene.bot.log
        assert await scene.bot.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_stopped_while_x_hangs_at_the_start(own_scene: Scene, number: signal.Signals) -> None:
    hangs = own_scene.x_fault("GET /2/users/me", times=9, delay_s=60)
    bot = await own_scene.begin_bot()
    await own_scene.wait_for(hangs.struck.wait(), "X is asked who the bot is")

    assert await bot.stop(number) == 0


async def test_stopped_while_discord_hangs_at_the_start(own_scene: Scene) -> None:
    hangs = own_scene.discord_fault("GET /users/@me", times=9, delay_s=60)
    bot = await own_scene.begin_bot()
    await own_scene.wait_for(hangs.struck.wait(), "Discord is asked who the bot is")

    assert await bot.stop() == 0
