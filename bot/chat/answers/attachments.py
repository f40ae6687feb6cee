"""Text files that members attach."""

import discord

from bot.domain.errors import FileNotText

_MOST_BYTES = 256 * 1024


async def text_of(attachment: discord.Attachment) -> str:
    """Return what is in a file; raise FileNotText for anything else than text."""
    if attachment.size > _MOST_BYTES:
        raise FileNotText
    try:
        return (await attachment.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileNotText from None
