"""Settings: the environment, over a `.env` file, checked before anything starts."""

from bot.run.settings.model import Settings
from bot.run.settings.reading import (
    as_database_url,
    load_database_url,
    load_settings,
    misspelt,
    strays,
)

__all__ = [
    "Settings",
    "as_database_url",
    "load_database_url",
    "load_settings",
    "misspelt",
    "strays",
]
