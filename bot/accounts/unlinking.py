"""Taking back what a member has linked: here at once, and at X as soon as it answers."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.accounts.abilities import LearntAbilities
from bot.accounts.ways_to_link import Linking
from bot.domain import Forgotten, Unlinked
from bot.domain.errors import LikecordError, LinkUnreadable, NotLinked
from bot.domain.retention import REVOKING_GIVES_UP_AFTER
from bot.x.credentials import account_name
from bot.x.revoking import revoke
from storage.accounts import Accounts, LinkRequests
from storage.actions import Actions
from storage.allowances import Allowances
from storage.charges import Charges
from storage.database import Database
from storage.exported import ExportCounts
from storage.models import PendingRevocation, XAccount
from storage.posts import Posts
from storage.revocations import Revocations
from storage.watches import Watches

_log = structlog.stdlib.get_logger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


class Unlinking:
    def __init__(
        self,
        database: Database,
        linking: Linking,
        abilities: LearntAbilities,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._linking = linking
        self._abilities = abilities
        self._now = now

    async def unlink(self, member_id: int) -> Unlinked:
        """Revoke a member's tokens on X, and delete them here whatever it says."""
        async with self._database.reading() as session:
            row = await Accounts(session).of_member(member_id)
        if row is None:
            raise NotLinked
        revoked = False
        with contextlib.suppress(LikecordError):
            revoked = await self._revoke(row)
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            stored = await accounts.get(row.x_user_id, lock=True)
            # While X was asked, another member may have linked it.
            if stored is not None and stored.owner_id == member_id:
                if (stored.oauth1, stored.oauth2) != (row.oauth1, row.oauth2):
                    # Or this one anew: what X gave for that is still to be revoked.
                    await Revocations(session).put_off(stored, self._now())
                await accounts.remove(stored)
                await Posts(session).hide_likers(row.x_user_id)
        await self._abilities.forget(account_name(row.x_user_id))
        return Unlinked(row.username, revoked)

    async def forget(self, member_id: int) -> Forgotten:
        """Delete all that is stored about a member, at once; X is told to revoke it afterwards."""
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            account = await accounts.of_member(member_id, lock=True)
            # In the order in which an answer of X's is booked, so that no two deadlock.
            if account is not None:
                await Revocations(session).put_off(account, self._now())
                await Allowances(session).forget(account_name(account.x_user_id))
            await Charges(session).forget_payer(member_id)
            if account is not None:
                await accounts.remove(account)
                await Posts(session).hide_likers(account.x_user_id)
            await LinkRequests(session).forget(member_id)
            await ExportCounts(session).forget(member_id)
            actions = await Actions(session).forget(member_id)
            await Watches(session).forget_creator(member_id)
        if account is None:
            return Forgotten(None, actions)
        await self._abilities.forget(account_name(account.x_user_id))
        return Forgotten(account.username, actions)

    async def revoke_pending(self) -> None:
        """Tell X to revoke what was forgotten here; what it does not answer is told it again."""
        async with self._database.reading() as session:
            due = await Revocations(session).due(self._now())
        for pending in due:
            await self._settle(pending, is_over=await self._is_over(pending))

    async def _is_over(self, pending: PendingRevocation) -> bool:
        tokens = XAccount(
            x_user_id=0,
            username="",
            oauth1=pending.oauth1,
            oauth2=pending.oauth2,
            created_at=pending.created_at,
        )
        try:
            await self._revoke(tokens)
        except LinkUnreadable:
            return True  # what no key opens is of no use to anybody
        except LikecordError as error:
            _log.info("X has not revoked a forgotten account yet", problem=type(error).__name__)
            return self._now() - pending.created_at >= REVOKING_GIVES_UP_AFTER
        return self._linking.tokens is not None

    async def _settle(self, pending: PendingRevocation, *, is_over: bool) -> None:
        async with self._database.transaction() as session:
            revocations = Revocations(session)
            row = await revocations.get(pending.id)
            if row is None:
                return
            if is_over or self._now() - row.created_at >= REVOKING_GIVES_UP_AFTER:
                await revocations.done(row)
                return
            pause = min(_FIRST_PAUSE * 2 ** min(row.attempts, 10), _LONGEST_PAUSE)
            row.attempts, row.not_before = row.attempts + 1, self._now() + pause

    async def _revoke(self, account: XAccount) -> bool:
        """Say whether X confirmed that it revoked all of an account's tokens; raise why not."""
        linking = self._linking
        if linking.tokens is None:
            return False
        oauth1, oauth2 = linking.tokens.grants(account)
        # A token that is there and cannot be used for want of the app's keys is not revoked.
        is_whole = oauth1 is not None or account.oauth1 is None
        return await revoke(linking.oauth1, oauth1, linking.oauth2, oauth2) and is_whole
