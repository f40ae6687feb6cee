"""What X says, and that X could not be asked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.errors.base import LikecordError
from bot.domain.posts import Missing
from bot.domain.usernames import bare_username


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
        XError.__init__(self, f"X has no user `@{bare_username(username)}`. Check the spelling.")


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
            "and only the author's own account sees them. If the author uses `/account link`, "
            "names appear here."
        )


class LikingRefused(XError):
    """X's access tier of this app has no liking through the API (403 client-forbidden)."""

    def __init__(self, post_id: int) -> None:
        super().__init__("X doesn't let bots like on this plan. You can like it yourself:")
        self.post_id = post_id


class UnlikingRefused(XError):
    """As LikingRefused, where a like was to be taken back."""

    def __init__(self, post_id: int) -> None:
        super().__init__(
            "X doesn't let bots take likes back on this plan. You can do it yourself on X, signed "
            "in as the account that likes the post:"
        )
        self.post_id = post_id


class Refused(XError):
    """X forbids this (403); `problem` is X's type of problem, such as `client-forbidden`."""

    def __init__(self, problem: str = "") -> None:
        super().__init__(
            "X refuses this to the account that I used. Ask a server manager to check `/status`."
        )
        self.problem = problem


class NotInPlan(Refused):
    """What X lets this app do has no such requests (403 client-forbidden)."""

    def __init__(self, problem: str = "client-forbidden") -> None:
        XError.__init__(
            self,
            "X's plan for this app has no such requests. The person who runs me can change it "
            "in X's developer console; I try again by myself after a day.",
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
    """X did not accept a key or token for one request (401), which may be its own trouble."""

    def __init__(self) -> None:
        super().__init__(
            "X did not accept the keys that I used for this. That may be trouble of its own: try "
            "again in a minute."
        )


class KeysRefused(CredentialRefused):
    """X accepts the keys or tokens of an account no more: it was asked several times."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "X no longer accepts the keys that I was given. The person who runs me must renew "
            "them.",
        )


class NoCredential(XError):
    """There is no credential for what was asked."""

    def __init__(self) -> None:
        super().__init__(
            "This needs an X account, and none is set up. The person who runs me must add "
            "its access token to the settings."
        )


@dataclass(frozen=True, slots=True)
class RefusedName:
    """A parameter that X does not know or, with a value, one of the values that it does not."""

    parameter: str
    value: str | None = None

    def __str__(self) -> str:
        return f"{self.parameter}={self.value}" if self.value else self.parameter


class InvalidForX(XError):
    """X called the request invalid (400).

    `of_parameters`: X finds fault with its parameters; `names` are those that it names.
    """

    def __init__(self, names: tuple[RefusedName, ...] = (), *, of_parameters: bool = False) -> None:
        super().__init__("X calls this request invalid. Check what you entered.")
        self.names = names
        self.of_parameters = of_parameters


class TransientXError(XError):
    """Trying again later can help."""


class ClockOff(TransientXError):
    """X refuses a signature for its time: the keys may be as good as ever.

    `ahead` is by how much this machine's clock is ahead of X's, where X's answer tells it.
    """

    def __init__(self, ahead: timedelta | None) -> None:
        super().__init__(
            f"The clock of this machine is {_off(ahead)}, and X refuses what is signed with a "
            "wrong time. The person who runs me must set it."
        )
        self.ahead = ahead


class RateLimited(TransientXError):
    """An allowance is used up until `resets_at`."""

    def __init__(
        self, resets_at: datetime, why: str = "X allows no more of these requests for now."
    ) -> None:
        super().__init__(f"{why} Try again <t:{_not_before(resets_at)}:R>.")
        self.resets_at = resets_at.astimezone(UTC)


class WindowShareUsed(RateLimited):
    """What a server's people may take of X's window is taken; the rest is polling's, or others'."""

    def __init__(self, resets_at: datetime) -> None:
        super().__init__(
            resets_at,
            "This server has looked up as much as I may ask of X for it in 15 minutes; the rest is "
            "for watches and other servers.",
        )


class XUnavailable(TransientXError):
    """X did not answer, or answered that it is down; `try_again_at` is when X said to come back."""

    def __init__(self, try_again_at: datetime | None = None) -> None:
        when = "in a minute" if try_again_at is None else f"<t:{_not_before(try_again_at)}:R>"
        super().__init__(f"X does not answer right now. Try again {when}.")
        self.try_again_at = try_again_at


class XNotReached(XUnavailable):
    """X did not even receive the request: no connection to it came about."""


class XUnreadable(TransientXError):
    """X's answer made no sense."""

    def __init__(self) -> None:
        super().__init__("X sent an unexpected answer. Try again in a minute.")


def _not_before(moment: datetime) -> int:
    """Return a moment in Discord's whole seconds, rounded up: it is never named too early."""
    return int((moment + timedelta(seconds=0.999)).timestamp())


def _off(ahead: timedelta | None) -> str:
    if ahead is None:
        return "off"
    minutes = max(1, round(abs(ahead) / timedelta(minutes=1)))
    way = "ahead" if ahead > timedelta(0) else "behind"
    return f"{minutes:,} {'minute' if minutes == 1 else 'minutes'} off ({way})"
