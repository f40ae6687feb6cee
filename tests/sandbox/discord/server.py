"""A sandbox on a real port, and short words for what tests do to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.discord import seed
from sandbox.discord.interaction_book import never
from sandbox.discord.server import DiscordSandbox
from tests.named_commands import all_in_backticks

GENERAL = str(seed.GENERAL_ID)
ANNOUNCEMENTS = str(seed.ANNOUNCEMENTS_ID)
LIKES = str(seed.LIKES_ID)
STAFF = str(seed.STAFF_ID)
ADA = str(seed.ADA_ID)
GRACE = str(seed.GRACE_ID)
LINUS = str(seed.LINUS_ID)
BOT = str(seed.BOT_ID)
GUILD = str(seed.GUILD_ID)


@dataclass(frozen=True)
class Exchange:
    """One REST answer, as the specification sees it."""

    method: str
    path: str
    status: int
    content_type: str
    body: bytes


@dataclass
class Answer:
    status: int
    headers: Any
    body: Any


@dataclass
class Server:
    sandbox: DiscordSandbox
    url: str
    session: aiohttp.ClientSession
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway(self) -> str:
        return f"{self.url.replace('http', 'ws')}/gateway"

    async def control(self, method: str, path: str, body: Any = None) -> Answer:
        return await self._ask(method, f"{self.url}/sandbox{path}", json=body)

    async def rest(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **more: Any
    ) -> Answer:
        """Ask as the bot."""
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"}
        if body is not None:
            more["json"] = body
        return await self._ask(method, f"{self.api}{path}", headers=headers, **more)

    async def ask(self, command: str, options: dict[str, Any] | None = None, **more: Any) -> Any:
        """Use a command as a member, and return the result."""
        return await self.interact(command=command, options=options or {}, **more)

    async def interact(self, **body: Any) -> Any:
        answer = await self.control("POST", "/interactions", body)
        assert answer.status == 200, answer.body
        return all_in_backticks(answer.body)

    async def read(self, channel_id: str = GENERAL, as_user: str | None = None) -> list[Any]:
        query = f"?as={as_user}" if as_user else ""
        return all_in_backticks(
            (await self.control("GET", f"/channels/{channel_id}/messages{query}")).body
        )

    async def _ask(self, method: str, url: str, **more: Any) -> Answer:
        async with self.session.request(method, url, **more) as response:
            has_json = response.headers.get("Content-Type") == "application/json"
            body = await response.json() if has_json else await response.text()
            return Answer(response.status, response.headers, body)


# What discord.py calls the tasks in which it lets a bot answer.
_ANSWERING = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction")


def _answering() -> list["asyncio.Task[Any]"]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)]


async def _said_all() -> None:
    """Wait until a bot of this process that is answering has done so; of any other, for good."""
    if not _answering():
        await never()
    while answering := _answering():
        await asyncio.wait(answering)


@asynccontextmanager
async def serve() -> AsyncIterator[Server]:
    sandbox = DiscordSandbox(said_all=_said_all)
    exchanges: list[Exchange] = []
    sandbox.app.middlewares.append(_recorder(exchanges))
    runner = web.AppRunner(sandbox.app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        yield Server(sandbox, f"http://{host}:{port}", session, exchanges)
    await runner.cleanup()


def _recorder(exchanges: list[Exchange]) -> Any:
    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if request.path.startswith("/api/") and isinstance(response, web.Response):
            exchanges.append(
                Exchange(
                    request.method,
                    request.path.removeprefix("/api/v10"),
                    response.status,
                    response.headers.get("Content-Type", ""),
                    bytes(response.body or b""),
                )
            )
        return response

    return record
