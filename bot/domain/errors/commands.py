"""What a member asked for cannot be done as asked."""

from bot.domain.errors.base import Mistake
from bot.domain.troubles import DeliveryTrouble

# As Discord calls them.
_PERMISSIONS = {
    DeliveryTrouble.CANNOT_VIEW: "View Channel",
    DeliveryTrouble.CANNOT_SEND: "Send Messages",
    DeliveryTrouble.CANNOT_SEND_IN_THREADS: "Send Messages in Threads",
}


class NotAPost(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "That is not an X post. Paste the post's address, such as "
            "`https://x.com/name/status/1354143047324299264`, or the number at its end."
        )


class NotAUsername(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "That is not an X username. It has at most 15 letters, digits and underscores, "
            "such as `@TwitterDev`."
        )


class NotAllowed(Mistake):
    """The member lacks the permission or the role."""


class NoChannel(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "There is no channel to announce in yet. Name one in the command, or choose one "
            "with `/config channel`."
        )


class ChannelNotWritable(Mistake):
    """The bot lacks a permission in a channel; `why` is a trouble that names one."""

    def __init__(self, channel_id: int, why: DeliveryTrouble) -> None:
        permission = _PERMISSIONS[why]
        super().__init__(
            f"I may not post in <#{channel_id}>. Give me the permission “{permission}” there, "
            "or choose another channel."
        )


class UnknownWatch(Mistake):
    def __init__(self) -> None:
        super().__init__("There is no such watch here. `/watch list` shows those there are.")


class NoPostInMessage(Mistake):
    def __init__(self) -> None:
        super().__init__("There is no link to an X post in this message.")


class NothingToExport(Mistake):
    def __init__(self) -> None:
        super().__init__("There is nothing to export: X shows no likes here yet.")


class ExportRunning(Mistake):
    """A member has one export at a time."""

    def __init__(self) -> None:
        super().__init__("An export of yours is still running. Wait for it, or cancel it.")


class ExportOver(Mistake):
    def __init__(self) -> None:
        super().__init__("This export is no longer running.")


class OwnAccountNeeded(Mistake):
    """The server lets members like with their own accounts only."""

    def __init__(self) -> None:
        super().__init__(
            "In this server members like with their own X accounts. Link yours with "
            "`/account link`, then try again."
        )
