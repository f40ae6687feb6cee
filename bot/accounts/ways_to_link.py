"""What linking needs, as far as the settings have it."""

from dataclasses import dataclass

from bot.accounts.tokens import TokenStore
from bot.x.credentials import AppKeys
from bot.x.oauth import OAuth1Flow, OAuth2Flow


@dataclass(frozen=True, slots=True)
class Linking:
    """The ways there are to link, and what keeps their tokens; `missing` names what they lack."""

    tokens: TokenStore | None
    oauth2: OAuth2Flow | None
    oauth1: OAuth1Flow | None
    keys: AppKeys | None
    redirect_url: str | None
    missing: str
