"""What X and users write, made safe for Discord: escaped, one meaning only, never too long.

Lengths are counted in UTF-16 units, as Discord's own clients do: the strictest way to count.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.chat.text.clean import clean, is_visible, isolate
from bot.chat.text.graphemes import graphemes
from bot.chat.text.written_links import links_in
from bot.domain import Link, User
from bot.domain.usernames import profile_url

ELLIPSIS = "…"
MAX_NAME = 60
"""Length of a shown name with its escapes; X allows 50 characters before escaping."""

_MOST_OF_A_WORD = 15
"""How much of a word is left out with the rest of it; a longer one is cut."""
_OPENING = frozenset("([{&:;,-/\u2013\u2014")
"""What leads on to words that are left out."""

_MAX_HANDLE = 31  # fifteen letters of X's, each with its escape
_NAMELESS = "an account without a name"
_ANCHOR = "\ufdd0"  # stands for a link while the text around it is cleaned
_BREAK = "\u200b"  # parts what Discord would read as one thing, and shows nothing
_URL = re.compile(r"https?://[^\W_][^\s<>\"\\]*", re.IGNORECASE)
_URL_TAIL = ".,:;!?'\")]}*_~|`"  # what ends the sentence that an address stands in
_UNSAFE_IN_URL = re.compile(r"[*|`()\[\]{}@^\u0080-\U0010ffff]")
_MARKUP = frozenset("\\*_~|`<>[]")
_MENTION = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_SHORTCODE_OR_SCHEME = re.compile(r":(?=//|[\w~+-]+:)")
_BEFORE_SCHEME = re.compile(r":(?=[\w~+-]*$)")  # would begin a shortcode with it: ":https:"
_LINE_MARK = re.compile(r"^([^\S\n]*)([-+#])", re.MULTILINE)
_LINE_NUMBER = re.compile(r"^([^\S\n]*\d+)([.)])", re.MULTILINE)
_IN_LINK = str.maketrans({"[": "\uff3b", "]": "\uff3d"})  # full width: labels know no escape


def length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str, limit: int | None = None) -> str:
    """Return text as Discord's markdown that shows it literally, cut to `limit`.

    Addresses stay addresses, whole or not at all.
    """
    return _fit(_tokens(clean(_enough(text, limit))), limit)


def linked(text: str, links: Sequence[Link], limit: int) -> str:
    """Return escaped text whose links lead on; where these do not fit, the text goes first."""
    if links and len(text) <= limit:
        shown = "".join(_linked_tokens(text, links))
        if length(shown) <= limit:
            return shown
    return escape(text, limit)


def linked_line(text: str, limit: int) -> str:
    """Return a line of a text, escaped, in which addresses and names lead on; whole or not."""
    line = " ".join(clean(_enough(text, limit)).split())
    return _fit(_linked_tokens(line, links_in(line)), limit)


def one_line(text: str, limit: int) -> str:
    return escape(" ".join(clean(_enough(text, limit)).split()), limit)


def plain(text: str, limit: int) -> str:
    """Return text for where Discord reads no markdown: choices, labels, alternative texts."""
    return _fit(graphemes(clean(_enough(text, limit))), limit)


def handle(username: str) -> str:
    """Return a username for a line or for a link's label, whatever X calls one."""
    return label(f"@{username}", _MAX_HANDLE) if is_visible(clean(username)) else _NAMELESS


def handle_link(username: str) -> str:
    """Return a username that leads to its page, if it has one."""
    url = profile_url(username)
    return link(handle(username), url) if url else handle(username)


def link(label: str, url: str) -> str:
    """Return a masked link; `label` is already markdown, without square brackets."""
    return f"[{label}]({url})"


def is_address(url: str) -> bool:
    """Return whether a masked link may lead there."""
    return _URL.fullmatch(url) is not None and not _UNSAFE_IN_URL.search(url)


def profile_link(user: User, limit: int = MAX_NAME) -> str:
    return link(shown_name(user, limit), user.url)


def shown_name(user: User, limit: int = MAX_NAME) -> str:
    """Return the user's name as a link's label; the username where the name shows nothing."""
    return label(user.name, limit) or handle(user.username)


def label(text: str, limit: int) -> str:
    """Return a link's label, or nothing where the text shows nothing."""
    line = " ".join(clean(_enough(text, limit)).split()).translate(_IN_LINK)
    if not is_visible(line):
        return ""
    # A label that holds an address would show the whole link raw: Discord takes it for phishing.
    unlinked = line.replace("://", f":{_BREAK}//")
    return isolate(_fit(_literal(unlinked), limit))


def _enough(text: str, limit: int | None) -> str:
    """Cut what cannot be shown anyway: posts have up to 25,000 characters."""
    return text if limit is None else text[: limit * 8]


def _fit(tokens: Iterator[str], limit: int | None) -> str:
    """Join as many whole tokens as fit, with an ellipsis where some do not."""
    if limit is None:
        return "".join(tokens)
    kept = list(islice(tokens, limit + 1))
    shown = "".join(kept)
    return shown if length(shown) <= limit else _cut(kept, limit)


