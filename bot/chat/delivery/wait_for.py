"""Waiting for deliveries, or for most of them."""

import asyncio

Tasks = set[asyncio.Task[bool]]


async def wait_for(tasks: Tasks, timeout_s: float, may_be_left: int) -> tuple[Tasks, Tasks]:
    """Wait until no more than so many are not done; return which are, and which are not."""
    give_up = asyncio.get_running_loop().time() + timeout_s
    done: Tasks = set()
    left = tasks
    while len(left) > may_be_left:
        left_s = give_up - asyncio.get_running_loop().time()
        some, left = await asyncio.wait(
            left,
            timeout=max(0.0, left_s),
            return_when=asyncio.FIRST_COMPLETED if may_be_left else asyncio.ALL_COMPLETED,
        )
        done |= some
        if not some or not may_be_left:
            break
    return done, left
