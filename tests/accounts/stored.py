"""What is stored of linked accounts."""

from sqlmodel import SQLModel, select

from storage.database import Database
from tests.linking import TWITTER, Party


async def rows(database: Database, table: type[SQLModel]) -> list[SQLModel]:
    async with database.reading() as session:
        return list(await session.exec(select(table)))


async def access_token(party: Party, user_id: int = TWITTER) -> str:
    token = await party.tokens.token(user_id)
    assert token is not None
    return token.access_token