def _cut(tokens: list[str], limit: int) -> str:
    size, cut_off = 0, ""
    for number, token in enumerate(tokens, start=1):
        size += length(token)
        if size > limit:
            del tokens[number:]
            break
    # An address would take an ellipsis at its end for a part of itself.
    while tokens and (tokens[-1].isspace() or size + length(_ending(tokens[-1])) > limit):
        cut_off = tokens.pop()
        size -= length(cut_off)
    if cut_off.isspace():
        tokens.append(cut_off)  # a word ends before it
    kept = _whole_words(tokens)
    return "".join(kept) + (_ending(kept[-1]) if kept else ELLIPSIS)


def _whole_words(tokens: list[str]) -> list[str]:
    """Return the tokens without the beginning of a word, where that is short beside the rest."""
    most = min(_MOST_OF_A_WORD, len(tokens) // 2)
    at = next((at for at in range(1, most + 1) if tokens[-at].isspace()), None)
    if at is None:
        return tokens
    whole = tokens[:-at]
    while whole and (whole[-1].isspace() or whole[-1].lstrip("\\") in _OPENING):
        whole.pop()
    return whole


def _ending(token: str) -> str:
    return f" {ELLIPSIS}" if token.startswith(("http://", "https://")) else ELLIPSIS


def _linked_tokens(text: str, links: Sequence[Link]) -> Iterator[str]:
    labels = [text[place.start : place.end] for place in links]
    before, *parts = clean(_anchored(text, links)).split(_ANCHOR)
    yield from _tokens(before, followed=bool(parts))
    for number, (place, name, part) in enumerate(zip(links, labels, parts, strict=True), start=1):
        yield _masked(place, name)
        yield from _tokens(part, begins_line=False, followed=number < len(parts))


def _masked(place: Link, name: str) -> str:
    """Return a link whose label is what X shows, and whose address nobody can break out of."""
    shown = clean(name if place.shown is None else place.shown).translate(_IN_LINK)
    # A label that holds an address would show the whole link raw: Discord takes it for phishing.
    shown = shown.replace("://", f":{_BREAK}//")
    if not is_visible(shown) or not place.url.startswith(("https://", "http://")):
        return "".join(_tokens(clean(name), begins_line=False, followed=True))
    return link("".join(_literal(shown, begins_line=False)), _address(place.url, followed=False))


def _anchored(text: str, links: Sequence[Link]) -> str:
    """Put an anchor in each link's place: cleaning moves whatever stands behind it."""
    pieces: list[str] = []
    at = 0
    for place in links:
        pieces += (text[at : place.start].replace(_ANCHOR, ""), _ANCHOR)
        at = place.end
    return "".join([*pieces, text[at:].replace(_ANCHOR, "")])


def _tokens(text: str, *, begins_line: bool = True, followed: bool = False) -> Iterator[str]:
    """Split into what must not be cut: addresses, and letters with their escapes.

    `begins_line` and `followed` say what stands before and after the text.
    """
    start = 0
    for match in _URL.finditer(text):
        address = match.group().rstrip(_URL_TAIL)
        yield from _literal(
            text[start : match.start()],
            begins_line=_is_line(text, start, begins_line=begins_line),
            before_address=True,
        )
        start = match.start() + len(address)
        yield _address(
            address, followed=not text[start].isspace() if start < len(text) else followed
        )
    yield from _literal(text[start:], begins_line=_is_line(text, start, begins_line=begins_line))


def _is_line(text: str, at: int, *, begins_line: bool) -> bool:
    return text[at - 1] == "\n" if at else begins_line


def _address(url: str, *, followed: bool) -> str:
    scheme, _, rest = url.partition(":")
    safe = f"{scheme.lower()}:{_UNSAFE_IN_URL.sub(_percent, rest)}"
    # Discord reads on to the next space, so what follows at once is kept out with brackets.
    return f"<{safe}>" if followed else safe


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())


def _literal(text: str, *, begins_line: bool = True, before_address: bool = False) -> Iterator[str]:
    marks = _marks(text, begins_line=begins_line)
    if before_address and (colon := _BEFORE_SCHEME.search(text)):
        marks[colon.start()] = "\\"
    at = 0
    for cluster in graphemes(text):
        if len(cluster) == 1:
            yield marks.get(at, "\\" if cluster in _MARKUP else "") + cluster
            at += 1
            continue
        escaped = (
            marks.get(at + offset, "\\" if char in _MARKUP else "") + char
            for offset, char in enumerate(cluster)
        )
        yield "".join(escaped)
        at += len(cluster)


def _marks(text: str, *, begins_line: bool) -> dict[int, str]:
    """Return what must be put before the characters that mean something only in their place."""
    marks = {match.start(): "\\" for match in _SHORTCODE_OR_SCHEME.finditer(text)}
    marks |= {match.end(): _BREAK for match in _MENTION.finditer(text)}
    for pattern in (_LINE_MARK, _LINE_NUMBER):
        for match in pattern.finditer(text):
            if match.start() > 0 or begins_line:
                marks[match.start(2)] = "\\"
    return marks
