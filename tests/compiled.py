"""What SQLAlchemy has compiled for one SQLite or PostgreSQL database is good for all others."""

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import database

_create_engine = database._create_engine
_compiled: dict[str, tuple[Dialect, Any]] = {}


def _with_what_is_compiled(url: str) -> AsyncEngine:
    """Make an engine that knows the statements of those before it."""
    engine = _create_engine(url)
    inner, kind = engine.sync_engine, engine.dialect.name
    # A dialect whose first engine found nothing to connect to does not know the server's version.
    if kind not in _compiled or not getattr(_compiled[kind][0], "server_version_info", None):
        _compiled[kind] = inner.dialect, inner._compiled_cache
    inner.dialect, inner._compiled_cache = _compiled[kind]
    return engine


def share_what_is_compiled() -> None:
    """Have every engine of this process know it: a test opens a few, and a bot's start one."""
    database._create_engine = _with_what_is_compiled
