"""Forgetting a user or a post of X for good, because somebody asked whoever runs the bot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.users import stand_in
from bot.watching.stored_values import user_row
from bot.x.credentials import account_name
from storage.abilities import EndpointAbilities
from storage.account_watches import AccountWatches
from storage.accounts import Accounts
from storage.allowances import Allowances
from storage.database import Database
from storage.erasing import Erasing, let_others_write
from storage.forgotten import ForgottenList
from storage.key_refusals import KeyRefusals
from storage.message_edits import MessageEdits
from storage.models import EditReason, ForgottenKind
from storage.revocations import Revocations
from storage.users import Users
from storage.watches import Watches

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ForgottenNow:
    """What went: watches that have ended, and messages that are to be changed.

    The database's files are clean, unless others used them all the time.
    """

    watches: int = 0
    messages: int = 0
    is_clean: bool = True

    def __add__(self, other: "ForgottenNow") -> "ForgottenNow":
        return ForgottenNow(self.watches + other.watches, self.messages + other.messages)


class ForgettingService:
    """What is on the list first is not stored again while the rest goes, a little at a time."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def user(self, user_id: int) -> ForgottenNow:
        """Forget a user: who they are, what they wrote and whose it is that they like.

        Their likes are still counted, for somebody of whom nothing is known.
        """
        async with self._database.transaction() as session:
            forgotten = ForgottenList(session)
            await forgotten.lock(ForgottenKind.USER, user_id)
            stand_in_id = await forgotten.add(ForgottenKind.USER, user_id, self._now())
            await Users(session).save([user_row(stand_in(stand_in_id))])
            naming = await forgotten.naming(user_id)
            edits = await MessageEdits(session).add(naming, EditReason.ASKED, self._now())
            await forgotten.likes_go_to(user_id, stand_in_id)
            total = ForgottenNow(0, edits) + await self._unwatch_account(session, user_id)
            await self._unlink(session, user_id)
            posts = await forgotten.posts_by(user_id)
        for post_id in posts:
            total += await self._post(post_id)
        async with self._database.transaction() as session:
            await Erasing(session).users([user_id])
        return replace(total, is_clean=await self._database.scrub())

    async def again(self) -> int:
        """Forget once more what was stored while it was being forgotten; return how much."""
        async with self._database.reading() as session:
            users = await ForgottenList(session).stored_again(ForgottenKind.USER)
            posts = await ForgottenList(session).stored_again(ForgottenKind.POST)
        for user_id in users:
            await self.user(user_id)
        for post_id in posts:
            await self.post(post_id)
        return len(users) + len(posts)

    async def post(self, post_id: int) -> ForgottenNow:
        """Forget a post: its text, who likes it, and that it was watched."""
        async with self._database.transaction() as session:
            forgotten = ForgottenList(session)
            await forgotten.lock(ForgottenKind.POST, post_id)
            await forgotten.add(ForgottenKind.POST, post_id, self._now())
        total = await self._post(post_id)
        return replace(total, is_clean=await self._database.scrub())

    async def undo(self, kind: ForgottenKind, x_id: int) -> bool:
        """Let a user or a post be stored again; say whether it was on the list.

        Likes that were counted stay counted: nobody is told of them twice.
        """
        async with self._database.transaction() as session:
            forgotten = ForgottenList(session)
            await forgotten.lock(kind, x_id)
            stand_ins = await forgotten.stand_ins([x_id], kind)
            if kind is ForgottenKind.USER and x_id in stand_ins:
                # Whoever stores a like of theirs just now is waited for.
                await Users(session).save([user_row(stand_in(stand_ins[x_id]))])
                await forgotten.likes_go_to(stand_ins[x_id], x_id)
                await Users(session).remove_stand_in(stand_ins[x_id])
            return await forgotten.remove(kind, x_id)

    async def _unwatch_account(self, session: AsyncSession, user_id: int) -> ForgottenNow:
        total = ForgottenNow()
        for watch in await ForgottenList(session).account_watches(user_id):
            edits = await MessageEdits(session).of_account_watch(
                watch.id or 0, EditReason.ASKED, self._now()
            )
            await AccountWatches(session).remove(watch)
            total += ForgottenNow(1, edits)
        return total

    async def _unlink(self, session: AsyncSession, user_id: int) -> None:
        """Delete a linked account; X is told to revoke its tokens by the bot that runs."""
        account = await Accounts(session).get(user_id, lock=True)
        if account is not None:
            await Revocations(session).put_off(account, self._now())
            await Accounts(session).remove(account)
        name = account_name(user_id)
        await Allowances(session).forget(name)
        await EndpointAbilities(session).forget(name)
        await KeyRefusals(session).forget(name)
        await ForgottenList(session).uses(user_id)

    async def _post(self, post_id: int) -> ForgottenNow:
        async with self._database.transaction() as session:
            edits = await MessageEdits(session).of_post(post_id, EditReason.ASKED, self._now())
            erasing = Erasing(session)
            await erasing.announcements(post_id)
            await erasing.actions_on(post_id)
            watches = await ForgottenList(session).watches(post_id)
            for watch in watches:
                await Watches(session).remove(watch)
        deleted = _AT_ONCE
        while deleted == _AT_ONCE:
            async with self._database.transaction() as session:
                erasing = Erasing(session)
                post = await erasing.lock_unwatched(post_id)
                if post is None:
                    break
                deleted = await erasing.some_likers(post_id, _AT_ONCE)
                if deleted < _AT_ONCE:
                    await erasing.announcements(post_id)
                    await erasing.post(post)
            await let_others_write()
        return ForgottenNow(len(watches), edits)
