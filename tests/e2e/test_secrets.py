"""However much is logged, nothing in it opens a door."""

import json
import re

import pytest

from tests.e2e.harness import GRACE, Scene, address

SECRETS = (
    "DISCORD_TOKEN",
    "X_BEARER_TOKEN",
    "X_API_KEY",
    "X_API_SECRET",
    "X_ACCESS_TOKEN",
    "X_ACCESS_TOKEN_SECRET",
    "X_CLIENT_SECRET",
)


async def a_busy_day(scene: Scene) -> None:
    """Do what makes the bot and its libraries talk: commands, buttons, news, trouble."""
    post, channel_id = scene.post(likes=25), await scene.new_channel()
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.watch(post, channel_id)
    await scene.command("like", post=address(post))
    await scene.press(await scene.command("likers", post=address(post), by=GRACE), "Next")
    await scene.command("post", post="no post", by=GRACE)
    await scene.autocomplete("watch remove", "watch")
    await scene.command("status")
    scene.discord_fault("POST /channels/:id/messages", status=500)
    scene.x_fault("GET /2/tweets", status=503, body="<html>Over capacity")
    scene.x_fault("GET /2/tweets", drop=True)
    await scene.announcement(scene.like(post), channel_id)
    async with scene.reconnecting():
        await scene.discord("POST", "/faults", {"gateway": "reconnect"})
    await scene.announcement(scene.like(post), channel_id)


def interaction_tokens(scene: Scene) -> list[str]:
    return list(scene.stage.discord._core.interactions._by_token)


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_no_log_holds_a_secret(own_scene: Scene, log_format: str) -> None:
    scene = own_scene
    await scene.start_bot(LOG_LEVEL="DEBUG", LOG_FORMAT=log_format)

    await a_busy_day(scene)
    tokens = interaction_tokens(scene)
    assert await scene.bot.stop() == 0

    log = scene.bot.log
    assert len(tokens) > 5
    assert len(log.splitlines()) > 100
    for secret in [*(scene.settings[name] for name in SECRETS), *tokens]:
        assert secret not in log, context(log, secret)
    signatures = re.findall(r'oauth_signature=\W*([^\s",\\]+)', log)
    assert set(signatures) == {"hidden]"}
    if log_format == "json":
        lines = [json.loads(line) for line in log.splitlines()]
        assert all({"event", "level", "timestamp", "logger"} <= line.keys() for line in lines)


def context(log: str, secret: str) -> str:
    return "\n".join(re.findall(f".{{0,200}}{re.escape(secret)}", log)[:3])
