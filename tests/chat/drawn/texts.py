"""Texts and names: ordinary, long, empty, and out to break markdown."""

import string

from hypothesis import strategies as st

from tests.chat.samples import WORST_NAME

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # a joiner inside, as it is spelled
ARABIC = "\u0645\u0631\u062d\u0628\u0627"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
TRICKS = [
    *("@everyone", "@here", "<@1234>", "<@&1234>", "<#1234>", "<t:1:R>", "<:smile:1234>", "</a:1>"),
    *("[x](https://evil.example/)", "](https://evil.example/)", "https://a.example/b_c*d?e=[f]"),
    *("HTTP://", "http://x", "discord://-/x", ":fire:", "||", "**", "__", "~~", "```", "`", "\\"),
    *("\n# ", "\n-# ", "\n- ", "\n1. ", "\n> ", "\n>>> ", "\r\n", " ", ".", "…"),
    *("\u202e", "\u200b", "\u2067", "\u3164", "e" + "\u0301" * 9, "\ud800"),
    *("👨‍👩‍👧‍👦", "🇩🇪🇫🇷", SCOTLAND, "שלום", ARABIC, PERSIAN, "한국어"),
]
_FIRST = ord("a")
_LETTERS = "".join(chr(_FIRST + at) for at in range(len(TRICKS)))


def _mixed(tricks: str, text: str) -> str:
    """Part a text by tricks, of which each letter names one; either may begin or end it."""
    part = len(text) // (len(tricks) + 1) + len(text) % 2
    parted = [
        text[at * part : (at + 1) * part] + TRICKS[ord(letter) - _FIRST]
        for at, letter in enumerate(tricks)
    ]
    return "".join([*parted, text[len(tricks) * part :]])


# Two texts are drawn in a fifth of the time that a list of tricks and texts takes.
awkward = st.builds(_mixed, st.text(_LETTERS, max_size=12), st.text(max_size=96))
names = st.one_of(awkward.map(lambda name: name[:50]), st.just(WORST_NAME))
# Whatever X may call one: in addresses, links and custom_ids it would be something else.
FOREIGN_USERNAMES = [
    *("", " ", "\u200b", "a-b", "a b", "a\nb", "\n# a", "a:b", "a/b", "../../a", "a?b=c", "a#b"),
    *("a) @everyone", "](https://evil.example/)", "[a](https://evil.example/)", "everyone`", "`"),
    *("https://evil.example/", "<@1234>", "**", "\u202ea", "é", "٣", "_" * 300, "a" * 5_000),
]
plain_usernames = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=15)
usernames = st.one_of(plain_usernames, st.sampled_from(FOREIGN_USERNAMES))
