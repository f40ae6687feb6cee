"""Encryption of what must not be readable in the database."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Undecipherable(Exception):
    """None of the keys opens what was stored: the key it was closed with is gone."""


class Cipher:
    """Encrypts with the first key, and opens with any of them, so that keys can be replaced.

    Keys are Fernet keys (32 bytes in URL-safe base64); raises ValueError for any other.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def close(self, plain: str) -> bytes:
        return self._fernet.encrypt(plain.encode())

    def open(self, closed: bytes) -> str:
        try:
            return self._fernet.decrypt(closed).decode()
        except InvalidToken as error:
            raise Undecipherable from error

    def renew(self, closed: bytes) -> bytes:
        """Close again with the first key what any of them opens."""
        try:
            return self._fernet.rotate(closed)
        except InvalidToken as error:
            raise Undecipherable from error


def new_key() -> str:
    """Return a new key, fit for the settings."""
    return Fernet.generate_key().decode()
