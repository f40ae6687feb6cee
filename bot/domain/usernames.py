"""What X calls a username: foreign text, until it is seen to be one."""

import re

# X allows 15 letters today, and has allowed a few more.
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,20}")
_NOT_OF_ONE = re.compile(r"[^A-Za-z0-9_]")


def is_username(text: str) -> bool:
    """Say whether a text can stand in an address, a button's custom_id or a file's name."""
    return _USERNAME.fullmatch(text) is not None


def bare_username(text: str) -> str:
    """Return what a sentence of ours may say of a username, whatever X calls one."""
    return _NOT_OF_ONE.sub("", text)


def profile_url(username: str) -> str | None:
    """Return the address of a user's page, if it has one by this name."""
    return f"https://x.com/{username}" if is_username(username) else None
