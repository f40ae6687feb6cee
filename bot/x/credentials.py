"""What X accepts as proof of who asks."""

from dataclasses import dataclass, field

# The name under which the app's own allowances are kept.
APP = "app"
_USER = "user:"


@dataclass(frozen=True, slots=True)
class UserToken:
    """An OAuth 1.0a access token; the number before its hyphen is its user's ID."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)

    @property
    def user_id(self) -> int:
        return int(self.access_token.partition("-")[0])


@dataclass(frozen=True, slots=True)
class AppKeys:
    """The app's OAuth 1.0a keys, which every user's token is used together with."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)

    def with_token(self, access_token: str, access_token_secret: str) -> UserToken:
        """Return what a user's requests are signed with."""
        return UserToken(self.api_key, self.api_secret, access_token, access_token_secret)


@dataclass(frozen=True, slots=True)
class OAuth2Token:
    """An OAuth 2.0 access token of a user; it lasts two hours."""

    user_id: int
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Principal:
    """One way to ask X: as a user (OAuth 1.0a or 2.0), or (`user` None) as the app alone."""

    account: str
    user: UserToken | OAuth2Token | None
    bearer: str | None = field(repr=False)

    @property
    def signs(self) -> bool:
        """Say whether requests are signed (OAuth 1.0a) rather than carry a bearer token."""
        return isinstance(self.user, UserToken)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one account can ask X with: its user's token, the app's bearer token, or both.

    X reads the data of the account that `owns_app` to it at a lower price.
    """

    user: UserToken | OAuth2Token | None = None
    bearer: str | None = field(default=None, repr=False)
    owns_app: bool = True

    @property
    def account(self) -> str:
        """Name whose allowances the reads use: the user's when there is one."""
        return account_name(self.user.user_id) if self.user else APP

    def principals(self) -> tuple[Principal, ...]:
        """Return the ways to ask, the one that X shows most to first."""
        principals = []
        if self.user is not None:
            token = self.user.access_token if isinstance(self.user, OAuth2Token) else None
            principals.append(Principal(account_name(self.user.user_id), self.user, token))
        if self.bearer is not None:
            principals.append(Principal(APP, None, self.bearer))
        return tuple(principals)


def is_access_token(token: str) -> bool:
    """Say whether an OAuth 1.0a token names its user, as all of X's do."""
    user_id = token.partition("-")[0]
    return user_id.isascii() and user_id.isdecimal() and int(user_id[:20]) < 2**63


def account_name(user_id: int) -> str:
    """Return the name under which a user's allowances and abilities are kept."""
    return f"{_USER}{user_id}"


def user_id_of(account: str) -> int | None:
    """Return which user such a name stands for; None for the app's own."""
    return int(account.removeprefix(_USER)) if account.startswith(_USER) else None
