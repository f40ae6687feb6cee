import asyncio

from bot.chat.delivery.send_rate import A_SECOND, SendRate

DISCORD_ALLOWS_A_SECOND = 50


async def test_no_more_come_in_a_second_than_discord_allows() -> None:
    assert A_SECOND < DISCORD_ALLOWS_A_SECOND
    rate, turns = SendRate(), 25
    clock = asyncio.get_running_loop().time

    async def came() -> float:
        await rate.turn()
        return clock()

    began = clock()
    at = sorted(await asyncio.gather(*(came() for _ in range(turns))))

    # A timer may be some nanoseconds early.
    late = [moment - began - number / A_SECOND for number, moment in enumerate(at)]
    assert min(late) > -0.001
