"""What keeps Discord from answering, in a few words, where waiting helps."""

from http import HTTPStatus

import aiohttp
import discord

from bot.chat.connection.whole_answers import AnswerUnreadable


def why_discord_is_away(error: BaseException) -> str | None:
    if isinstance(error, discord.DiscordServerError):
        return f"Discord fails: it answers {error.status}"
    if isinstance(error, discord.HTTPException) and error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return "Discord wants fewer requests: it answers 429"
    if isinstance(error, AnswerUnreadable):
        return f"Discord cannot be understood: {error}"
    if isinstance(error, aiohttp.ClientError | TimeoutError | ConnectionError):
        return f"Discord cannot be reached: {type(error).__name__}"
    return None
