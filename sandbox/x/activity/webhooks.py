"""X's webhooks: addresses that prove themselves by a CRC, and are told of events."""

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from sandbox.x.access.auth import authenticate
from sandbox.x.access.tokens import Tokens, fresh
from sandbox.x.activity.subscriptions import Subscription
from sandbox.x.api.gate import LOG_CALLER, refuse
from sandbox.x.problems import Fault, Refused, invalid_request, plain
from sandbox.x.world.snowflake import first_id_at, x_time
from sandbox.x.world.state import World

_ANSWERS_WITHIN_S = 10.0
_NONCE = 32


@dataclass(slots=True)
class Webhook:
    id: str
    url: str
    created_at: str
    valid: bool = True

    def body(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "valid": self.valid,
            "created_at": self.created_at,
        }


def sign(secret: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


class Webhooks:
    """`any_address` lets in what X would not: http, ports and this machine."""

    def __init__(self, world: World, tokens: Tokens, *, any_address: bool = True) -> None:
        self._world = world
        self._tokens = tokens
        self._any_address = any_address
        self._kept: dict[str, Webhook] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self.refused: list[int] = []
        """What the addresses answered that was not 200."""

    def knows(self, webhook_id: str) -> bool:
        return webhook_id in self._kept

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/2/webhooks", self._list),
            web.post("/2/webhooks", self._make),
            web.put("/2/webhooks/{id}", self._prove_again),
            web.delete("/2/webhooks/{id}", self._delete),
        ]

    async def _admit(self, request: web.Request) -> None:
        caller = await authenticate(request, self._tokens)
        request[LOG_CALLER] = caller
        if caller.kind == "oauth2":
            raise plain(403, "Forbidden")

    async def _list(self, request: web.Request) -> web.Response:
        try:
            await self._admit(request)
        except Refused as refusal:
            return refuse(refusal)
        found = [webhook.body() for webhook in self._kept.values()]
        meta = {"meta": {"result_count": len(found)}}
        return web.json_response({"data": found, **meta} if found else meta)

    async def _make(self, request: web.Request) -> web.Response:
        try:
            await self._admit(request)
            url = self._wanted(await request.json())
            if any(webhook.url == url for webhook in self._kept.values()):
                raise invalid_request([Fault("DuplicateUrlFailed")])
            await self._prove(url)
        except Refused as refusal:
            return refuse(refusal)
        now = self._world.clock.now()
        made = Webhook(str(first_id_at(now)), url, x_time(now))
        self._kept[made.id] = made
        return web.json_response({"data": made.body()})

    def _wanted(self, body: object) -> str:
        url = body.get("url") if isinstance(body, dict) else None
        if not isinstance(url, str) or not 0 < len(url) <= 200:
            raise invalid_request([Fault("url: 1 to 200 characters")])
        parts = urlsplit(url)
        is_public = parts.scheme == "https" and ":" not in parts.netloc
        if not is_public and not self._any_address:
            raise invalid_request([Fault("InvalidUrl: https without a port")])
        return url

    async def _prove_again(self, request: web.Request) -> web.Response:
        try:
            await self._admit(request)
            webhook = self._kept.get(request.match_info["id"])
            if webhook is None:
                raise plain(404, "Not Found")
            await self._prove(webhook.url)
        except Refused as refusal:
            return refuse(refusal)
        webhook.valid = True
        return web.json_response({"data": {"valid": True}})

    async def _delete(self, request: web.Request) -> web.Response:
        try:
            await self._admit(request)
        except Refused as refusal:
            return refuse(refusal)
        gone = self._kept.pop(request.match_info["id"], None)
        return web.json_response({"data": {"deleted": gone is not None}})

    async def _prove(self, url: str) -> None:
        """Ask the address for the CRC; refuse one that does not answer it rightly."""
        token = fresh(_NONCE)
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.get(
                    url,
                    params={"crc_token": token, "nonce": fresh(_NONCE)},
                    timeout=aiohttp.ClientTimeout(total=_ANSWERS_WITHIN_S),
                ) as response,
            ):
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise invalid_request([Fault("CrcValidationFailed")]) from error
        expected = sign(self._tokens.app.api_secret, token.encode())
        if not isinstance(answer, dict) or answer.get("response_token") != expected:
            raise invalid_request([Fault("CrcValidationFailed")])

    def deliver(self, told: Subscription, body: bytes) -> bool:
        """Send an event to its webhook, in its own time; say whether there is one."""
        webhook = self._kept.get(str(told.webhook_id))
        if webhook is None or not webhook.valid:
            return False
        task = asyncio.get_running_loop().create_task(self._send(webhook.url, body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return True

    async def _send(self, url: str, body: bytes) -> None:
        headers = {
            "Content-Type": "application/json",
            "x-twitter-webhooks-signature": sign(self._tokens.app.api_secret, body),
        }
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.post(
                    url,
                    data=body,
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=_ANSWERS_WITHIN_S),
                ) as response,
            ):
                if response.status != 200:
                    self.refused.append(response.status)
        except (aiohttp.ClientError, TimeoutError):
            self.refused.append(0)

    async def close(self) -> None:
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
