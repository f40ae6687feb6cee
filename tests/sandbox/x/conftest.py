from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from sandbox.x.server import XSandbox
from tests.sandbox.x.client import XClient


@pytest.fixture
async def x() -> AsyncIterator[XClient]:
    """A fresh X on a free port of this machine, and a client of it."""
    sandbox = XSandbox()
    runner = web.AppRunner(sandbox.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        yield XClient(sandbox, f"http://{host}:{port}", session)
    await runner.cleanup()
