"""Tables as they are, without the objects that are made of their rows.

To change rows of a table takes half as long as to change those of a class: SQLAlchemy then has no
objects to look after, and makes the statement anew for none. Only where none of them are loaded.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
