"""Settings: the environment, over a `.env` file, checked before anything starts."""

from bot.settings.model import Settings
from bot.settings.names import Stray, stray_names
from bot.settings.reading import load_database_url, load_settings

__all__ = ["Settings", "Stray", "load_database_url", "load_settings", "stray_names"]
