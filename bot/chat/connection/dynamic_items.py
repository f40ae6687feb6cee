"""Every button and select that works after a restart."""

from bot.chat.buttons.about import AboutButton
from bot.chat.buttons.account_watches import WatchAccountButton
from bot.chat.buttons.accounts import ACCOUNT_ITEMS
from bot.chat.buttons.announced import ANNOUNCED_ITEMS
from bot.chat.buttons.audit import AuditButton
from bot.chat.buttons.consents import CONSENT_ITEMS
from bot.chat.buttons.guild_data import DeleteDataButton
from bot.chat.buttons.help import HelpButton
from bot.chat.buttons.home import HomeButton
from bot.chat.buttons.imports import ImportButton
from bot.chat.buttons.liking import UndoLikeButton
from bot.chat.buttons.pages import DYNAMIC_ITEMS as PAGE_ITEMS
from bot.chat.buttons.post_menu import PostSelect
from bot.chat.buttons.status import STATUS_ITEMS
from bot.chat.buttons.watch_list import WATCH_LIST_ITEMS
from bot.chat.buttons.watch_removal import REMOVAL_ITEMS
from bot.chat.buttons.watches import WATCH_ITEMS
from bot.chat.setup.panel import SETUP_ITEMS

DYNAMIC_ITEMS = (
    *PAGE_ITEMS,
    *ACCOUNT_ITEMS,
    *WATCH_ITEMS,
    WatchAccountButton,
    AuditButton,
    PostSelect,
    UndoLikeButton,
    HomeButton,
    HelpButton,
    ImportButton,
    *SETUP_ITEMS,
    *WATCH_LIST_ITEMS,
    *REMOVAL_ITEMS,
    *STATUS_ITEMS,
    *CONSENT_ITEMS,
    DeleteDataButton,
    AboutButton,
    *ANNOUNCED_ITEMS,
)
