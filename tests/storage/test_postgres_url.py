"""Addresses as psql and hosts of PostgreSQL write them."""

import asyncio

import pytest
from sqlalchemy import text

from storage.outages import CannotOpen
from tests.databases import opened

AS_HOSTS_WRITE = (
    "sslmode=prefer&channel_binding=prefer&connect_timeout=7&application_name=likecord"
    "&keepalives_interval=5&statement_cache_size=0&prepared_statement_cache_size=0"
)


async def test_what_psql_knows_is_understood(postgres_url: str) -> None:
    async with opened(f"{postgres_url}&{AS_HOSTS_WRITE}") as database:
        await database.upgrade()
        async with database.reading() as session:
            connection = await session.connection()
            name = (await connection.execute(text("SHOW application_name"))).scalar_one()
    assert name == "likecord"


async def test_a_mode_that_is_none_is_told() -> None:
    async with opened("postgresql+asyncpg://bot@127.0.0.1:9/x?sslmode=perhaps") as database:
        with pytest.raises(CannotOpen, match="sslmode"):
            await database.upgrade()


@pytest.mark.parametrize("option", ["sslmode=require", "ssl=true", "ssl=require"])
async def test_an_encrypted_connection_is_asked_for(unused_tcp_port: int, option: str) -> None:
    """Its first words are SSLRequest; who refuses that is told nothing more."""

    heard: list[bytes] = []

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readexactly(8))
        writer.write(b"N")
        writer.close()

    async with await asyncio.start_server(come, "127.0.0.1", unused_tcp_port):
        url = f"postgresql+asyncpg://bot:hunter22@127.0.0.1:{unused_tcp_port}/x"
        async with opened(f"{url}?{option}") as database:
            with pytest.raises(CannotOpen, match="SSL"):
                await database.upgrade()
    assert heard == [b"\0\0\0\x08\x04\xd2\x16/"]
