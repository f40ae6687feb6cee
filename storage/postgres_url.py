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
_LEFT_OUT = ("channel_binding", "gssencmode", "keepalives", "keepalives_idle", "pgbouncer")


def for_driver(url: URL, timeout_s: float) -> tuple[URL, dict[str, Any]]:
    """Return the address that SQLAlchemy can hand on, and what the driver is given besides."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    arguments: dict[str, Any] = {"timeout": timeout_s}
    named = query.get("connect_timeout", "")
    if named.isdecimal() and int(named):
        arguments["timeout"] = float(named)
    address = {name: query[name] for name in _IN_ADDRESS if name in query}
    if address:
        arguments["dsn"] = f"postgresql://?{urlencode(address)}"
    known = (*_IN_ADDRESS, *_LEFT_OUT, "connect_timeout")
    return url.difference_update_query(known), arguments
