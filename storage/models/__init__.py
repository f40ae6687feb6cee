"""The tables. IDs of X and Discord are 64-bit integers, times are UTC, money is micro-USD."""

from storage.models.accounts import (
    AccountConsent,
    AccountUse,
    EndpointAbility,
    ExportedObjects,
    KeyRefusal,
    LinkRequest,
    PendingRevocation,
    XAccount,
)
from storage.models.announcements import (
    Announcement,
    AnnouncementForm,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementStyle,
)
from storage.models.channels import ShutChannel
from storage.models.guilds import ActionLog, CommandScope, Guild, ToldTrouble
from storage.models.leases import Lease
from storage.models.money import Charge, Charged, StoredAllowance
from storage.models.posts import ListOrder, Post, PostKind, PostLike, PostState, XUser
from storage.models.watches import AccountWatch, Watch

__all__ = [
    "AccountConsent",
    "AccountUse",
    "AccountWatch",
    "ActionLog",
    "Announcement",
    "AnnouncementForm",
    "AnnouncementKind",
    "AnnouncementState",
    "AnnouncementStyle",
    "Charge",
    "Charged",
    "CommandScope",
    "EndpointAbility",
    "ExportedObjects",
    "Guild",
    "KeyRefusal",
    "Lease",
    "LinkRequest",
    "ListOrder",
    "PendingRevocation",
    "Post",
    "PostKind",
    "PostLike",
    "PostState",
    "ShutChannel",
    "StoredAllowance",
    "ToldTrouble",
    "Watch",
    "XAccount",
    "XUser",
]
