"""Answers of X, read in pieces: none takes more memory than an answer of X could need."""

import aiohttp

from bot.domain.errors import XUnreadable

MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""After decompression; a page of a hundred long posts with all their fields has one tenth of it."""


async def read_bounded(response: aiohttp.ClientResponse) -> bytes:
    """Return a body; raise XUnreadable, and read no further, when it is too large."""
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            response.close()
            raise XUnreadable
    return bytes(body)
