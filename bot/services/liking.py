"""Liking and unliking a post because a member asks for it, and only then."""

from collections.abc import Callable
from datetime import datetime

from bot.accounts.own_account import Identity
from bot.accounts.which_account import Access
from bot.domain import ActionOutcome, Actor, LikeDone
from bot.domain.errors import (
    GuestNotServed,
    KeysRefused,
    LikecordError,
    LinkBroken,
    NotAllowed,
    OwnAccountNeeded,
)
from bot.services.action_outcomes import outcome_of
from bot.x.client import XClient
from bot.x.post_ref import parse_post_ref
from bot.x.prices import Bill
from storage.actions import Actions
from storage.database import Database
from storage.guilds import Guilds
from storage.models import ActionLog, Guild


class LikeService:
    def __init__(
        self, database: Database, access: Access, identity: Identity, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._access = access
        self._identity = identity
        self._now = now

    async def like(self, actor: Actor, ref: str) -> LikeDone:
        """Like the post that `ref` (a URL or an ID) names.

        X takes a like of a repost for one of the original, and to read a post costs money. So the
        original is named only where X has shown it to be one; else the ID goes to X as it is.
        """
        return await self._act(actor, ref, like=True)

    async def like_as_themselves(self, actor: Actor, ref: str) -> LikeDone:
        """Like a post with the member's own account; raise OwnAccountNeeded where there is none."""
        async with self._database.reading() as session:
            account = await self._access.linked.account(session, actor.user_id)
        if account is None:
            raise OwnAccountNeeded
        return await self._act(actor, ref, like=True)

    async def unlike(self, actor: Actor, ref: str) -> LikeDone:
        """Take a like back; X answers the same when there was none."""
        return await self._act(actor, ref, like=False)

    async def _act(self, actor: Actor, ref: str, *, like: bool) -> LikeDone:
        asked_id = parse_post_ref(ref)
        post_id = self._access.own.original_id(asked_id)
        action = "like" if like else "unlike"
        account, x = await self._account_for(actor)
        ask = x.likes.like if like else x.likes.unlike
        bill = Bill(f"/{action}", guild_id=actor.guild_id, member_id=actor.payer_id)
        try:
            liked = await ask(post_id, bill)
        except LikecordError as error:
            await self._log(actor, account, action, post_id, outcome_of(error))
            if isinstance(error, KeysRefused) and x is not self._access.own:
                raise LinkBroken(account) from error
            raise
        outcome = ActionOutcome.LIKED if liked else ActionOutcome.NOT_LIKED
        await self._log(actor, account, action, post_id, outcome)
        return LikeDone(post_id, account, liked, of_repost=post_id != asked_id)

    async def _account_for(self, actor: Actor) -> tuple[str, XClient]:
        """Return the account to act as: the member's own, else the bot's for those who may."""
        async with self._database.reading() as session:
            account = await self._access.linked.account(session, actor.user_id)
            guild = await Guilds(session).get(actor.guild_id)
            own = await self._identity.known(session)
        if account is not None:
            linked = await self._access.linked.open(account)
            return linked.username, linked.x
        if not await self._access.audience.is_home(actor.guild_id):
            raise GuestNotServed if self._access.app is None else OwnAccountNeeded
        _check(actor, guild)
        return own or await self._identity.username(), self._access.own

    async def _log(
        self, actor: Actor, account: str, action: str, post_id: int, outcome: ActionOutcome
    ) -> None:
        entry = ActionLog(
            at=self._now(),
            guild_id=actor.guild_id,
            member_id=actor.user_id,
            account=account,
            action=action,
            post_id=post_id,
            outcome=outcome,
        )
        async with self._database.transaction() as session:
            await Actions(session).log(entry)


def _check(actor: Actor, guild: Guild) -> None:
    """Let those who manage the server, or have its like role, use the bot's account."""
    if guild.own_accounts_only:
        raise OwnAccountNeeded
    if actor.manages_guild:
        return
    if guild.like_role_id is None:
        raise NotAllowed(
            "Only managers of this server can like with the bot's account. "
            "They can let a role do it with `/config like-role`, or you link your own X account "
            "with `/account link`."
        )
    if guild.like_role_id not in actor.role_ids:
        raise NotAllowed(
            f"Liking with the bot's account needs the role <@&{guild.like_role_id}> here. Or link "
            "your own X account with `/account link`."
        )
