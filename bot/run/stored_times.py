"""Times that were stored by a clock that was ahead: they hold nothing longer than can be meant."""

from datetime import datetime

import structlog

from bot.accounts.tokens import REFRESH_LEASE
from bot.watching.outbox import CLAIM_LEASE, LONGEST_DELAY
from bot.watching.post_state.after_reading import LOOK_EVERY
from bot.watching.post_state.looking_again import LOOKS
from bot.x.limits import DAY, LIKE_DAY, WINDOW
from storage.database import Database
from storage.future_times import FutureTimes

_log = structlog.stdlib.get_logger(__name__)


async def bring_back(database: Database, now: datetime) -> None:
    """Bring times that lie too far ahead back to the latest that they can mean.

    To be done at a start, as the clock may have been set back before it, and now and then, as
    another process may have another clock.
    """
    async with database.transaction() as session:
        times = await FutureTimes.open(session, now)
        changed = (
            await times.of_announcements(LONGEST_DELAY, CLAIM_LEASE)
            + await times.of_accounts(REFRESH_LEASE)
            + await times.of_allowances(WINDOW, DAY, LIKE_DAY)
            + await times.of_looks(LOOKS[-1], LOOK_EVERY)
        )
    if changed:
        _log.warning("a clock was set back: stored times lay too far ahead", rows=changed)
