"""Forgetting, and taking that back, in two processes at the same moment."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

import storage.forgotten
from bot.services.forgetting import ForgettingService
from storage.announcements import Announcements
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.models import Announcement, ForgottenKind, ForgottenObject
from storage.upsert import insert_if_missing
from tests.at_once import all_looking_before_any_writes, before_it_is_stored, until_waiting
from tests.databases import on_postgres, opened
from tests.storage.rows import (
    NOW,
    POST,
    an_announcement,
    store_announcements,
    store_post,
    store_users,
    store_watch,
)

USER, OTHER = 783214, 17874544


async def _stand_ins(database: Database) -> dict[int, int]:
    async with database.reading() as session:
        return await ForgottenList(session).stand_ins([USER])


async def test_whom_two_forget_has_one_stand_in(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        await store_users(one, USER)
        await store_post(one, author_id=USER)
        forgetting = (ForgettingService(each, lambda: NOW).user(USER) for each in (one, other))
        done = await all_looking_before_any_writes(postgres_url, ForgottenObject, *forgetting)

        assert [each.watches for each in done] == [0, 0]
        assert len(await _stand_ins(one)) == 1


@on_postgres
@pytest.mark.parametrize("kind", list(ForgottenKind))
async def test_who_is_taken_off_the_list_while_they_are_put_there_again(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, kind: ForgottenKind
) -> None:
    forgetting = ForgettingService(database, lambda: NOW)
    which, forget = (
        (USER, forgetting.user) if kind is ForgottenKind.USER else (POST, forgetting.post)
    )
    await forget(which)
    undoing: list[asyncio.Task[bool]] = []

    async with opened(database_url) as other, opened(database_url) as watching:

        async def then_undo(*given: Any) -> None:
            await insert_if_missing(*given)
            if not undoing:
                undo = ForgettingService(other, lambda: NOW).undo(kind, which)
                undoing.append(asyncio.create_task(undo))
                await until_waiting(watching, undoing)

        monkeypatch.setattr(storage.forgotten, "insert_if_missing", then_undo)
        await forget(which)

        assert [await task for task in undoing] == [True]
        assert await _stand_ins(database) == {}


@on_postgres
async def test_who_is_forgotten_while_what_names_them_is_added_to(
    database: Database, database_url: str
) -> None:
    await store_users(database, USER, OTHER)
    await store_post(database)
    row = an_announcement(await store_watch(database), likers=[USER])
    await store_announcements(database, row)

    async def add_another(session: AsyncSession) -> None:
        held = (await Announcements(session).last_waiting([row.watch_id or 0]))[row.watch_id or 0]
        held.liker_ids = [*held.liker_ids, OTHER]
        await session.flush()

    forgetting = ForgettingService(database, lambda: NOW).user(USER)
    await before_it_is_stored(database_url, add_another, forgetting)

    async with database.reading() as session:
        (told,) = await session.exec(select(Announcement))
    assert told.liker_ids == [*(await _stand_ins(database)).values(), OTHER]
