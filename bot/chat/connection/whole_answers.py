"""Answers of Discord's REST API with nothing in them, where something was asked for.

discord.py takes what it needs for granted, and would fail somewhere inside.
"""

import json
import re
from typing import Any

import aiohttp
import discord
import discord.webhook.async_
from discord.http import HTTPClient, Route

# What makes something, or changes it, and is answered with it.
_MAKES = re.compile(r"/channels/\{channel_id\}/(?:messages|threads)(?:/.*)?|/users/@me/channels")
_NO_BODY = "/bulk-delete"


class AnswerUnreadable(discord.DiscordException):
    """Discord, or what stands before it, has answered without saying anything."""

    def __init__(self, route: Route) -> None:
        super().__init__(f"the answer to {route.method} {route.path} makes no sense")


def read_any_json() -> None:
    """Have discord.py read JSON that is called so with more words, such as a charset."""
    for module in (discord.http, discord.webhook.async_):
        module.json_or_text = _json_or_text  # type: ignore[attr-defined]


async def _json_or_text(response: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 -- any JSON
    text = await response.text(encoding="utf-8")
    if response.content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def require_answers(http: HTTPClient) -> None:
    """Let a request raise AnswerUnreadable rather than hand on an answer that is none."""
    request = http.request

    async def answered(route: Route, **options: Any) -> Any:  # noqa: ANN401 -- discord.py's own
        answer = await request(route, **options)
        if not _is_whole(route, answer):
            raise AnswerUnreadable(route)
        return answer

    http.request = answered  # type: ignore[method-assign]


def _is_whole(route: Route, answer: object) -> bool:
    if route.method == "GET":
        return isinstance(answer, dict | list)
    makes = route.method in ("POST", "PATCH") and _MAKES.fullmatch(route.path)
    if makes and not route.path.endswith(_NO_BODY):
        return isinstance(answer, dict) and "id" in answer
    return True
