"""Bringing the tables to the newest migration, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from storage.outages import CannotOpen

_MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(connection: Connection) -> None:
    """Run what migrations are missing; raise CannotOpen where that cannot be done."""
    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError as error:
        raise CannotOpen("its tables are of a newer Likecord") from error
    if (
        connection.dialect.name == "sqlite"
        and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None
    ):
        raise CannotOpen("after the upgrade some rows would refer to others that are not there")


def alembic_config(connection: Connection) -> Config:
    """Return what Alembic's commands need to work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
