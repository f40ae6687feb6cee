"""What requests under way may cost, where several processes share a database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Interval,
    Select,
    String,
    column,
    delete,
    func,
    literal_column,
    union_all,
)
from sqlalchemy import bindparam as given
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Charge, MemberSpend, MoneyHold
from storage.named_locks import once_locked
from storage.tables import table_of

_LOCK = "money"


@dataclass(frozen=True, slots=True)
class StoredMoney:
    """Micro-USD as they were at one moment: charged, and held for other requests, by guild.

    `before` was charged on the days before `today`. The member's are theirs in one guild.
    """

    before: Counter[int]
    today: Counter[int]
    held: Counter[int]
    member_spent: int
    member_held: int


class MoneyHolds:
    """For PostgreSQL: SQLite's one process knows by itself what its requests may cost."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(
        self, hold_id: int, parts: Mapping[int, int], member_id: int, lasts: timedelta
    ) -> None:
        """Hold these micro-USD of guilds, and let nobody else do so before the transaction ends.

        What is asked afterwards sees what all others hold. To put a hold again changes its parts.
        """
        asked = {
            "name": _LOCK,
            "hold": hold_id,
            "guilds": [*parts],
            "amounts": [*parts.values()],
            "member": member_id,
            "lasts": lasts,
        }
        await self._session.exec(_PUT, params=asked)

    async def money(
        self, since: date, today: date, hold_id: int, guild_id: int, member_id: int
    ) -> StoredMoney:
        """Return what is spent from `since` until `today`, and what others than this hold keep."""
        asked = {
            "since": since,
            "today": today,
            "hold": hold_id,
            "guild": guild_id,
            "member": member_id,
        }
        found: dict[str, Counter[int]] = {}
        for kind, guild, micro_usd in await self._session.exec(_MONEY, params=asked):
            found.setdefault(kind, Counter())[guild] = int(micro_usd)
        before, spent, held, member_spent, member_held = (
            found.get(kind, Counter()) for kind in _KINDS
        )
        return StoredMoney(before, spent, held, member_spent.total(), member_held.total())

    async def let_go(self, hold_id: int) -> None:
        await self._session.exec(_LET_GO, params={"hold": hold_id})

    async def forget_past(self) -> None:
        """Drop what processes have left behind that were killed; it does not count any more."""
        await self._session.exec(delete(_holds).where(~_COUNTS))


# Built once, for these are asked with every request that costs something.
_holds = table_of(MoneyHold)
_COUNTS = _holds.c.until > func.clock_timestamp()
_parts = (
    func.unnest(given("guilds", type_=ARRAY(BigInteger)), given("amounts", type_=ARRAY(BigInteger)))
    .table_valued(column("guild_id", BigInteger), column("micro_usd", BigInteger), name="parts")
    .render_derived()
)
# The lock is had when this statement ends, and no sooner is anything read that it is to protect: a
# statement sees what was there when it began, before it waited.
_putting = insert(_holds).from_select(
    ["id", "guild_id", "member_id", "micro_usd", "until"],
    sa_select(
        given("hold", type_=BigInteger),
        _parts.c.guild_id,
        given("member", type_=BigInteger),
        _parts.c.micro_usd,
        func.clock_timestamp() + given("lasts", type_=Interval),
    ).where(once_locked()),
)
_PUT = _putting.on_conflict_do_update(
    index_elements=["id", "guild_id"], set_={"micro_usd": _putting.excluded.micro_usd}
)
_LET_GO = delete(_holds).where(_holds.c.id == given("hold", type_=BigInteger))
_KINDS = ("before", "today", "held", "member_spent", "member_held")


_spends = table_of(MemberSpend)
_charges = table_of(Charge)
_is_theirs = (given("guild", type_=BigInteger), given("member", type_=BigInteger))


def _charged(kind: str) -> Select[Any]:
    return sa_select(
        _as(kind), _charges.c.guild_id, func.sum(_charges.c.micro_usd).label("micro_usd")
    ).group_by(_charges.c.guild_id)


def _held(kind: str) -> Select[Any]:
    return (
        sa_select(_as(kind), _holds.c.guild_id, func.sum(_holds.c.micro_usd))
        .where(_COUNTS, _holds.c.id != given("hold", type_=BigInteger))
        .group_by(_holds.c.guild_id)
    )


def _as(kind: str) -> ColumnElement[str]:
    return literal_column(f"'{kind}'", String).label("kind")


_every = union_all(
    _charged("before").where(_charges.c.day >= given("since"), _charges.c.day < given("today")),
    _charged("today").where(_charges.c.day == given("today")),
    _held("held"),
    sa_select(_as("member_spent"), _spends.c.guild_id, _spends.c.micro_usd).where(
        _spends.c.day == given("today"),
        _spends.c.guild_id == _is_theirs[0],
        _spends.c.member_id == _is_theirs[1],
    ),
    _held("member_held").where(
        _holds.c.guild_id == _is_theirs[0], _holds.c.member_id == _is_theirs[1]
    ),
).subquery("money")
_MONEY = select(_every.c.kind, _every.c.guild_id, _every.c.micro_usd)
