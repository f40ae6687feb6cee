"""How much a person may be given in files, however many ask for them at once."""

from datetime import UTC, datetime

from bot.services.export.quota import ExportQuota
from bot.services.export.values import MOST_OBJECTS
from storage.models import ExportedObjects
from tests.at_once import all_looking_before_any_writes
from tests.databases import opened

MEMBER, TAKEN = 7, 100
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def test_two_that_ask_at_once_are_not_both_given_what_is_left(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        quotas = [ExportQuota(each, lambda: NOW) for each in (one, other)]
        assert await quotas[0].take(MEMBER, TAKEN) == TAKEN
        given = await all_looking_before_any_writes(
            postgres_url, ExportedObjects, *(each.take(MEMBER, MOST_OBJECTS) for each in quotas)
        )

    assert given == [MOST_OBJECTS - TAKEN, 0]
