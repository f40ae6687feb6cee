"""A page about the bot as HTML: the little of markdown that these pages use."""

import html
import re
from collections.abc import Iterator

_LINK = re.compile(r"\[([^\[\]]+)\]\((https://[^()\s]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_CODE = re.compile(r"`([^`]+)`")


def html_of(markdown: str) -> str:
    """Return paragraphs, lists and second headings; the first one is the page's title."""
    return "".join(_blocks(markdown))


def _blocks(markdown: str) -> Iterator[str]:
    for block in markdown.strip().split("\n\n"):
        if block.startswith("# "):
            continue
        if block.startswith("## "):
            yield f"<h2>{_inline(block.removeprefix('## '))}</h2>"
        elif block.startswith("- "):
            items = (line.removeprefix("- ") for line in block.splitlines())
            yield f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</ul>"
        else:
            yield f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    shown = html.escape(text)
    shown = _LINK.sub(r'<a href="\2">\1</a>', shown)
    return _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", shown))
