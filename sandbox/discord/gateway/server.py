"""The gateway's door: connections come, identify or resume, and go."""

import asyncio
import json
import secrets
from hmac import compare_digest

from aiohttp import WSMessage, WSMsgType, web

from sandbox.discord.gateway import greeting
from sandbox.discord.gateway.codec import codec_for
from sandbox.discord.gateway.connection import Connection
from sandbox.discord.gateway.protocol import (
    ALL_INTENTS,
    HEARTBEAT_ACK_S,
    HEARTBEAT_INTERVAL_MS,
    PRIVILEGED,
    CloseCode,
    Op,
)
from sandbox.discord.gateway.session import Session
from sandbox.discord.gateway.sessions import Sessions
from sandbox.discord.http import base_url
from sandbox.discord.types import Json
from sandbox.discord.world import World

QUIET_OPS = (
    Op.PRESENCE_UPDATE,
    Op.VOICE_STATE_UPDATE,
    Op.REQUEST_SOUNDBOARD_SOUNDS,
    Op.REQUEST_CHANNEL_INFO,
)
"""What a bot may send and nothing comes of here."""


class Refusal(Exception):
    """Ends a connection with a close code."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gateway:
    def __init__(self, world: World, sessions: Sessions) -> None:
        self._world = world
        self._sessions = sessions
        self._connections: set[Connection] = set()
        self._writers: set[asyncio.Task[None]] = set()

    def drop_connections(self) -> None:
        for connection in list(self._connections):
            connection.drop()

    def ask_to_reconnect(self) -> None:
        for connection in list(self._connections):
            connection.send_op(Op.RECONNECT)

    async def close(self) -> None:
        """End every connection, and wait until they are gone."""
        for connection in list(self._connections):
            connection.close(CloseCode.GOING_AWAY, "The sandbox is closing.")
        if self._writers:
            _, late = await asyncio.wait(self._writers, timeout=1)
            for connection in list(self._connections):
                connection.drop()
            for writer in late:
                writer.cancel()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse(
            timeout=1, compress=False, receive_timeout=HEARTBEAT_INTERVAL_MS / 1000 * 1.5
        )
        await ws.prepare(request)
        codec = codec_for(request.query.get("compress"))
        connection = Connection(ws, request, codec, base_url(request))
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        self._writers.add(writer)
        try:
            _check_version(request)
            connection.send(greeting.hello())
            async for message in ws:
                self._receive(connection, _decode(message))
        except Refusal as refusal:
            connection.close(refusal.code, refusal.reason)
            await writer
        except TimeoutError:
            connection.close(CloseCode.SESSION_TIMED_OUT, "Session timed out.")
            await writer
        finally:
            self._connections.discard(connection)
            self._sessions.leave(connection, ws.close_code)
            writer.cancel()
            self._writers.discard(writer)
        return ws

    def _receive(self, connection: Connection, payload: Json) -> None:
        op, data = payload.get("op"), payload.get("d")
        if op == Op.HEARTBEAT:
            later = asyncio.get_running_loop().call_later
            later(HEARTBEAT_ACK_S, connection.send_op, Op.HEARTBEAT_ACK)
        elif op == Op.IDENTIFY and isinstance(data, dict):
            self._identify(connection, data)
        elif op == Op.RESUME and isinstance(data, dict):
            self._resume(connection, data)
        elif self._sessions.of(connection) is None:
            raise Refusal(CloseCode.NOT_AUTHENTICATED, "Not authenticated.")
        elif op == Op.REQUEST_GUILD_MEMBERS and isinstance(data, dict):
            self._send_members(connection, data)
        elif op not in QUIET_OPS:
            raise Refusal(CloseCode.UNKNOWN_OPCODE, "Unknown opcode.")

    def _identify(self, connection: Connection, data: Json) -> None:
        if self._sessions.of(connection) is not None:
            raise Refusal(CloseCode.ALREADY_AUTHENTICATED, "Already authenticated.")
        self._check_token(data)
        shard = _checked_shard(data)
        if shard[1] < self._world.application.shards:
            raise Refusal(CloseCode.SHARDING_REQUIRED, "Sharding required.")
        session = Session(
            id=secrets.token_hex(16),
            intents=self._checked_intents(data),
            shard=shard,
            base=connection.base,
            connection=connection,
        )
        session.dispatch("READY", greeting.ready(self._world, session))
        for guild in self._world.bots_guilds:
            if session.holds_guild(guild.id):
                greeting.send_guild(self._world, session, guild)
        self._sessions.add(session)

    def _resume(self, connection: Connection, data: Json) -> None:
        self._check_token(data)
        session, seq = self._sessions.find(str(data.get("session_id"))), data.get("seq")
        if session is None or not isinstance(seq, int) or not session.can_replay(seq):
            connection.send_op(Op.INVALID_SESSION, data=False)
        elif seq > session.seq:
            raise Refusal(CloseCode.INVALID_SEQ, "Invalid seq.")
        else:
            session.resume(connection, seq)
            self._sessions.tell_connected()

    def _send_members(self, connection: Connection, data: Json) -> None:
        session = self._sessions.of(connection)
        guild = self._world.guilds.get(int(data.get("guild_id") or 0))
        if session is not None and guild is not None:
            session.dispatch("GUILD_MEMBERS_CHUNK", greeting.members_chunk(guild, data))

    def _check_token(self, data: Json) -> None:
        given = str(data.get("token", "")).removeprefix("Bot ")
        if not compare_digest(given.encode(), self._world.application.token.encode()):
            raise Refusal(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")

    def _checked_intents(self, data: Json) -> int:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise Refusal(CloseCode.INVALID_INTENTS, "Invalid intent(s).")
        if intents & PRIVILEGED & ~self._world.application.privileged_intents:
            raise Refusal(CloseCode.DISALLOWED_INTENTS, "Disallowed intent(s).")
        return intents


def _check_version(request: web.Request) -> None:
    if request.query.get("v", "10") != "10":
        raise Refusal(CloseCode.INVALID_API_VERSION, "Invalid API version.")


def _decode(message: WSMessage) -> Json:
    if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
        raise Refusal(CloseCode.DECODE_ERROR, "Error while decoding payload.")
    try:
        payload = json.loads(message.data)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise Refusal(CloseCode.DECODE_ERROR, "Error while decoding payload.")
    return payload


def _checked_shard(data: Json) -> tuple[int, int]:
    match data.get("shard"):
        case None:
            return 0, 1
        case [int(number), int(count)] if 0 <= number < count:
            return number, count
        case _:
            raise Refusal(CloseCode.INVALID_SHARD, "Invalid shard.")
