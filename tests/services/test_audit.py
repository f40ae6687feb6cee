"""The log of likes, page by page."""

import pytest

from bot.domain import ActionsPage
from bot.services.audit import AuditService
from storage.actions import Actions
from storage.database import Database
from storage.models import ActionLog
from tests.databases import on_sqlite
from tests.storage.rows import GUILD, MEMBER, MINUTE, NOW, POST

OTHER_GUILD = GUILD + 1


async def log(database: Database, times: int, guild_id: int = GUILD) -> None:
    async with database.transaction() as session:
        for number in range(times):
            await Actions(session).log(
                ActionLog(
                    at=NOW + number * MINUTE,
                    guild_id=guild_id,
                    member_id=MEMBER,
                    account="TwitterDev",
                    action="like",
                    post_id=POST,
                    outcome="liked",
                )
            )


def ids(page: ActionsPage) -> list[int]:
    return [action.id for action in page.actions]


@pytest.fixture
def audit(database: Database) -> AuditService:
    return AuditService(database)


@on_sqlite
async def test_there_and_back_again(database: Database, audit: AuditService) -> None:
    await log(database, 5, OTHER_GUILD)
    await log(database, 25)

    first = await audit.page(GUILD)
    second = await audit.page(GUILD, before=first.before)
    third = await audit.page(GUILD, before=second.before)
    assert [ids(page) for page in (first, second, third)] == [
        list(range(30, 20, -1)),
        list(range(20, 10, -1)),
        list(range(10, 5, -1)),
    ]
    assert (first.after, third.before) == (None, None)

    assert await audit.page(GUILD, after=third.after) == second
    assert await audit.page(GUILD, after=second.after) == first


async def test_what_is_new_meanwhile_is_found_on_the_way_back(
    database: Database, audit: AuditService
) -> None:
    await log(database, 12)
    first = await audit.page(GUILD)
    second = await audit.page(GUILD, before=first.before)
    await log(database, 3)

    back = await audit.page(GUILD, after=second.after)
    assert ids(back) == list(range(12, 2, -1))
    newest = await audit.page(GUILD, after=back.after)
    assert ids(newest) == list(range(15, 5, -1))
    assert newest.after is None


@on_sqlite
async def test_an_entry_is_told_as_it_was_logged(database: Database, audit: AuditService) -> None:
    assert await audit.page(GUILD) == ActionsPage(())
    assert await audit.page(GUILD, after=7) == ActionsPage(())
    await log(database, 1)
    (action,) = (await audit.page(GUILD)).actions
    assert (action.at, action.member_id, action.account) == (NOW, MEMBER, "TwitterDev")
    assert (action.action, action.post_id, action.outcome) == ("like", POST, "liked")
    assert (await audit.page(GUILD)).before is None


@on_sqlite
async def test_exactly_one_page_has_no_next(database: Database, audit: AuditService) -> None:
    await log(database, 10)
    assert (await audit.page(GUILD)).before is None
