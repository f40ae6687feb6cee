"""Linking a member's own X account."""

from datetime import datetime

from bot.domain.errors.base import LikecordError, Mistake
from bot.domain.usernames import bare_username


class LinkRefused(LikecordError):
    """X does not accept what was to link, or to refresh, an account."""

    def __init__(self) -> None:
        super().__init__(
            "X didn't confirm this. The link or the PIN may be older than ten minutes. Start again "
            "with `/account link`."
        )


class PinRefused(LikecordError):
    """X does not know the PIN; the request stays open, and the PIN can be entered again."""

    def __init__(self) -> None:
        super().__init__("That PIN didn't match. Check it and press **Enter the PIN** again.")


class PinsUsedUp(LikecordError):
    """A request takes a few PINs and no more, so that nobody can guess."""

    def __init__(self) -> None:
        super().__init__(
            "That was one PIN too many for this link. Start again with `/account link`."
        )


class TooManyLinks(Mistake):
    """A member has as many open requests to link as there may be; `until` is when one ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            "You have three links open. Use one of them, or start a new one "
            f"<t:{int(until.timestamp()) + 1}:R>."
        )


class LinkingNotSetUp(LikecordError):
    """The settings do not allow linking; `missing` says which are not there."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"Accounts can't be linked here yet. The person who runs me must set {missing} first."
        )


class NotLinked(Mistake):
    def __init__(self) -> None:
        super().__init__("You haven't linked an X account yet. Use `/account link`.")


class LinkedBySomebodyElse(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "Another member has linked this X account. It can be linked again when they have "
            "unlinked it."
        )


class LinkBroken(Mistake):
    """X no longer accepts the tokens of a linked account."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"X no longer accepts your linked account `@{bare_username(username)}`. Link it again "
            "with `/account link`."
        )


class LinkUnreadable(LikecordError):
    """No key of the settings opens the tokens of a linked account."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"I can't open the tokens of your account `@{bare_username(username)}`: their key "
            "is gone. Link the account again with `/account link`."
        )


class AskedToBeForgotten(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "The owner of this X account asked that nothing of it is stored here. If that is you "
            "and you changed your mind, tell the person who runs me."
        )
