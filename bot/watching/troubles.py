"""Telling a server, once, of what keeps it from being told anything else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain.money import in_usd
from bot.domain.notices import (
    BotBudgetSpent,
    ChannelClosed,
    KeysNotAccepted,
    Notice,
    ServerBudgetSpent,
    WatchesFull,
)
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import DeliveryTrouble, TroubleKind
from bot.money.budgets import WHOLE_BOT, Balances, BudgetBalance, Budgets
from bot.money.guest_budget import GuestBudget, no_guests
from bot.watching.likers.waiting import too_dear
from bot.watching.trouble_places import trouble_place
from bot.watching.watch_limits import WatchLimits
from bot.x.prices import MICRO_USD, Prices
from storage.account_watches import AccountWatches
from storage.announcements import Announcements
from storage.database import Database
from storage.guilds import Guilds
from storage.models import AccountWatch, Announcement, Watch
from storage.new_announcements import about_guild
from storage.posts import Posts
from storage.shut_channels import ShutChannels
from storage.told_troubles import ToldTroubles, TroubleKey

# Whoever arranges channels and roles shuts one for a moment: that is told to nobody.
CHANNEL_SHUT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and with which watch, where it is not with all of the server's."""

    notice: Notice
    watch: Watch | AccountWatch | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told, each with its announcement, and what is over."""

    new: Sequence[tuple[TroubleKey, Announcement]]
    over: frozenset[TroubleKey]


class TroublesRound:
    """Compares what is wrong with what was told, and tells the difference.

    That a trouble is told and its announcement are written together: both, or neither. What is over
    is forgotten, so that it is told again should it come again.
    """

    def __init__(
        self,
        database: Database,
        budgets: Budgets,
        account: str,
        verdicts: KeyVerdicts,
        now: Callable[[], datetime],
        *,
        guests: GuestBudget | None = None,
        limits: WatchLimits | None = None,
        prices: Prices = MICRO_USD,
    ) -> None:
        """`account` is the bot's own, by its name in the books."""
        self._database = database
        self._budgets = budgets
        self._guests = guests or no_guests(now)
        self._limits = limits or WatchLimits()
        self._account = account
        self._prices = prices
        self._verdicts = verdicts
        self._now = now

    async def run_once(self) -> int:
        """Tell what is new; return how many announcements that makes."""
        async with self._database.reading() as session:
            news = await self._news(session)
        if not news.new and not news.over:
            return 0
        async with self._database.transaction() as session:
            # What was found may have changed until now.
            news, told = await self._news(session), ToldTroubles(session)
            await told.end(news.over)
            rows = [row for key, row in news.new if await told.begin(key, self._now())]
            await Announcements(session).add(rows)
            return len(rows)

    async def _news(self, session: AsyncSession) -> News:
        told = await ToldTroubles(session).all()
        guests = await self._guests.look(session)
        watching = await Guilds(session).watching()
        # For a guest's server that is not served, nothing is asked anyway.
        served = frozenset(guild_id for guild_id in watching if guests.is_open(guild_id))
        guilds = served | {key.guild_id for key in told}
        home = frozenset(guild_id for guild_id in guilds if guild_id in guests.home)
        found = {
            **await self._closed_channels(session),
            **await self._spent_budgets(session, guilds),
            **await self._refused_keys(session, home),
            **await self._full(session, told),
        }
        new = []
        for key in found.keys() - told:
            row = await self._announcement(session, key.guild_id, found[key])
            if row is not None:
                new.append((key, row))
        return News(new, told - found.keys())

    async def _announcement(
        self, session: AsyncSession, guild_id: int, trouble: Trouble
    ) -> Announcement | None:
        """Return what tells a server of a trouble; None while there is nowhere to tell it.

        It goes to the channel for troubles, else to the one for announcements; else, where one
        channel is shut, to whoever added the watch; what is about all of them to a watch's channel.
        """
        now = self._now()
        watch = trouble.watch or await Guilds(session).active_watch(guild_id)
        if watch is None:
            return None
        notice = stored_notice(trouble.notice)
        place = await trouble_place(session, guild_id, watch.channel_id)
        if place is not None:
            return about_guild(watch, place, *notice, now)
        if not watch.created_by:
            return None
        row = about_guild(watch, watch.created_by, *notice, now)
        row.recipient_id, row.recipient_guild_id = watch.created_by, guild_id
        return row

    async def _closed_channels(self, session: AsyncSession) -> Mapping[TroubleKey, Trouble]:
        shut = await ShutChannels(session).in_vain(self._now() - CHANNEL_SHUT_FOR)
        return {
            TroubleKey(watch.guild_id, TroubleKind.CHANNEL, row.channel_id): Trouble(
                ChannelClosed(row.channel_id, DeliveryTrouble(row.trouble)), watch
            )
            for row, watch in shut
        }

    async def _spent_budgets(
        self, session: AsyncSession, guild_ids: frozenset[int]
    ) -> Mapping[TroubleKey, Trouble]:
        budgets = await Guilds(session).budgets(guild_ids) if guild_ids else {}
        balances = await self._budgets.balances(session, budgets)
        found: dict[TroubleKey, Trouble] = {}
        for payer, balance in balances.items():
            if not balance.is_spent:
                continue
            if payer == WHOLE_BOT:
                found |= _to_all(guild_ids, TroubleKind.BOT_BUDGET, BotBudgetSpent())
            else:
                spent = Trouble(_server_budget_spent(balance))
                found[TroubleKey(payer, TroubleKind.SERVER_BUDGET)] = spent
        return found | await self._dear_likes(session, guild_ids, balances)

    async def _dear_likes(
        self, session: AsyncSession, guild_ids: frozenset[int], balances: Balances
    ) -> dict[TroubleKey, Trouble]:
        """Return whose likes wait because to read them costs more than what is left."""
        if not any(each.is_nearly_spent and not each.is_spent for each in balances.values()):
            return {}
        unread, _ = await Posts(session).unread()
        return {
            TroubleKey(guild_id, TroubleKind.DEAR_LIKES): Trouble(notice)
            for guild_id, notice in too_dear(unread, balances, self._prices).items()
            if guild_id in guild_ids
        }

    async def _refused_keys(
        self, session: AsyncSession, guild_ids: frozenset[int]
    ) -> Mapping[TroubleKey, Trouble]:
        if await self._verdicts.refused_since(session, self._account) is None:
            return {}
        return _to_all(guild_ids, TroubleKind.KEYS, KeysNotAccepted())

    async def _full(
        self, session: AsyncSession, told: frozenset[TroubleKey]
    ) -> Mapping[TroubleKey, Trouble]:
        """Return where new posts of accounts find no room; it is over when there is some again."""
        known = {key.guild_id for key in told if key.kind == TroubleKind.WATCHES_FULL}
        full = await self._limits.full(session)
        if known - full:
            full |= await self._limits.nearly_full(session, known)
        waiting = {row.guild_id for row in await AccountWatches(session).active()} if full else ()
        notice = WatchesFull(self._limits.posts)
        return _to_all(full.intersection(waiting), TroubleKind.WATCHES_FULL, notice)


def _to_all(
    guild_ids: frozenset[int], kind: TroubleKind, notice: Notice
) -> dict[TroubleKey, Trouble]:
    return {TroubleKey(guild_id, kind): Trouble(notice) for guild_id in guild_ids}


def _server_budget_spent(balance: BudgetBalance) -> ServerBudgetSpent:
    return ServerBudgetSpent(in_usd(balance.spent_micro_usd), in_usd(balance.budget_micro_usd))
