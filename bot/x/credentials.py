"""What X accepts as proof of who asks."""

from dataclasses import dataclass, field

# The name under which the app's own allowances are kept.
APP = "app"


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
class Credentials:
    """The bot's own credentials: a user's token, the app's bearer token, or both."""

    user: UserToken | None = None
    bearer: str | None = field(default=None, repr=False)

    @property
    def account(self) -> str:
        """Name whose allowances the reads use: the user's when there is one."""
        return f"user:{self.user.user_id}" if self.user else APP
