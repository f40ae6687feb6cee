"""Forgetting, and taking that back, in two processes at the same moment."""

import asyncio
from typing import Any

import pytest

import storage.forgotten
from bot.services.forgetting import ForgettingService
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.models import ForgottenKind, ForgottenObject
from storage.upsert import insert_if_missing
from tests.at_once import all_looking_before_any_writes, until_waiting
from tests.databases import on_postgres, opened
from tests.storage.rows import NOW, POST, store_post, store_users

USER = 783214


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
