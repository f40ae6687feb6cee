"""What cogs may call: one service a feature."""

from dataclasses import dataclass

from bot.account_watches import AccountWatchService
from bot.accounts import AccountService
from bot.audit import AuditService
from bot.config import ConfigService
from bot.export.service import ExportService
from bot.likes import LikeService
from bot.lookup import LookupService
from bot.status import StatusService
from bot.usage import UsageService
from bot.watches import WatchService


@dataclass(frozen=True, slots=True)
class Services:
    likes: LikeService
    lookup: LookupService
    watches: WatchService
    config: ConfigService
    status: StatusService
    accounts: AccountService
    audit: AuditService
    exports: ExportService
    usage: UsageService
    account_watches: AccountWatchService
