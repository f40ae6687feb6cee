"""What keeps the database small."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.accounts.open_requests import LINK_LIFETIME
from bot.domain.retention import ACCOUNT_USES_KEPT
from bot.money.month_forecast import DAYS_LOOKED_AT
from bot.money.spent_this_month import CLOCKS_DIFFER
from bot.services.forgetting import ForgettingService
from bot.services.guild_data import GuildDataService
from bot.services.interactions import KEPT as CLAIMS_KEPT
from bot.watching.retention import Retention
from storage.accounts import LinkRequests
from storage.allowances import Allowances
from storage.charges import Charges
from storage.consents import Consents
from storage.database import Database
from storage.exported import ExportCounts
from storage.interaction_claims import InteractionClaims
from storage.member_charges import MemberCharges
from storage.money_holds import MoneyHolds
from storage.shut_channels import ShutChannels
from storage.window_shares import WindowShares

# By day and post, for so long: the forecast of a month begins with the last days of the one before.
_KEPT_BY_DAY = timedelta(days=DAYS_LOOKED_AT + 1)


class Housekeeping:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._is_clean = True
        self._retention = Retention(database, now)
        self._guilds = GuildDataService(database, now)
        self._forgetting = ForgettingService(database, now)

    async def tidy(self) -> None:
        """Drop what no longer says anything: past windows, past days, stale requests.

        The charges of months that are over are put together.
        """
        now = self._now()
        async with self._database.transaction() as session:
            await Allowances(session).forget_before(now)
            await Charges(session).forget_before((now - CLOCKS_DIFFER).date())
            await MemberCharges(session).forget_before((now - CLOCKS_DIFFER).date())
            if not self._database.is_sqlite:
                await MoneyHolds(session).forget_past()
            await WindowShares(session).forget_before(now)
            await ShutChannels(session).forget_unwatched()
            await LinkRequests(session).forget_before(now - LINK_LIFETIME)
            await InteractionClaims(session).forget_before(now - CLAIMS_KEPT)
            await Consents(session).forget_uses_before((now - ACCOUNT_USES_KEPT).date())
            await ExportCounts(session).forget_before((now - CLOCKS_DIFFER).date())
        await self._fold_charges((now - _KEPT_BY_DAY).date().replace(day=1))
        await self._delete_what_is_over()

    async def _delete_what_is_over(self) -> None:
        """Delete what is kept no longer, and what the database's files still have of it."""
        deleted = await self._guilds.delete_left() + await self._forgetting.again()
        deleted += await self._retention.run_once()
        self._is_clean = self._is_clean and not deleted
        if not self._is_clean:
            self._is_clean = await self._database.scrub()

    async def _fold_charges(self, month: date) -> None:
        """Put together what was charged before a month, a day at a time: others write meanwhile."""
        more = True
        while more:
            async with self._database.transaction() as session:
                more = await Charges(session).fold_a_day_before(month)
