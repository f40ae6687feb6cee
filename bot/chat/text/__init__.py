"""What X and users write, made safe for Discord: escaped, one meaning only, never too long."""

from bot.chat.text.escape import (
    ELLIPSIS,
    MAX_NAME,
    escape,
    handle,
    handle_link,
    is_address,
    label,
    length,
    link,
    linked,
    linked_line,
    one_line,
    plain,
    profile_link,
    shown_name,
)

__all__ = [
    "ELLIPSIS",
    "MAX_NAME",
    "escape",
    "handle",
    "handle_link",
    "is_address",
    "label",
    "length",
    "link",
    "linked",
    "linked_line",
    "one_line",
    "plain",
    "profile_link",
    "shown_name",
]
