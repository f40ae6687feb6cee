"""How the bot stands: accounts, allowances, watches, money."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.audience import Readers
from bot.accounts.own_account import Identity
from bot.domain import Abilities, Ability, Allowance, Status
from bot.domain.errors import XError
from bot.domain.money import in_usd
from bot.domain.push_status import PushState, PushStatus
from bot.money.budgets import Budgets, ThisMonth
from bot.money.home_guilds import HomeGuilds
from bot.money.ledger import Ledger
from bot.services.verdicts import verdicts_of
from bot.watching.health import Health
from bot.watching.likers.waiting import Waiting, readers_of, too_dear, used_up_until
from bot.x.client import XClient
from bot.x.credentials import APP
from bot.x.limits import Endpoint
from storage.consents import Consents
from storage.database import Database
from storage.posts import Posts
from storage.server_figures import AsksX, Figure, HowMany, server_figures
from storage.watched_posts import WatchedPost

_SHOWN = (Endpoint.POSTS, Endpoint.LIKING_USERS, Endpoint.LIKE)
_Allowances = Mapping[tuple[str, Endpoint], Allowance]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read of a guild with one session."""

    figures: Mapping[Figure, HowMany]
    money: ThisMonth
    allowances: _Allowances
    waiting: Waiting
    is_home: bool


class StatusService:
    def __init__(
        self,
        *,
        database: Database,
        x: XClient,
        identity: Identity,
        ledger: Ledger,
        budgets: Budgets,
        allowances: SharedAllowances,
        health: Health,
        abilities: LearntAbilities,
        now: Callable[[], datetime],
        homes: HomeGuilds,
        push: Callable[[], PushStatus | None] = lambda: PushStatus(PushState.OFF),
    ) -> None:
        self._database = database
        self._x = x
        self._identity = identity
        self._ledger = ledger
        self._budgets = budgets
        self._allowances = allowances
        self._health = health
        self._abilities = abilities
        self._now = now
        self._homes = homes
        self._push = push
        self._who = _who_asks(x)

    async def show(self, guild_id: int) -> Status:
        """Return the guild's view; nothing here asks X more than the account's name, once."""
        async with self._database.reading() as session:
            found = await self._look(session, guild_id)
        status = self._of_guild(found)
        if not found.is_home:
            return status
        account = found.figures.get(Figure.ACCOUNT)
        return replace(
            status,
            is_home=True,
            account=await self._account() if account is None else account.word,
            app_only=self._x.user_id is None,
            allowances=tuple(found.allowances[self._x.account, each] for each in _SHOWN),
            spent_today_usd=in_usd(found.figures[Figure.SPENT_TODAY].number),
            spent_month_usd=found.money.whole_usd,
            budget_usd=self._ledger.budget_usd,
            abilities=self._what_x_allows(found.figures),
            push=self._push(),
        )

    async def forget_refusals(self) -> None:
        """Let the next occasion show whether X still refuses what it refused any account."""
        await self._abilities.try_again()

    async def _look(self, session: AsyncSession, guild_id: int) -> _Found:
        now = self._now()
        figures = await server_figures(session, guild_id, now, self._who)
        stored = frozenset([guild_id] if Figure.IS_HOME in figures else [])
        is_home = guild_id in self._homes.of(stored)
        unread, budgets = (
            await Posts(session).unread(guild_id) if figures[Figure.UNREAD].number else ([], {})
        )
        if (budget := figures.get(Figure.BUDGET)) is not None:
            budgets[guild_id] = budget.number
        money = await self._budgets.this_month(session, guild_id, budgets)
        readers = await self._readers(session, unread, guild_id, is_home=is_home)
        allowances = await self._allowances.some(session, {self._x.account, *readers}, _SHOWN)
        windows = [allowances[account, Endpoint.LIKING_USERS] for account in readers]
        waiting = Waiting(
            figures[Figure.UNREAD].number,
            used_up_until(windows, now),
            too_dear(unread, money.balances, self._ledger.prices).get(guild_id),
        )
        return _Found(figures, money, allowances, waiting, is_home)

    async def _readers(
        self, session: AsyncSession, unread: Sequence[WatchedPost], guild_id: int, *, is_home: bool
    ) -> frozenset[str]:
        """Return the accounts that are to read what waits; each has windows of its own."""
        if not unread:
            return frozenset()
        authors = {each.post.author_id for each in unread} - {None}
        agreed, refused = await Consents(session).agreed([each for each in authors if each])
        home = {guild_id} if is_home else ()
        readers = Readers(self._x.user_id, home, agreed, refused)
        return readers_of(unread, readers, guild_id, self._x.account)

    def _of_guild(self, found: _Found) -> Status:
        figures, waiting = found.figures, found.waiting
        return Status(
            watches=figures[Figure.WATCHES].number,
            posts_watched=figures[Figure.POSTS].number,
            waiting=figures[Figure.WAITING].number,
            announced_today=figures[Figure.ANNOUNCED].number,
            last_probe_at=figures[Figure.PROBED].since,
            month=found.money.month,
            verdicts=verdicts_of(figures, is_home=found.is_home),
            channels=figures[Figure.CHANNELS].number,
            set_aside=figures[Figure.SET_ASIDE].number,
            likes_waiting=waiting.likes,
            likers_again_at=waiting.until,
            too_dear=waiting.too_dear,
            problem=self._health.problem,
            refused=figures[Figure.REFUSALS].number,
        )

    def _what_x_allows(self, figures: Mapping[Figure, HowMany]) -> Abilities:
        if self._x.user_id is None:
            return Abilities()
        is_shown = Figure.OTHERS_SHOWN in figures
        return Abilities(
            likers=_ability(figures.get(Figure.READS_LIKERS)),
            likers_of_others=is_shown if is_shown or Figure.OTHERS_COUNTED in figures else None,
            liking=_ability(figures.get(Figure.LIKES)),
        )

    async def _account(self) -> str | None:
        try:
            return await self._identity.username()
        except XError:
            return None


def _who_asks(x: XClient) -> AsksX:
    own = next((account for account in x.accounts if account != APP), "")
    app = APP if APP in x.accounts else ""
    return AsksX(own, app, x.user_id or 0, Endpoint.LIKING_USERS, Endpoint.LIKE)


def _ability(known: HowMany | None) -> Ability | None:
    if known is None or known.since is None:
        return None
    return Ability(known.word is None, known.since, known.word or "", bool(known.number))
