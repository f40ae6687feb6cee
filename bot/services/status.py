"""How the bot stands: accounts, allowances, watches, money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.abilities import LearntAbilities
from bot.accounts.key_verdicts import KeyVerdicts
from bot.accounts.own_account import Identity
from bot.domain import Abilities, Ability, Status
from bot.domain.errors import XError
from bot.money.budgets import Budgets
from bot.money.home_guilds import HomeGuilds
from bot.money.ledger import Ledger
from bot.services.verdicts import verdicts_of
from bot.watching.health import Health
from bot.watching.likers.schedule import likers_reserve
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.accounts import Accounts
from storage.announced_likes import AnnouncedLikes
from storage.database import Database
from storage.models import PostKind
from storage.posts import Posts
from storage.shut_channels import ShutChannels
from storage.watches import Watches


class StatusService:
    def __init__(
        self,
        *,
        database: Database,
        x: XClient,
        identity: Identity,
        ledger: Ledger,
        budgets: Budgets,
        health: Health,
        abilities: LearntAbilities,
        verdicts: KeyVerdicts,
        now: Callable[[], datetime],
        homes: HomeGuilds,
    ) -> None:
        self._database = database
        self._x = x
        self._identity = identity
        self._ledger = ledger
        self._budgets = budgets
        self._health = health
        self._abilities = abilities
        self._verdicts = verdicts
        self._now = now
        self._homes = homes

    async def show(self, guild_id: int) -> Status:
        """Return the guild's view; nothing here asks X more than the account's name, once."""
        now = self._now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._database.reading() as session:
            watches = await Watches(session).of_guild(guild_id)
            posts_watched = await Posts(session).watched_count(guild_id)
            last_probe_at = await Posts(session).last_probe_at()
            waiting = await AnnouncedLikes(session).waiting(guild_id)
            announced = await AnnouncedLikes(session).likes_announced(guild_id, midnight)
            month = await self._budgets.month_of(session, guild_id)
            to_read = await Posts(session).likes_to_read(guild_id, now)
            linked = {account.x_user_id for account in await Accounts(session).usable()}
            set_aside = await AnnouncedLikes(session).set_aside(guild_id)
            channels = await ShutChannels(session).watched_in(guild_id)
            verdicts = await verdicts_of(session, guild_id, self._x, self._verdicts, now)
            is_home = guild_id in await self._homes.among(session, [guild_id])
        work = Status(
            watches=len(watches),
            posts_watched=posts_watched,
            waiting=waiting,
            announced_today=announced,
            last_probe_at=last_probe_at,
            month=month,
            verdicts=verdicts,
            channels=len(channels),
            set_aside=sum(set_aside.values()),
            likes_waiting=sum(to_read.values()),
            problem=self._health.problem,
        )
        if not is_home:
            return work
        # Those of linked authors are read within windows of their own.
        ours = any(author not in linked for author in to_read)
        return await self._with_operators(work, reads_likers=ours)

    async def _with_operators(self, status: Status, *, reads_likers: bool) -> Status:
        """Add what is the operator's: their account, what X allows it, what it has cost."""
        today, month = await self._ledger.spent()
        likers = await self._x.allowance(Endpoint.LIKING_USERS)
        is_used_up = likers.remaining <= likers_reserve(likers, self._now())
        return replace(
            status,
            is_home=True,
            account=await self._account(),
            app_only=self._x.user_id is None,
            allowances=(
                await self._x.allowance(Endpoint.POSTS),
                likers,
                await self._x.allowance(Endpoint.LIKE),
            ),
            likers_again_at=likers.resets_at if reads_likers and is_used_up else None,
            spent_today_usd=today,
            spent_month_usd=month,
            budget_usd=self._ledger.budget_usd,
            abilities=await self._what_x_allows(),
        )

    async def forget_refusals(self) -> None:
        """Let the next occasion show whether X still refuses what it refused any account."""
        await self._abilities.try_again()

    async def _what_x_allows(self) -> Abilities:
        if self._x.user_id is None:
            return Abilities()
        async with self._database.reading() as session:
            linked = {account.x_user_id for account in await Accounts(session).usable()}
            kinds = await Posts(session).kinds_of_others({self._x.user_id, *linked})
            likers = await self._known(session, Endpoint.LIKING_USERS)
            liking = await self._known(session, Endpoint.LIKE)
        shown = {PostKind.NAMES, PostKind.STALLED} & kinds
        return Abilities(
            likers=likers,
            likers_of_others=bool(shown) if shown or PostKind.COUNTS in kinds else None,
            liking=liking,
        )

    async def _known(self, session: AsyncSession, endpoint: Endpoint) -> Ability | None:
        known = await self._abilities.known(session, self._x.account, endpoint)
        if known is None:
            return None
        allowed = known.problem is None
        return Ability(allowed, known.learnt_at, known.problem or "", known.confirmed)

    async def _account(self) -> str | None:
        try:
            return await self._identity.username()
        except XError:
            return None
