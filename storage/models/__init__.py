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
from storage.models.erasing import (
    EditReason,
    ForgottenKind,
    ForgottenObject,
    LeftGuild,
    MessageEdit,
)
from storage.models.guilds import ActionLog, CommandScope, Guild, ToldTrouble
from storage.models.leases import InteractionClaim, Lease
from storage.models.money import (
    Charge,
    Charged,
    MemberSpend,
    MoneyHold,
    StoredAllowance,
    WindowShare,
)
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
    "EditReason",
    "EndpointAbility",
    "ExportedObjects",
    "ForgottenKind",
    "ForgottenObject",
    "Guild",
    "InteractionClaim",
    "KeyRefusal",
    "Lease",
    "LeftGuild",
    "LinkRequest",
    "ListOrder",
    "MemberSpend",
    "MessageEdit",
    "MoneyHold",
    "PendingRevocation",
    "Post",
    "PostKind",
    "PostLike",
    "PostState",
    "ShutChannel",
    "StoredAllowance",
    "ToldTrouble",
    "Watch",
    "WindowShare",
    "XAccount",
    "XUser",
]
