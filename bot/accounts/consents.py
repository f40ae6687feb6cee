"""For which servers the owner of a linked account lets it serve, and what it was used for."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import AccountUse, LinkedAccount, ServedGuild
from bot.domain.accounts import ConsentToCheck, Served
from bot.domain.errors import NotAllowed, NotLinked
from bot.domain.retention import ACCOUNT_USES_KEPT
from storage.accounts import Accounts
from storage.consents import Consents
from storage.database import Database
from storage.models import XAccount
from storage.posts import Posts

# So often it is looked at whether an owner is still a member, for each server.
_CHECK_EVERY = timedelta(days=1)
_CHECKED_AT_ONCE = 200


class ConsentService:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def show(self, member_id: int) -> Served:
        """Return which servers a member's account serves, and what it was used for lately."""
        since = (self._now() - ACCOUNT_USES_KEPT).date()
        async with self._database.reading() as session:
            account = await Accounts(session).of_member(member_id)
            if account is None:
                raise NotLinked
            consents = await Consents(session).of_account(account.x_user_id)
            uses = await Consents(session).uses(account.x_user_id, since)
        return Served(
            tuple(ServedGuild(row.guild_id, row.agreed_at) for row in consents),
            tuple(AccountUse(*use) for use in uses),
        )

    async def agree(
        self, member_id: int, guild_id: int, x_user_id: int | None = None
    ) -> LinkedAccount:
        """Let a member's account serve a server in which they are; raise NotLinked without one.

        Asked about the account `x_user_id`, only its owner can answer.
        """
        async with self._database.transaction() as session:
            # Locked, for it may be unlinked just now.
            account = await Accounts(session).of_member(member_id, lock=True)
            _require(account, x_user_id)
            if account is None:
                raise NotLinked
            await Consents(session).agree(account.x_user_id, guild_id, self._now())
            await Posts(session).show_likers(account.x_user_id)
            return LinkedAccount(account.x_user_id, account.username)

    async def withdraw(self, member_id: int, guild_id: int) -> None:
        """Let a member's account serve a server no more."""
        async with self._database.transaction() as session:
            account = await Accounts(session).of_member(member_id)
            if account is None:
                raise NotLinked
            await _withdraw(session, account.x_user_id, guild_id)

    async def to_check(self) -> Sequence[ConsentToCheck]:
        """Return the consents whose owners are to be looked for: each once a day."""
        before = self._now() - _CHECK_EVERY
        async with self._database.reading() as session:
            rows = await Consents(session).to_check(before, _CHECKED_AT_ONCE)
        return [ConsentToCheck(*row) for row in rows]

    async def checked(self, consent: ConsentToCheck, *, is_member: bool) -> None:
        """Note that an owner is still a member, or end the consent of one who is not."""
        x_user_id, guild_id = consent.x_user_id, consent.guild_id
        async with self._database.transaction() as session:
            if is_member:
                await Consents(session).checked(x_user_id, guild_id, self._now())
            else:
                await _withdraw(session, x_user_id, guild_id)


async def _withdraw(session: AsyncSession, x_user_id: int, guild_id: int) -> None:
    """End a consent; whether names are still shown is looked at anew."""
    await Consents(session).withdraw(x_user_id, guild_id)
    await Posts(session).hide_likers(x_user_id)


def _require(account: XAccount | None, x_user_id: int | None) -> None:
    if x_user_id is not None and (account is None or account.x_user_id != x_user_id):
        raise NotAllowed("Only the member who linked this X account can decide that.")
