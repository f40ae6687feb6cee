"""What X was found not to accept or not to show any more, and which channels are shut."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.key_verdicts import KeyVerdicts
from bot.domain import Verdict, VerdictKind
from bot.x.client import XClient
from bot.x.credentials import APP
from storage.account_watches import AccountWatches
from storage.accounts import Accounts
from storage.consents import Consents
from storage.posts import Posts
from storage.shut_channels import ShutChannels


async def verdicts_of(
    session: AsyncSession,
    guild_id: int,
    x: XClient,
    keys: KeyVerdicts,
    now: datetime,
    *,
    is_home: bool,
) -> tuple[Verdict, ...]:
    """Return what stands now, as far as it matters to a guild; each is taken back by itself.

    How many accounts are refused in the whole bot matters at home alone.
    """
    found = []
    for account in x.accounts:
        since = await keys.refused_since(session, account)
        if since is not None:
            kind = VerdictKind.APP_KEY if account == APP else VerdictKind.OWN_KEYS
            found.append(Verdict(kind, since))
    linked = await Accounts(session).refused_before(now)
    if linked and not is_home:
        agreed, _ = await Consents(session).agreed([account.x_user_id for account in linked])
        linked = [account for account in linked if guild_id in agreed[account.x_user_id]]
    found += _one(VerdictKind.LINKED_ACCOUNTS, [account.revoked_at for account in linked])
    posts = await Posts(session).missing_since(guild_id)
    found += _one(VerdictKind.POSTS, posts)
    watches = await AccountWatches(session).of_guild(guild_id)
    hidden = [watch.missing_since for watch in watches if watch.trouble is not None]
    found += _one(VerdictKind.ACCOUNTS, hidden)
    found += _one(VerdictKind.CHANNELS, await ShutChannels(session).since(guild_id))
    return tuple(found)


def _one(kind: VerdictKind, moments: Iterable[datetime | None]) -> list[Verdict]:
    """Return one verdict for all of a kind, since the first of them."""
    since = [moment for moment in moments if moment is not None]
    return [Verdict(kind, min(since), len(since))] if since else []
