"""Both stand-ins and the page, listening on this machine."""

import base64
import errno
import os
import random
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import web

from sandbox.clock import Clock
from sandbox.discord.server import DiscordSandbox
from sandbox.web.server import DemoPage, Tally
from sandbox.x.crowd import Crowd
from sandbox.x.server import XSandbox

HOST = "127.0.0.1"
# Below those that Linux hands out, above what services are usually on.
_SELDOM_USED = (20_000, 32_000)
_NOT_FREE = {errno.EADDRINUSE: "is taken", errno.EACCES: "is for administrators"}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where to listen; 0 takes any free port. `callback` is for the bot's own page."""

    x: int = 8081
    discord: int = 8082
    web: int = 8080
    callback: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """The running stand-ins, with the ports that they really have."""

    x: XSandbox
    discord: DiscordSandbox
    ports: Ports
    clock: Clock
    secret_key: str

    @property
    def page_url(self) -> str:
        return f"http://{HOST}:{self.ports.web}"

    @property
    def discord_url(self) -> str:
        return f"http://{HOST}:{self.ports.discord}"

    def settings(self) -> dict[str, str]:
        """Return what the bot needs to be told, as names and values fit for a .env file."""
        keys = self.x.credentials()
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": f"{self.discord_url}/api/v10",
            "DISCORD_GATEWAY_URL": f"ws://{HOST}:{self.ports.discord}/gateway",
            "DISCORD_GUILD_ID": str(self.discord.guild_id),
            "X_API_URL": f"http://{HOST}:{self.ports.x}",
            "X_BEARER_TOKEN": keys.bearer_token,
            "X_API_KEY": keys.api_key,
            "X_API_SECRET": keys.api_secret,
            "X_ACCESS_TOKEN": keys.access_token,
            "X_ACCESS_TOKEN_SECRET": keys.access_token_secret,
            "X_CLIENT_ID": keys.client_id,
            "X_CLIENT_SECRET": keys.client_secret,
            "X_REDIRECT_URL": f"http://{HOST}:{self.ports.callback}/callback",
            "SECRET_KEY": self.secret_key,
        }

    def crowd(self, rate_per_minute: float, posts: Callable[[], list[int]]) -> Crowd:
        """Return people who like the given posts at this rate, once they are told to run."""
        return Crowd(self.x.world, self.clock, rate_per_minute, random.Random(), posts)


@asynccontextmanager
async def open_stage(
    ports: Ports,
    clock: Clock | None = None,
    score: Tally | None = None,
    *,
    plain_names: bool = False,
) -> AsyncIterator[Stage]:
    """Serve both stand-ins and the page until the end of the block; `score` is for the page."""
    clock = clock or Clock()
    x = XSandbox(clock, plain_names=plain_names)
    discord = DiscordSandbox(clock)
    page = DemoPage(x, discord, score=score)
    async with AsyncExitStack() as stack:
        bound = Ports(
            x=await _serve(stack, x.app, ports.x),
            discord=await _serve(stack, discord.app, ports.discord),
            web=await _serve(stack, page.app, ports.web),
            callback=ports.callback or free_port(),
        )
        yield Stage(x, discord, bound, clock, _secret_key())


def _secret_key() -> str:
    """Return a Fernet key: 32 bytes of chance, in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def free_port() -> int:
    """Return a port that nobody listens on right now; it is the bot that will.

    None of those that the system hands out to whoever asks for any: until then it may be gone.
    """
    while True:
        port = random.randrange(*_SELDOM_USED)
        with suppress(OSError), socket.socket() as probe:
            probe.bind((HOST, port))
            return port


async def _serve(stack: AsyncExitStack, app: web.Application, port: int) -> int:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        if error.errno not in _NOT_FREE:
            raise
        raise SystemExit(
            f"Port {port} {_NOT_FREE[error.errno]}. Choose another: --help names the option."
        ) from None
    return int(runner.addresses[0][1])
