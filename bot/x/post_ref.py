"""What people paste when they mean a post or a user of X."""

import re

from bot.domain.errors import NotAPost, NotAUsername

# X's IDs are 64-bit signed integers.
_MAX_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,19}")
_STATUS = r"""(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/
    (?:i/web/|i/|@?\w{1,20}/)(?:status|statuses)/(?P<id>[0-9]+)"""
_STATUS_URL = re.compile(rf"(?:https?://)?{_STATUS}(?:[/?\#][^\s<>]*)?", re.VERBOSE | re.IGNORECASE)
# A post's address anywhere in a text, or some other address: what that holds is its own.
_ADDRESS = re.compile(
    rf"""(?:https?://|(?<![\w.@/:-])){_STATUS}(?![0-9a-z])
        | https?://[^\s<>()\[\]|*]+""",
    re.VERBOSE | re.IGNORECASE,
)
_USER_URL = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/@?(?P<name>\w+)/?(?:\?\S*)?",
    re.IGNORECASE,
)
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")


def parse_post_ref(text: str) -> int:
    """Return the ID in a post's URL, or the ID itself; raise NotAPost for anything else."""
    bare = text.strip().removeprefix("<").removesuffix(">").strip()
    match = _STATUS_URL.fullmatch(bare)
    post_id = _post_id(match["id"] if match else bare)
    if post_id is None:
        raise NotAPost
    return post_id


def find_post_refs(text: str) -> list[int]:
    """Return the IDs of the posts whose URLs stand in a text, each once, in their order."""
    found = (_post_id(match["id"] or "") for match in _ADDRESS.finditer(text))
    return list(dict.fromkeys(post_id for post_id in found if post_id is not None))


def _post_id(digits: str) -> int | None:
    if not _ID.fullmatch(digits) or not 0 < int(digits) <= _MAX_ID:
        return None
    return int(digits)


def parse_username(text: str) -> str:
    """Return the username in `@name`, `name` or a profile's URL; raise NotAUsername otherwise."""
    bare = text.strip().removeprefix("<").removesuffix(">").strip()
    match = _USER_URL.fullmatch(bare)
    name = match["name"] if match else bare.removeprefix("@")
    if not _USERNAME.fullmatch(name):
        raise NotAUsername
    return name
