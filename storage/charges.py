"""What X has charged."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Charge, Charged
from storage.upsert import Row, insert_new, upsert

# Stands for all resources, where the charges of a month were put together.
WHOLE_MONTH = "month"


class Charges:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def paid(self, day: date, resource: str, ids: Collection[int]) -> set[int]:
        """Return which of the resources are paid for until the UTC day ends."""
        asked = {"day": day, "resource": resource, "ids": [*set(ids)]}
        return set(await self._session.exec(_PAID, params=asked))

    async def pay(self, day: date, resource: str, ids: Collection[int]) -> list[int]:
        """Note resources as paid for; return those that nobody had paid for today."""
        rows = [{"day": day, "resource": resource, "resource_id": item} for item in ids]
        return await insert_new(self._session, Charged, rows, "resource_id")

    async def add(self, rows: Sequence[Row]) -> None:
        """Add to the sums of a day, each of which is named once."""
        await upsert(self._session, Charge, rows, adding=("count", "micro_usd"))

    async def count(self, day: date, resources: Collection[str]) -> int:
        """Return how many of these resources were charged on a day."""
        query = select(func.coalesce(func.sum(Charge.count), 0)).where(
            col(Charge.day) == day, col(Charge.resource).in_(set(resources))
        )
        return int((await self._session.exec(query)).one())

    async def spent(self, since: date, until: date, guild_id: int | None = None) -> int:
        """Return the micro-USD charged from `since` to `until`, both included."""
        query = select(func.coalesce(func.sum(Charge.micro_usd), 0)).where(
            col(Charge.day) >= since, col(Charge.day) <= until
        )
        if guild_id is not None:
            query = query.where(col(Charge.guild_id) == guild_id)
        return int((await self._session.exec(query)).one())

    async def spent_by_guild(self, since: date, until: date) -> dict[int, int]:
        """Return each guild's micro-USD (0: nobody's) from `since` to `until`, both included."""
        found = await self._session.exec(_BY_GUILD, params={"since": since, "until": until})
        return {guild_id: int(spent) for guild_id, spent in found}

    async def by_day(self, guild_id: int, since: date, until: date) -> dict[date, int]:
        """Return what each day cost a guild, for those days that cost anything."""
        query = (
            select(col(Charge.day), func.sum(Charge.micro_usd))
            .where(*_of_guild(guild_id, since, until))
            .group_by(col(Charge.day))
        )
        return {day: int(spent) for day, spent in await self._session.exec(query)}

    async def by_purpose(self, guild_id: int, since: date, until: date) -> dict[str, int]:
        """Return what each command cost a guild, and its watches together."""
        query = (
            select(Charge.purpose, func.sum(Charge.micro_usd))
            .where(*_of_guild(guild_id, since, until))
            .group_by(col(Charge.purpose))
        )
        return {purpose: int(spent) for purpose, spent in await self._session.exec(query)}

    async def dearest_posts(
        self, guild_id: int, purpose: str, since: date, until: date, limit: int
    ) -> dict[int, int]:
        """Return what the posts cost that cost a guild most, the dearest first."""
        query = (
            select(Charge.post_id, func.sum(Charge.micro_usd))
            .where(
                *_of_guild(guild_id, since, until),
                col(Charge.purpose) == purpose,
                col(Charge.post_id) != 0,
            )
            .group_by(col(Charge.post_id))
            .order_by(func.sum(Charge.micro_usd).desc(), col(Charge.post_id))
            .limit(limit)
        )
        return {post_id: int(spent) for post_id, spent in await self._session.exec(query)}

    async def forget_payer(self, member_id: int) -> None:
        """Let what a member's own look-ups cost be nobody's."""
        gone = await self._session.exec(
            delete(Charge)
            .where(col(Charge.guild_id) == member_id)
            .returning(
                col(Charge.day),
                col(Charge.purpose),
                col(Charge.post_id),
                col(Charge.resource),
                col(Charge.count),
                col(Charge.micro_usd),
            )
        )
        await self.add([{**row._asdict(), "guild_id": 0} for row in gone])

    async def fold_a_day_before(self, month: date) -> bool:
        """Add the oldest day before `month` to the sums of its own month, if there is one.

        They have a row for each guild and purpose. What the deletion returns is what is added, so
        that of two processes that do this at once neither adds what the other has.
        """
        single = (col(Charge.day) < month, col(Charge.resource) != WHOLE_MONTH)
        oldest = select(col(Charge.day)).where(*single).order_by(col(Charge.day)).limit(1)
        day = (await self._session.exec(oldest)).first()
        if day is None:
            return False
        gone = await self._session.exec(
            delete(Charge)
            .where(col(Charge.day) == day, *single)
            .returning(
                col(Charge.guild_id), col(Charge.purpose), col(Charge.count), col(Charge.micro_usd)
            )
        )
        await self.add(_folded(day.replace(day=1), (tuple(row) for row in gone)))
        return True

    async def disown(self, guild_id: int, before: date) -> None:
        """Let what was charged for a guild before a day be nobody's, by day and purpose."""
        gone = await self._session.exec(
            delete(Charge)
            .where(col(Charge.guild_id) == guild_id, col(Charge.day) < before)
            .returning(
                col(Charge.day),
                col(Charge.purpose),
                col(Charge.resource),
                col(Charge.count),
                col(Charge.micro_usd),
            )
        )
        sums: dict[tuple[date, str, str], tuple[int, int]] = {}
        for day, purpose, resource, count, micro_usd in gone:
            so_far = sums.get((day, purpose, resource), (0, 0))
            sums[day, purpose, resource] = (so_far[0] + count, so_far[1] + micro_usd)
        await self.add(
            [
                {
                    "day": day,
                    "guild_id": 0,
                    "purpose": purpose,
                    "post_id": 0,
                    "resource": resource,
                    "count": count,
                    "micro_usd": micro_usd,
                }
                for (day, purpose, resource), (count, micro_usd) in sums.items()
            ]
        )

    async def forget_before(self, day: date) -> None:
        """Drop the lists of single resources of days that are over; the sums stay."""
        await self._session.exec(delete(Charged).where(col(Charged.day) < day))


# Built once, for it is asked with every look at a budget.
_BY_GUILD = (
    select(Charge.guild_id, func.sum(Charge.micro_usd))
    .where(col(Charge.day) >= given("since"), col(Charge.day) <= given("until"))
    .group_by(col(Charge.guild_id))
)
_PAID = select(Charged.resource_id).where(
    col(Charged.day) == given("day"),
    col(Charged.resource) == given("resource"),
    col(Charged.resource_id).in_(given("ids", expanding=True)),
)


def _of_guild(guild_id: int, since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Charge.guild_id) == guild_id,
        col(Charge.day) >= since,
        col(Charge.day) <= until,
    )


def _folded(month: date, gone: Iterable[tuple[int, str, int, int]]) -> list[Row]:
    """Return the rows of a month that sum up these; each is guild, purpose, count and sum."""
    counts: Counter[tuple[int, str]] = Counter()
    sums: Counter[tuple[int, str]] = Counter()
    for guild_id, purpose, count, micro_usd in gone:
        counts[guild_id, purpose] += count
        sums[guild_id, purpose] += micro_usd
    return [
        {
            "day": month,
            "guild_id": guild_id,
            "purpose": purpose,
            "post_id": 0,
            "resource": WHOLE_MONTH,
            "count": counts[guild_id, purpose],
            "micro_usd": micro_usd,
        }
        for (guild_id, purpose), micro_usd in sums.items()
    ]
