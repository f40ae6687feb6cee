"""What cogs may call: one service a feature."""

from dataclasses import dataclass

from bot.accounts.consents import ConsentService
from bot.accounts.linking import AccountService
from bot.services.audit import AuditService
from bot.services.command_scopes import CommandScopeService
from bot.services.export.service import ExportService
from bot.services.greetings import GreetingService
from bot.services.guild_data import GuildDataService
from bot.services.home import HomeService
from bot.services.insight import InsightService
from bot.services.liking import LikeService
from bot.services.lookup import LookupService
from bot.services.server_settings import ConfigService
from bot.services.status import StatusService
from bot.services.usage import UsageService
from bot.watching.account_watches import AccountWatchService
from bot.watching.adding import NewWatches
from bot.watching.importing import ImportService
from bot.watching.managing import ManagedWatches
from bot.watching.shut_channels import ShutChannelService
from bot.watching.told_likers import ToldLikers
from bot.watching.watches import WatchService


@dataclass(frozen=True, slots=True)
class Services:
    likes: LikeService
    lookup: LookupService
    watches: WatchService
    new_watches: NewWatches
    config: ConfigService
    status: StatusService
    accounts: AccountService
    audit: AuditService
    exports: ExportService
    usage: UsageService
    account_watches: AccountWatchService
    channels: ShutChannelService
    command_scopes: CommandScopeService
    home: HomeService
    consents: ConsentService
    guild_data: GuildDataService
    greetings: GreetingService
    imports: ImportService
    insight: InsightService
    told: ToldLikers
    managed: ManagedWatches
