"""What SQLAlchemy has compiled for one SQLite database is good for all others."""

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import database

_create_engine = database._create_engine
_compiled: list[tuple[Dialect, Any]] = []


def _with_what_is_compiled(url: str) -> AsyncEngine:
    """Make an engine that knows the statements of those before it."""
    engine = _create_engine(url)
    if engine.dialect.name == "sqlite":
        inner = engine.sync_engine
        # A dialect whose first engine found nothing to connect to does not know SQLite's version.
        if not (_compiled and getattr(_compiled[0][0], "server_version_info", None)):
            _compiled[:] = [(inner.dialect, inner._compiled_cache)]
        inner.dialect, inner._compiled_cache = _compiled[0]
    return engine


def share_what_is_compiled() -> None:
    """Have every engine of this process know it: a test opens a few, and a bot's start one."""
    database._create_engine = _with_what_is_compiled
