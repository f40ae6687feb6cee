"""One tree of typed errors; `str()` of each is the sentence a Discord user reads.

Nothing internal goes into these sentences: what happened, then what to do.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.posts import Missing


class LikecordError(Exception):
    """Anything that Likecord knows how to explain."""

    @property
    def plain(self) -> str:
        """Return the sentence for a terminal: without the marks that Discord would draw."""
        return re.sub(r"<(https?://[^>]+)>", r"\1", str(self).replace("`", ""))


class SettingsError(LikecordError):
    """Settings are missing or wrong; `problems` has one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


# What a member asked for cannot be done as asked.


class Mistake(LikecordError):
    """The request itself needs a change."""


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
    def __init__(self, channel_id: int, missing: str) -> None:
        super().__init__(
            f"I may not post in <#{channel_id}>. Give me the permission “{missing}” there, "
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


# Linking a member's own X account.


class LinkRefused(LikecordError):
    """X does not accept what was to link, or to refresh, an account."""

    def __init__(self) -> None:
        super().__init__(
            "X did not confirm this. The link or the PIN may be older than ten minutes: "
            "begin again with `/account link`."
        )


class LinkingNotSetUp(LikecordError):
    """The settings do not allow linking; `missing` says which are not there."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"Accounts cannot be linked here yet. The person who runs me must set {missing} first."
        )


class NotLinked(Mistake):
    def __init__(self) -> None:
        super().__init__("You have linked no X account. `/account link` does it.")


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
            f"X no longer accepts your linked account `@{username}`. Link it again with "
            "`/account link`."
        )


class LinkUnreadable(LikecordError):
    """No key of the settings opens the tokens of a linked account."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"I cannot open the tokens of your linked account `@{username}`: their key is gone. "
            "The person who runs me must put it back into `SECRET_KEY`, or you link the account "
            "again with `/account link`."
        )


class OwnAccountNeeded(Mistake):
    """The server lets members like with their own accounts only."""

    def __init__(self) -> None:
        super().__init__(
            "In this server members like with their own X accounts. Link yours with "
            "`/account link`, then try again."
        )


# What X says.


class XError(LikecordError):
    """X refused, or could not be asked."""


class XNotFound(XError):
    """X has no such thing (404)."""

    def __init__(self) -> None:
        super().__init__("X has no such thing: it was deleted, or never was.")


class PostNotFound(XNotFound):
    def __init__(self) -> None:
        XError.__init__(self, "X has no such post: it was deleted, or the ID is wrong.")


class PostNotShown(XError):
    def __init__(self) -> None:
        super().__init__(
            "X does not show this post: its author's posts are protected, or it is withheld."
        )


class UserNotFound(XNotFound):
    def __init__(self, username: str) -> None:
        XError.__init__(self, f"X has no user `@{username}`. Check the spelling.")


class UserNotShown(XError):
    def __init__(self) -> None:
        super().__init__(
            "X does not show what this user likes: likes are private since June 2024, "
            "and only the account itself sees them. Whoever it belongs to sees them here after "
            "`/account link`."
        )


class PostsOfUserNotShown(XError):
    """X does not show what a user posts; `missing` is why."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(
            "X does not show me the posts of this account: they are protected, or it is suspended "
            "or gone. Try again when they are public."
        )
        self.missing = missing


class LikersNotShown(XError):
    def __init__(self) -> None:
        super().__init__(
            "X does not show who likes this post: likes are private since June 2024, "
            "and only the author's own account sees them. The author lifts that with "
            "`/account link`."
        )


class LikingRefused(XError):
    """X's access tier of this app has no liking through the API (403 client-forbidden)."""

    def __init__(self, post_id: int) -> None:
        super().__init__(
            "X does not let this app like posts: since April 2026 its self-serve plans have no "
            "liking. You can like it on X with one click. I try again after a day, or after "
            "`/status`."
        )
        self.post_id = post_id


