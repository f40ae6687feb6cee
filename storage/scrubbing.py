"""SQLite's files without what was deleted: its pages are overwritten, and then written anew.

`secure_delete` overwrites what is deleted, but not what pages held that were split before; the log
of writes (WAL) holds the pages of before, until it is cut off.
"""

import sqlite3

from sqlalchemy.ext.asyncio import AsyncConnection


async def scrub(connection: AsyncConnection) -> bool:
    """Write the file anew, outside of a transaction; return False when others were in the way.

    They wait meanwhile: about a second for each hundred megabytes.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        return False
    try:
        await driver.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if not is_busy(error):
            raise
        return False
    rows = await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).fetchall()
    return not any(busy for busy, *_ in rows)


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether another has it for now; the low byte is the code, the rest says more of it."""
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
