"""How long to wait before Discord's gateway is tried again."""

import asyncio

from bot.chat.connection.login_check import rest_answers

LOOK_EVERY_S = 5.0
"""How often Discord's REST API is asked whether it is there, while the gateway is not."""

TRY_AT_LEAST_EVERY_S = 60.0


async def until_worth_a_try(pause_s: float) -> bool:
    """Wait for a pause, a minute at most; return True at once when Discord's REST API is back."""
    clock = asyncio.get_running_loop().time
    ends, was_away = clock() + min(pause_s, TRY_AT_LEAST_EVERY_S), False
    while (left_s := ends - clock()) > 0:
        await asyncio.sleep(min(LOOK_EVERY_S, left_s))
        answers = await rest_answers()
        if answers and was_away:
            return True
        was_away = was_away or not answers
    return False
