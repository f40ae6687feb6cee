"""What X answers to a code or to a refresh token: its form is RFC 6749's, and read tolerantly."""

import json
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from bot.domain.errors import XUnreadable

# So long X's access tokens last, where an answer does not say it.
_LIFETIME = timedelta(hours=2)
_LONGEST = timedelta(days=365)
# What is wrong with the app itself, and with what a person gave it, in whatever status it comes.
_APPS_FAULT = frozenset({"invalid_client", "unauthorized_client"})
_GRANTS_FAULT = frozenset({"invalid_grant"})


class TokenAnswer:
    """The body of an answer, as JSON or as a form."""

    def __init__(self, text: str) -> None:
        self._fields = _fields(text)

    @property
    def error(self) -> str:
        return self._text("error")

    @property
    def is_the_apps_fault(self) -> bool:
        return self.error in _APPS_FAULT

    @property
    def is_the_grants_fault(self) -> bool:
        return self.error in _GRANTS_FAULT

    @property
    def access_token(self) -> str:
        """Return the token; raise XUnreadable where there is none."""
        token = self._text("access_token")
        if not token:
            raise XUnreadable
        return token

    @property
    def refresh_token(self) -> str | None:
        return self._text("refresh_token") or None

    @property
    def lifetime(self) -> timedelta:
        try:
            seconds = float(self._fields.get("expires_in", ""))
        except (TypeError, ValueError):
            return _LIFETIME
        if not math.isfinite(seconds) or seconds <= 0:
            return _LIFETIME
        return timedelta(seconds=min(seconds, _LONGEST.total_seconds()))

    @property
    def scopes(self) -> frozenset[str]:
        """Return what was granted; nothing where the answer does not say it."""
        told = self._fields.get("scope")
        words = told if isinstance(told, list) else str(told or "").replace(",", " ").split()
        return frozenset(word for word in words if isinstance(word, str))

    def _text(self, name: str) -> str:
        value = self._fields.get(name)
        return value if isinstance(value, str) else ""


def _fields(text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return dict(parse_qsl(text))
    return read if isinstance(read, dict) else {}
