"""The app and every token it was given: bearer, OAuth 1.0a and OAuth 2.0."""

import hashlib
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.clock import Clock

TokenKind = Literal["bearer", "oauth1", "oauth2"]
OAUTH2_SECONDS = 7200
_SCOPES = (
    "block.read block.write bookmark.read bookmark.write broadcast.read broadcast.write dm.read "
    "dm.write follows.read follows.write like.read like.write list.read list.write media.write "
    "mute.read mute.write offline.access space.read timeline.read tweet.moderate.write "
    "tweet.read tweet.write users.read"
)
SCOPES = frozenset(_SCOPES.split())
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Credentials:
    """All that the app's owner can copy from X's developer console."""

    api_key: str
    api_secret: str
    bearer_token: str
    access_token: str
    access_token_secret: str
    client_id: str
    client_secret: str
    user_id: str
    username: str


@dataclass(frozen=True, slots=True)
class App:
    """The one app of this world, and who owns it."""

    id: str
    owner_id: int
    api_key: str
    api_secret: str
    bearer_token: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Oauth1Token:
    token: str
    secret: str
    user_id: int


@dataclass(frozen=True, slots=True)
class Oauth2Token:
    token: str
    user_id: int
    scopes: frozenset[str]
    expires_at: float
    refresh_token: str | None


def fixed(label: str, length: int) -> str:
    """Return the same secret-looking word for the same label on every start."""
    digest = hashlib.shake_256(f"likecord sandbox {label}".encode()).digest(length)
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest)


def fresh(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def default_app(owner_id: int) -> App:
    return App(
        id="20772437",
        owner_id=owner_id,
        api_key=fixed("api key", 25),
        api_secret=fixed("api secret", 50),
        bearer_token="A" * 21 + fixed("bearer token", 91),
        client_id=fixed("client id", 34),
        client_secret=fixed("client secret", 50),
    )


class Tokens:
    """What is valid now. OAuth 2.0 tokens end on the sandbox's clock."""

    def __init__(self, clock: Clock, app: App) -> None:
        self.app = app
        self._clock = clock
        self._bearer = {app.bearer_token}
        self._oauth1: dict[str, Oauth1Token] = {}
        self._oauth2: dict[str, Oauth2Token] = {}
        self._refresh: dict[str, Oauth2Token] = {}
        self.revoked: list[Callable[[int], None]] = []
        """Told whose OAuth 2.0 token was taken back."""

    def time(self) -> float:
        """Return unix seconds by the sandbox's clock."""
        return self._clock.time()

    def is_bearer(self, token: str) -> bool:
        return token in self._bearer

    def oauth1(self, token: str) -> Oauth1Token | None:
        return self._oauth1.get(token)

    def oauth2(self, token: str) -> Oauth2Token | None:
        """Return a user token that has not ended."""
        found = self._oauth2.get(token)
        return found if found and found.expires_at > self._clock.time() else None

    def give_bearer(self) -> str:
        token = "A" * 21 + fresh(91)
        self._bearer.add(token)
        return token

    def give_oauth1(self, user_id: int, *, token: str = "", secret: str = "") -> Oauth1Token:
        given = Oauth1Token(token or f"{user_id}-{fresh(40)}", secret or fresh(45), user_id)
        self._oauth1[given.token] = given
        return given

    def give_oauth2(self, user_id: int, scopes: frozenset[str]) -> Oauth2Token:
        """Give an access token, and a refresh token where the scopes ask for one."""
        given = Oauth2Token(
            token=fresh(86),
            user_id=user_id,
            scopes=scopes,
            expires_at=self._clock.time() + OAUTH2_SECONDS,
            refresh_token=fresh(86) if "offline.access" in scopes else None,
        )
        self._oauth2[given.token] = given
        if given.refresh_token:
            self._refresh[given.refresh_token] = given
        return given

    def refresh(self, refresh_token: str) -> Oauth2Token | None:
        """Trade a refresh token, which works once, for a new pair."""
        old = self._refresh.pop(refresh_token, None)
        if old is None:
            return None
        self._oauth2.pop(old.token, None)
        return self.give_oauth2(old.user_id, old.scopes)

    def revoke(self, token: str) -> bool:
        """End a token of any kind; a refresh token takes its access token with it."""
        pair = self._refresh.pop(token, None) or self._oauth2.pop(token, None)
        if pair is not None:
            self._oauth2.pop(pair.token, None)
            self._refresh.pop(pair.refresh_token or "", None)
            for tell in self.revoked:
                tell(pair.user_id)
            return True
        if token in self._bearer:
            self._bearer.remove(token)
            return True
        return self._oauth1.pop(token, None) is not None
