import asyncio
import time

from bot.chat.delivery.send_rate import A_SECOND, CATCHES_UP, SendRate

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
    late = [moment - began - number * CATCHES_UP / A_SECOND for number, moment in enumerate(at)]
    assert min(late) > -0.001


async def test_what_left_late_does_not_crowd_the_next_second() -> None:
    """A machine that is busy for a moment lets many turns come at once."""
    rate, at = SendRate(20), list[float]()

    async def leave() -> None:
        await rate.turn()
        at.append(asyncio.get_running_loop().time())
        if len(at) == 5:
            time.sleep(0.3)  # noqa: ASYNC251 -- the loop stands still

    await asyncio.gather(*(leave() for _ in range(26)))

    assert min(later - earlier for earlier, later in zip(at, at[20:], strict=False)) > 0.99
