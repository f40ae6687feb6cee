"""PostgreSQL's addresses as psql and hosts write them, for a driver that has names of its own."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import URL

# What asyncpg reads in an address of its own, but SQLAlchemy would hand on as its arguments.
_IN_ADDRESS = (
    "sslmode",
    "sslcert",
    "sslkey",
    "sslrootcert",
    "sslcrl",
    "sslpassword",
    "sslnegotiation",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "target_session_attrs",
    "krbsrvname",
    "application_name",
    "options",
)
# What psql's library does besides, and asyncpg does by itself or cannot.
_LEFT_OUT = (
    "channel_binding",
    "client_encoding",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "load_balance_hosts",
    "pgbouncer",
    "sslcompression",
    "sslsni",
    "tcp_user_timeout",
)
# What SQLAlchemy and asyncpg know besides.
_OF_THE_DRIVER = (
    "command_timeout",
    "host",
    "passfile",
    "password",
    "port",
    "prepared_statement_cache_size",
    "user",
)
_TIMEOUT, _SSL, _CACHE = "connect_timeout", "ssl", "statement_cache_size"
OPTIONS = frozenset((*_IN_ADDRESS, *_LEFT_OUT, *_OF_THE_DRIVER, _TIMEOUT, _SSL, _CACHE))
"""Everything that may stand behind the question mark of an address."""

_MODES = {"true": "require", "1": "require", "false": "disable", "0": "disable"}


def for_driver(url: URL, timeout_s: float) -> tuple[URL, dict[str, Any]]:
    """Return the address that SQLAlchemy can hand on, and what the driver is given besides."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    arguments: dict[str, Any] = {"timeout": timeout_s}
    named = query.get(_TIMEOUT, "")
    if named.isdecimal() and int(named):
        arguments["timeout"] = float(named)
    if (kept := query.get(_CACHE, "")).isdecimal():
        arguments[_CACHE] = int(kept)
    address = {name: query[name] for name in _IN_ADDRESS if name in query}
    if _SSL in query:
        mode = _MODES.get(query[_SSL].lower(), query[_SSL])
        address = {"sslmode": mode, **address}
    if address:
        arguments["dsn"] = f"postgresql://?{urlencode(address)}"
    known = (*_IN_ADDRESS, *_LEFT_OUT, _TIMEOUT, _SSL, _CACHE)
    return url.difference_update_query(known), arguments


def may_change_servers(url: URL) -> bool:
    """Say whether an address is of a pooler that keeps a server for a transaction only.

    Who has one must turn the cache of prepared statements off in the address, and nobody else does.
    """
    caches = (url.query.get(_CACHE), url.query.get("prepared_statement_cache_size"))
    return "0" in caches