class UnlikingRefused(XError):
    """As LikingRefused, where a like was to be taken back."""

    def __init__(self, post_id: int) -> None:
        super().__init__(
            "X does not let this app take likes back: since April 2026 its self-serve plans have "
            "no liking. Take it back on X, signed in as the account that likes the post. I try "
            "again after a day, or after `/status`."
        )
        self.post_id = post_id


class Refused(XError):
    """X forbids this (403); `problem` is X's type of problem, such as `client-forbidden`."""

    def __init__(self, problem: str = "") -> None:
        super().__init__("X refuses this to the account that I use. An admin can see `/status`.")
        self.problem = problem


class NotInPlan(Refused):
    """What X lets this app do has no such requests (403 client-forbidden)."""

    def __init__(self, problem: str = "client-forbidden") -> None:
        XError.__init__(
            self,
            "X does not let this app ask for that: its plan or access level has no such requests. "
            "The person who runs me can change it in X's developer console. I try again after a "
            "day, or after `/status`.",
        )
        self.problem = problem


class PermissionMissing(Refused):
    """The app's permission at X is Read, and this writes."""

    def __init__(self, problem: str = "oauth1-permissions") -> None:
        XError.__init__(
            self,
            "X lets this app read only. The person who runs me can set its permission to Read and "
            "write in X's developer console, and must then make the access token again.",
        )
        self.problem = problem


class AccountSuspended(Refused):
    """X has suspended or locked the account that was used."""

    def __init__(self, problem: str = "account-suspended") -> None:
        XError.__init__(
            self,
            "X has suspended or locked the account that I use for this. Whoever owns it must sign "
            "in at <https://x.com>, which says how to go on.",
        )
        self.problem = problem


class CredentialRefused(XError):
    """X does not accept a key or token (401)."""

    def __init__(self) -> None:
        super().__init__(
            "X no longer accepts the keys that I was given. The person who runs me must renew them."
        )


class NoCredential(XError):
    """There is no credential for what was asked."""

    def __init__(self) -> None:
        super().__init__(
            "This needs an X account, and none is set up. The person who runs me must add "
            "its access token to the settings."
        )


class InvalidForX(XError):
    """X called the request invalid (400)."""

    def __init__(self) -> None:
        super().__init__("X calls this request invalid. Check what you entered.")


class UsageCapped(XError):
    """The plan's cap or the prepaid credit is used up (402, usage-capped)."""

    def __init__(self) -> None:
        super().__init__(
            "X's monthly cap or the prepaid credit of this app is used up. The person who runs "
            "me can raise it in X's developer console."
        )


class BudgetSpent(XError):
    """Our own budget is used up: X is not asked."""

    def __init__(self) -> None:
        super().__init__(
            "This month's budget for X is spent, so I do not ask X until the next month. "
            "The person who runs me can raise `MONTHLY_BUDGET_USD`."
        )


class BudgetNearlySpent(BudgetSpent):
    """What is left of our own budget is not for polling, nor for what is dear."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "This month's budget for X is nearly spent, and what is left is kept for likes and "
            "small look-ups. The person who runs me can raise `MONTHLY_BUDGET_USD`.",
        )


class GuildBudgetSpent(XError):
    """A server's own budget is used up: X is not asked for it."""

    def __init__(self) -> None:
        super().__init__(
            "This server's budget for X is spent for this month. Members who may manage the "
            "server can raise it with `/config budget`."
        )


class TransientXError(XError):
    """Trying again later can help."""


class RateLimited(TransientXError):
    """An allowance is used up until `resets_at`."""

    def __init__(self, resets_at: datetime) -> None:
        # Discord counts in whole seconds: round up, so that the moment named is never too early.
        shown = int((resets_at + timedelta(seconds=0.999)).timestamp())
        super().__init__(f"X allows no more of these requests for now. Try again <t:{shown}:R>.")
        self.resets_at = resets_at.astimezone(UTC)


class XUnavailable(TransientXError):
    """X did not answer, or answered that it is down."""

    def __init__(self) -> None:
        super().__init__("X does not answer right now. Try again in a minute.")


class XUnreadable(TransientXError):
    """X's answer made no sense."""

    def __init__(self) -> None:
        super().__init__("X answered something that makes no sense. Try again in a minute.")
