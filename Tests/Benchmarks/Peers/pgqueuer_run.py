"""Rounds of pgqueuer: insert, claim, run a no-op, complete, keep its log. README.md says which settings were tried."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
from pgqueuer.core.qm import QueueManager
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.domain.settings import Durability, db_settings
from pgqueuer.domain.types import QueueExecutionMode
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from psycopg.conninfo import conninfo_to_dict

from peer import PeerError, Worked, argument_parser, at_most, main, percentiles

ENTRYPOINT = "noop"


class PgQueuerPeer:
    name = "pgqueuer"

    def __init__(self, workers: int, connections: int, batch: int, insert_batch: int) -> None:
        self.workers, self.connections, self.batch, self.insert_batch = workers, connections, batch, insert_batch
        self.settings: dict[str, object] = {
            "workers": workers, "connections": connections, "batch": batch, "insert_batch": insert_batch,
            "driver": "asyncpg", "durability": db_settings().durability.value, "autovacuum": "as `pgq autovac` sets it",
        }
        self.claims: list[tuple[float, float]] = []
        self.last_id = 0

    @property
    def handled(self) -> int:
        return len(self.claims)

    @contextlib.asynccontextmanager
    async def open(self, url: str) -> AsyncIterator[None]:
        if db_settings().durability is not Durability.durable:
            raise PeerError("PGQUEUER_DURABILITY must be durable")
        self.address = _address(url)
        self.connection = await asyncpg.connect(**self.address)
        try:
            self.queries = Queries(AsyncpgDriver(self.connection))
            await self.queries.install()
            await self.queries.optimize_autovacuum()
            yield
        finally:
            await self.connection.close()

    async def insert(self, jobs: int) -> None:
        self.claims.clear()
        self.last_id = await self.connection.fetchval("SELECT coalesce(max(job_id), 0) FROM pgqueuer_log")
        for first in range(0, jobs, self.insert_batch):
            count = min(self.insert_batch, jobs - first)
            payloads: list[bytes | None] = [b'{"number":%d}' % number for number in range(first, first + count)]
            await self.queries.enqueue([ENTRYPOINT] * count, payloads, [0] * count)

    async def work(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(self.workers):
                group.create_task(self._worker())

    async def _worker(self) -> None:
        # A connection for NOTIFY, the others so that a claim need not wait for a completion.
        pool = asyncpg.create_pool(**self.address, min_size=self.connections, max_size=self.connections)
        async with pool:
            manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))
            manager.entrypoint(ENTRYPOINT)(self._handle)
            await manager.run(
                batch_size=self.batch, mode=QueueExecutionMode.drain, dequeue_timeout=timedelta(milliseconds=100))

    async def _handle(self, job: Job) -> None:
        self.claims.append((job.created.timestamp(), job.updated.timestamp()))

    async def worked(self) -> Worked:
        row = await self.connection.fetchrow(
            """SELECT count(*) AS done, count(DISTINCT job_id) AS distinct_jobs,
                      extract(epoch FROM max(created))::float8 AS last_done,
                      (SELECT count(*) FROM pgqueuer) AS left_over
                 FROM pgqueuer_log WHERE status = 'successful' AND job_id > $1""",
            self.last_id,
        )
        if not self.claims or not row["done"]:
            raise PeerError("no job was done")
        return Worked(
            done=row["done"], distinct=row["distinct_jobs"], left=row["left_over"],
            first_claim=min(claimed for _, claimed in self.claims), last_done=row["last_done"],
            queue_time_s=percentiles([claimed - created for created, claimed in self.claims]))


def _address(url: str) -> dict[str, object]:
    """asyncpg's names for what libpq's key = value form says; it does not read that form itself."""
    names = {
        "dbname": "database", "host": "host", "port": "port", "user": "user", "password": "password",
        "passfile": "passfile", "sslmode": "ssl",
    }
    parts = conninfo_to_dict(url)
    name, _, value = str(parts["options"]).removeprefix("-c ").partition("=")
    return {**{names[key]: value for key, value in parts.items() if key in names}, "server_settings": {name: value}}


if __name__ == "__main__":
    parser = argument_parser("Measures pgqueuer: insert, claim, run a no-op, complete.")
    parser.add_argument("--workers", type=at_most(32), default=1, help="queue managers")
    parser.add_argument("--connections", type=at_most(32), default=3, help="connections of each, one to listen")
    parser.add_argument("--batch", type=at_most(10_000), default=500, help="jobs a claim, and a completion")
    parser.add_argument("--insert-batch", type=at_most(10_000), default=1_000, help="jobs an insert")
    given = parser.parse_args()
    main(PgQueuerPeer(given.workers, given.connections, given.batch, given.insert_batch), given)
