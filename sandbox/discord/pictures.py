"""Avatars drawn here: initials on a colour that the name decides."""

from hashlib import sha256
from xml.sax.saxutils import escape

COLOURS = ("#5865a8", "#2f8f6f", "#b5543b", "#8a5aa5", "#a8772b", "#3f7fa6", "#a0466e", "#5d7d34")


def avatar_svg(name: str) -> str:
    colour = COLOURS[sha256(name.encode()).digest()[0] % len(COLOURS)]
    initials = "".join(word[0] for word in name.split()[:2]).upper() or "?"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80" width="80" height="80">'
        f'<rect width="80" height="80" fill="{colour}"/>'
        '<text x="40" y="53" font-family="sans-serif" font-size="36" font-weight="600" '
        f'text-anchor="middle" fill="#fff">{escape(initials)}</text></svg>'
    )
