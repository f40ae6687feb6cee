"""What every API request passes: authentication, limits, validation, the answer, the bill."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from sandbox.x.access.auth import Caller, authenticate
from sandbox.x.access.charges import Charge, Charges
from sandbox.x.access.limits import Limit, Limits, Standing
from sandbox.x.access.tokens import Tokens
from sandbox.x.api.query import Parameter, Query, read_query, spelling_of
from sandbox.x.api.reader import Reader
from sandbox.x.problems import (
    Fault,
    Refused,
    app_only_refused,
    invalid_request,
    plain,
    rate_limited,
    user_context_refused,
)
from sandbox.x.spelling import Spelling, respell
from sandbox.x.world.state import World

PROBLEM_JSON = "application/problem+json"
LOG_CALLER = web.RequestKey("caller", Caller)


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` None means there is nothing to show: the key is absent, as X does it."""

    data: Any = None
    meta: dict[str, Any] | None = None
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked, on its way to its handler."""

    caller: Caller
    path: dict[str, str]
    query: Query
    body: dict[str, Any]
    reader: Reader


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`app_only`: whether the app's own token is let in; `likes` follows the world's setting."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    answer: Callable[[Call], Answer]
    limits: tuple[Limit, ...]
    scopes: frozenset[str] = frozenset()
    app_only: Literal["yes", "no", "likes", "required"] = "yes"
    selectors: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = field(default=())


class Gate:
    def __init__(self, world: World, tokens: Tokens, limits: Limits, charges: Charges) -> None:
        self._world = world
        self._tokens = tokens
        self._limits = limits
        self._charges = charges

    def route(self, endpoint: Endpoint) -> web.RouteDef:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(request, endpoint)

        return web.route(endpoint.method, endpoint.path, handle)

    async def _handle(self, request: web.Request, endpoint: Endpoint) -> web.Response:
        spelling = self._spelling(request, endpoint)
        standing: Standing | None = None
        try:
            caller = await authenticate(request, self._tokens)
            request[LOG_CALLER] = caller
            standing = self._limits.take(endpoint.limits, caller.user_id)
            if standing and not standing.allowed:
                raise rate_limited()
            self._admit(caller, endpoint)
            response = self._answer(endpoint, await self._call(request, endpoint, caller), spelling)
        except Refused as refusal:
            response = refuse(refusal, spelling)
        if standing:
            response.headers.update(standing.headers)
        return response

    async def _call(self, request: web.Request, endpoint: Endpoint, caller: Caller) -> Call:
        spelling = self._accepted(request, endpoint)
        query = read_query(request.query, endpoint.selectors, endpoint.parameters, spelling)
        return Call(
            caller=caller,
            path=dict(request.match_info),
            query=query,
            body=await _body(request) if endpoint.method == "POST" else {},
            reader=Reader(self._world, caller, query.selection, str(request.url.origin())),
        )

    def _spelling(self, request: web.Request, endpoint: Endpoint) -> Spelling:
        fixed = self._world.settings.spelling
        if fixed == "asked":
            return spelling_of(request.query, endpoint.selectors)
        return Spelling(fixed)

    def _accepted(self, request: web.Request, endpoint: Endpoint) -> Spelling:
        fixed = self._world.settings.accepts
        if fixed == "either":
            return spelling_of(request.query, endpoint.selectors)
        return Spelling(fixed)

    def _admit(self, caller: Caller, endpoint: Endpoint) -> None:
        if caller.user_id is None:
            likes_open = endpoint.app_only == "likes" and self._world.settings.app_only_likes
            if endpoint.app_only not in ("yes", "required") and not likes_open:
                raise app_only_refused()
            return
        if endpoint.app_only == "required":
            raise user_context_refused()
        if caller.scopes is not None and not endpoint.scopes <= caller.scopes:
            raise plain(403, "Forbidden")
        user = self._world.users.get(caller.user_id)
        if user is None or user.gone:
            raise plain(403, "Forbidden", "Your account is suspended and may not do this.")

    def _answer(self, endpoint: Endpoint, call: Call, spelling: Spelling) -> web.Response:
        answer = endpoint.answer(call)
        body: dict[str, object] = {}
        if answer.data is not None:
            body["data"] = answer.data
        if call.reader.includes:
            body["includes"] = call.reader.includes
        if call.reader.errors:
            body["errors"] = [error.body(spelling) for error in call.reader.errors]
        if answer.meta is not None:
            body["meta"] = answer.meta
        self._charges.add((*answer.charges, *call.reader.charges))
        return web.json_response(respell(body, spelling))


def refuse(refusal: Refused, spelling: Spelling = Spelling.OLD) -> web.Response:
    body = refusal.problem.body(spelling)
    return web.json_response(body, status=refusal.status, content_type=PROBLEM_JSON)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except ValueError as error:
        raise invalid_request([Fault("The request body is not valid JSON")]) from error
    if not isinstance(body, dict):
        raise invalid_request([Fault("$: object expected")])
    return body
