"""Requests as no client library sends them: heads of bytes that are no text."""

import asyncio

from yarl import URL

from tests.patience import GUARD_S


async def raw_status(url: str, *head: bytes) -> int:
    """Send a head line by line, and return the status of the answer."""
    where = URL(url)
    async with asyncio.timeout(GUARD_S):
        reader, writer = await asyncio.open_connection(where.host, where.port)
        try:
            writer.write(b"\r\n".join([*head, b"Host: x", b"", b""]))
            return int((await reader.readline()).split()[1])
        finally:
            writer.close()
            await writer.wait_closed()
