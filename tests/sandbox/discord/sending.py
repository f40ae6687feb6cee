"""Sending messages as the bot, and pieces to send."""

from typing import Any

from tests.sandbox.discord.server import LIKES, Server

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
