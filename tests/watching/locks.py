"""What two want of each other, of whom each has something that the other wants."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import AccountWatchRequest
from storage.posts import Posts
from tests.storage.rows import POST
from tests.watching.harness import CHANNEL, GUILD, MEMBER, Bot

EARLIER = POST - 1


def lock_posts(*post_ids: int) -> Callable[[AsyncSession], Awaitable[None]]:
    async def lock(session: AsyncSession) -> None:
        for post_id in post_ids:
            await Posts(session).lock_with_watches(post_id)

    return lock


def said_again(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what had to be written again: PostgreSQL had ended it the first time."""
    return [each.message for each in caplog.records if each.name == "storage.until_stored"]


async def watch_account(bot: Bot) -> int:
    request = AccountWatchRequest(GUILD, CHANNEL, "@Twitter", MEMBER, days=7)
    return (await bot.account_watches.add(request)).watch.id
