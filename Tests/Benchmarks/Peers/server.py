"""What a run asks of the PostgreSQL server itself: a schema, a held transaction, the WAL's length."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Connection = psycopg.AsyncConnection


class ServerError(Exception):
    """The server is not one to measure on."""


@contextlib.asynccontextmanager
async def own_schema(url: str, name: str) -> AsyncIterator[str]:
    """A schema that exists for this run only, and the connection string that leads into it.

    The server must be durable, or the figures mean nothing.
    """
    schema = sql.Identifier(name)
    drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema)
    async with connection(url) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = await _scalar(server, "SELECT current_setting(%s)", setting)
            if value != "on":
                raise ServerError(f"{setting} is {value}; a durable run needs it on")
        # A notice for each object dropped is no news.
        await server.execute("SET client_min_messages = warning")
        await server.execute(drop)
        await server.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        try:
            yield psycopg.conninfo.make_conninfo(url, options=f"-c search_path={name}")
        finally:
            await server.execute(drop)


@contextlib.asynccontextmanager
async def connection(url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as opened:
        yield opened


@contextlib.asynccontextmanager
async def held_transaction(url: str) -> AsyncIterator[None]:
    """Keeps vacuum from removing any row version that was alive when this began."""
    async with connection(url) as session:
        await session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        # The snapshot is taken by the first statement, not by BEGIN.
        await session.execute("SELECT 1")
        try:
            yield
        finally:
            await session.execute("ROLLBACK")


async def analyze(session: Connection) -> None:
    """Gives the planner fresh statistics, so that no peer waits for autovacuum to see the new rows."""
    tables = await session.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    for (table,) in await tables.fetchall():
        await session.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


async def wal_position(session: Connection) -> int:
    """Bytes of WAL that the server has written, by whomever."""
    return int(await _scalar(session, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"))


async def _scalar(session: Connection, query: LiteralString, *arguments: object) -> Any:
    row = await (await session.execute(query, arguments)).fetchone()
    if row is None:
        raise ServerError(f"no answer to {query}")
    return row[0]
