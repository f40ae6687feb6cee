"""Which servers linked accounts serve, because their owners agreed, and what for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam as given
from sqlalchemy import func
from sqlmodel import and_, col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import AccountConsent, AccountUse, XAccount
from storage.upsert import insert_if_missing, upsert


class Consents:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def agree(self, x_user_id: int, guild_id: int, now: datetime) -> None:
        """Note that an account's owner agreed that it serves a guild."""
        row = {"x_user_id": x_user_id, "guild_id": guild_id, "agreed_at": now}
        await insert_if_missing(self._session, AccountConsent, row)

    async def withdraw(self, x_user_id: int, guild_id: int) -> None:
        await self._session.exec(
            delete(AccountConsent).where(
                col(AccountConsent.x_user_id) == x_user_id,
                col(AccountConsent.guild_id) == guild_id,
            )
        )

    async def forget(self, x_user_id: int) -> None:
        """Delete whom an account served, and what it was used for."""
        for table in (AccountConsent, AccountUse):
            await self._session.exec(delete(table).where(col(table.x_user_id) == x_user_id))

    async def of_account(self, x_user_id: int) -> list[AccountConsent]:
        """Return an account's consents, the oldest first."""
        query = (
            select(AccountConsent)
            .where(col(AccountConsent.x_user_id) == x_user_id)
            .order_by(col(AccountConsent.agreed_at), col(AccountConsent.guild_id))
        )
        return list(await self._session.exec(query))

    async def agreed(
        self, author_ids: Collection[int] | None = None
    ) -> tuple[dict[int, frozenset[int]], frozenset[int]]:
        """Return the guilds that each linked account serves, and the accounts that X refuses.

        Of these authors, or of all. An account that serves no guild is there too.
        """
        query, asked = (
            (_AGREED, {})
            if author_ids is None
            else (_AGREED_OF_SOME, {"authors": [*set(author_ids)]})
        )
        guilds: defaultdict[int, set[int]] = defaultdict(set)
        refused = set()
        found = await self._session.exec(query, params=asked)
        rows: Sequence[tuple[int, datetime | None, int | None]] = found.all()
        for x_user_id, revoked_at, guild_id in rows:
            guilds[x_user_id].update([] if guild_id is None else [guild_id])
            if revoked_at is not None:
                refused.add(x_user_id)
        return {user: frozenset(found) for user, found in guilds.items()}, frozenset(refused)

    async def to_check(self, before: datetime, limit: int) -> list[tuple[int, int, int]]:
        """Return the account, guild and owner of consents not looked at since `before`."""
        query = (
            select(AccountConsent.x_user_id, AccountConsent.guild_id, XAccount.owner_id)
            .join(XAccount, col(XAccount.x_user_id) == col(AccountConsent.x_user_id))
            .where(
                col(XAccount.owner_id).is_not(None),
                or_(
                    col(AccountConsent.checked_at) < before,
                    and_(
                        col(AccountConsent.checked_at).is_(None),
                        col(AccountConsent.agreed_at) < before,
                    ),
                ),
            )
            .order_by(col(AccountConsent.x_user_id), col(AccountConsent.guild_id))
            .limit(limit)
        )
        found = await self._session.exec(query)
        return [(user, guild, owner) for user, guild, owner in found if owner is not None]

    async def checked(self, x_user_id: int, guild_id: int, now: datetime) -> None:
        """Note that an account's owner was looked for in a guild."""
        await self._session.exec(
            update(AccountConsent)
            .where(
                col(AccountConsent.x_user_id) == x_user_id,
                col(AccountConsent.guild_id) == guild_id,
            )
            .values(checked_at=now)
        )

    async def used(
        self, x_user_id: int, guild_ids: Collection[int], purpose: str, day: date
    ) -> None:
        """Count a request as a linked account, for whom and what for; of one that is gone, too."""
        rows = [
            {
                "x_user_id": x_user_id,
                "guild_id": guild_id,
                "purpose": purpose,
                "day": day,
                "count": 1,
            }
            for guild_id in guild_ids
        ]
        await upsert(self._session, AccountUse, rows, adding=("count",))

    async def uses(self, x_user_id: int, since: date) -> list[tuple[int, str, int]]:
        """Return for which guild, for what and how often an account was asked with."""
        total = func.sum(AccountUse.count)
        query = (
            select(AccountUse.guild_id, AccountUse.purpose, total)
            .where(col(AccountUse.x_user_id) == x_user_id, col(AccountUse.day) >= since)
            .group_by(col(AccountUse.guild_id), col(AccountUse.purpose))
            .order_by(total.desc(), col(AccountUse.guild_id), col(AccountUse.purpose))
        )
        found = await self._session.exec(query)
        return [(guild_id, purpose, int(count)) for guild_id, purpose, count in found]

    async def forget_uses_before(self, day: date) -> None:
        await self._session.exec(delete(AccountUse).where(col(AccountUse.day) < day))


# Built once, for they are asked wherever likers are read or shown.
_AGREED = (
    select(XAccount.x_user_id, XAccount.revoked_at, AccountConsent.guild_id)
    .outerjoin(AccountConsent, col(AccountConsent.x_user_id) == col(XAccount.x_user_id))
    .where(col(XAccount.owner_id).is_not(None))
)
_AGREED_OF_SOME = _AGREED.where(col(XAccount.x_user_id).in_(given("authors", expanding=True)))
