"""What people paste when they mean a post or a user of X."""

import re
import unicodedata

from bot.domain.errors import NotAPost, NotAUsername, SeveralPosts

# X's IDs are 64-bit signed integers.
_MAX_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,19}")
# X by its names, those that repair its previews, and its mirrors.
_HOST = r"""(?:(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com
    | (?:\w{1,3}\.)?(?:fxtwitter|vxtwitter|twittpr|fixupx|xfixup|fixvx)\.com
    | nitter(?:\.[a-z0-9-]{1,40}){1,3} | xcancel\.com)/(?:\#!/)?"""
_STATUS = r"(?:i/web/|i/|@?(?:\\?\w){1,20}/)(?:status|statuses)/(?P<id>[0-9]+)"
# X's own dialogs, such as the one behind a "Like" on a web page.
_INTENT = r"""intent/\w{1,20}\?(?:[^\s<>]{0,300}?&)?
    (?:tweet_id|in_reply_to)=(?P<intended>[0-9]+)"""
_BEGINS = r"(?:https?://|(?<![\w.@/:-]))"
# A post's address anywhere in a text, or some other address: what that holds is its own.
_ADDRESS = re.compile(
    rf"""{_BEGINS}{_HOST}(?:{_STATUS}|{_INTENT})(?![0-9a-z])
        | https?://[^\s<>()\[\]|*]+""",
    re.VERBOSE | re.IGNORECASE,
)
_USER_ADDRESS = re.compile(
    rf"""{_BEGINS}{_HOST}(?:intent/\w{{1,20}}\?(?:[^\s<>]{{0,300}}?&)?screen_name=)?
        @?(?P<name>(?:\\?[a-z0-9_]){{1,20}})(?![^\s/?\#&<>()\[\]|*`'",.;:!])
        | https?://[^\s<>()\[\]|*]+""",
    re.VERBOSE | re.IGNORECASE,
)
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
# What X has at these addresses is no user.
_PAGES = re.compile(
    "compose|explore|hashtag|home|i|intent|jobs|login|messages|notifications|privacy|search"
    "|settings|share|status|statuses|tos",
    re.IGNORECASE,
)
# What stands round an address or a number that was copied with it.
_AROUND = " <>()[]{}|*`'\"\u2018\u2019\u201c\u201d«»,.;:!?"


def parse_post_ref(text: str) -> int:
    """Return the post that a text means: by its ID alone, or by an address anywhere in it.

    Raise NotAPost where there is none, and SeveralPosts where there are two.
    """
    shown = _visible(text)
    number = _post_id(_bare(shown))
    if number is not None:
        return number
    found = find_post_refs(shown)
    if not found:
        raise NotAPost
    if len(found) > 1:
        raise SeveralPosts(len(found))
    return found[0]


def find_post_refs(text: str) -> list[int]:
    """Return the IDs of the posts whose URLs stand in a text, each once, in their order."""
    matches = _ADDRESS.finditer(_visible(text))
    found = (_post_id(match["id"] or match["intended"] or "") for match in matches)
    return list(dict.fromkeys(post_id for post_id in found if post_id is not None))


def parse_username(text: str) -> str:
    """Return the username in `@name`, `name`, or the address of a profile or of a post.

    Raise NotAUsername where there is none, or more than one.
    """
    shown = _visible(text)
    bare = _bare(shown).removeprefix("@")
    if _USERNAME.fullmatch(bare):
        return bare
    users = dict[str, str]()
    for match in _USER_ADDRESS.finditer(shown):
        name = (match["name"] or "").replace("\\", "")
        if name and not _PAGES.fullmatch(name):
            users.setdefault(name.lower(), name)
    only = next(iter(users.values())) if len(users) == 1 else ""
    if not _USERNAME.fullmatch(only):
        raise NotAUsername
    return only


def _bare(text: str) -> str:
    """Return a text without what stands round it."""
    return text.strip().strip(_AROUND).strip()


def _visible(text: str) -> str:
    """Return a text without marks that nobody sees, and with one kind of space."""
    if text.isascii():  # which has none of these
        return text
    kinds = ((mark, unicodedata.category(mark)) for mark in text)
    return "".join(" " if kind == "Zs" else mark for mark, kind in kinds if kind != "Cf")


def _post_id(digits: str) -> int | None:
    if not _ID.fullmatch(digits) or not 0 < int(digits) <= _MAX_ID:
        return None
    return int(digits)
