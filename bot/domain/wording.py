"""A watch's own words: a template with named fields, which is checked when it is set."""

from collections.abc import Mapping
from string import Formatter

from bot.domain.errors.commands import NotATemplate

FIELDS = ("names", "count", "new", "author", "post", "url")
MAX_TEMPLATE = 300
_WHO = frozenset({"names", "new"})


def check_template(text: str) -> str:
    """Return a template without spaces around it; raise NotATemplate."""
    template = text.strip()
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise NotATemplate(FIELDS) from None
    named = {name for _, name, _, _ in parts if name is not None}
    is_plain = not any(spec or conversion for _, _, spec, conversion in parts)
    if not (is_plain and named <= set(FIELDS) and named & _WHO and len(template) <= MAX_TEMPLATE):
        raise NotATemplate(FIELDS)
    return template


def put_in(template: str, fields: Mapping[str, str]) -> str:
    """Return a template's words with what its fields stand for, put in once."""
    return "".join(
        text + (fields.get(name, "") if name is not None else "")
        for text, name, _, _ in Formatter().parse(template)
    )
