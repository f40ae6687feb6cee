"""What stands behind the question mark of a database's address."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import URL

from storage import postgres_url

_FILES = ("sslcert", "sslcrl", "sslkey", "sslrootcert")
_OF_SQLITE = frozenset(
    {"cached_statements", "check_same_thread", "detect_types", "isolation_level", "timeout"}
)


def wrong_options(url: URL) -> str | None:
    """Return in a few words what of it cannot be meant, or None."""
    return next(_wrong(url), None)


def _wrong(url: URL) -> Iterator[str]:
    if url.get_backend_name() == "sqlite":
        known = frozenset(url.query) if "uri" in url.query else _OF_SQLITE
    else:
        known = postgres_url.OPTIONS
    for name in url.query.keys() - known:
        yield f"has ?{name}= at its end, which nothing here knows; leave that away"
    for name in _FILES:
        file = url.query.get(name)
        if isinstance(file, str) and not Path(file).expanduser().is_file():
            yield f"names a file in ?{name}= that is not there: {file}"
