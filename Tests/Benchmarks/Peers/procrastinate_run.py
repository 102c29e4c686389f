"""Rounds of procrastinate: insert, claim, run a no-op, complete, keep its history. README.md says what was tried."""

import argparse
import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import psycopg_pool
from procrastinate import App, PsycopgConnector

from peer import PeerError, Worked, argument_parser, at_most, main

TASK = "noop"


class ProcrastinatePeer:
    name = "procrastinate"

    def __init__(self, given: argparse.Namespace) -> None:
        self.workers, self.concurrency, self.insert_batch = given.workers, given.concurrency, given.insert_batch
        self.connections, self.autocommit, self.checks = given.connections, not given.transactions, given.checks
        self.settings: dict[str, object] = {
            "workers": self.workers, "concurrency": self.concurrency, "connections": self.connections,
            "insert_batch": self.insert_batch, "driver": "psycopg", "autocommit": self.autocommit,
            "checks": self.checks, "delete_jobs": "never",
        }
        self.handled = 0
        self.last_id = 0

    @contextlib.asynccontextmanager
    async def open(self, url: str) -> AsyncIterator[None]:
        self.pool = psycopg_pool.AsyncConnectionPool(
            url, min_size=self.connections, max_size=self.connections, open=False,
            kwargs={"autocommit": self.autocommit},
            check=psycopg_pool.AsyncConnectionPool.check_connection if self.checks else None)
        self.app = App(connector=PsycopgConnector())
        self.task = self.app.task(name=TASK)(self._handle)
        async with self.pool, self.app.open_async(self.pool):
            await self.app.schema_manager.apply_schema_async()
            yield

    async def insert(self, jobs: int) -> None:
        self.handled = 0
        self.last_id = (await self._row("SELECT coalesce(max(id), 0) FROM procrastinate_jobs"))[0]
        for first in range(0, jobs, self.insert_batch):
            numbers = range(first, min(first + self.insert_batch, jobs))
            await self.task.batch_defer_async(*({"number": number} for number in numbers))

    async def work(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(self.workers):
                # All jobs are there before the workers start: nothing to listen for, and done when none is left.
                group.create_task(
                    self.app.run_worker_async(
                        concurrency=self.concurrency, wait=False, listen_notify=False, install_signal_handlers=False))

    async def _handle(self, number: int) -> None:
        self.handled += 1

    async def worked(self) -> Worked:
        succeeded, left = await self._row(
            """SELECT count(*) FILTER (WHERE status = 'succeeded' AND id > %s),
                      count(*) FILTER (WHERE status <> 'succeeded') FROM procrastinate_jobs""", self.last_id)
        done, distinct, last_done = await self._row(
            """SELECT count(*), count(DISTINCT job_id), extract(epoch FROM max(at))::float8
                 FROM procrastinate_events WHERE type = 'succeeded' AND job_id > %s""", self.last_id)
        first_claim, queue_time = await self._row(
            """SELECT extract(epoch FROM min(started.at))::float8,
                      percentile_disc(ARRAY[0.5, 0.95, 0.99, 1]) WITHIN GROUP (
                        ORDER BY extract(epoch FROM started.at - deferred.at)::float8)
                 FROM procrastinate_events started JOIN procrastinate_events deferred USING (job_id)
                WHERE started.type = 'started' AND deferred.type = 'deferred' AND job_id > %s""", self.last_id)
        if first_claim is None or last_done is None:
            raise PeerError("no job was done")
        return Worked(
            done=done, distinct=min(distinct, succeeded), left=left, first_claim=first_claim, last_done=last_done,
            queue_time_s=dict(zip(("p50", "p95", "p99", "max"), queue_time, strict=True)))

    async def _row(self, query: str, *arguments: object) -> tuple:
        async with self.pool.connection() as connection:
            row = await (await connection.execute(query, arguments)).fetchone()
        if row is None:
            raise PeerError("no answer from procrastinate's tables")
        return row


if __name__ == "__main__":
    # It warns that its app was made in the main module; what goes wrong in a job, it logs as an error.
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    parser = argument_parser("Measures procrastinate: insert, claim, run a no-op, complete.")
    parser.add_argument("--workers", type=at_most(32), default=4, help="workers in the process")
    parser.add_argument("--concurrency", type=at_most(256), default=1, help="jobs a worker runs at a time")
    parser.add_argument("--connections", type=at_most(64), default=8, help="connections of all workers")
    parser.add_argument("--insert-batch", type=at_most(10_000), default=1_000, help="jobs an insert")
    parser.add_argument("--transactions", action="store_true", help="BEGIN and COMMIT around each statement")
    parser.add_argument("--checks", action="store_true", help="test a connection before each use")
    given = parser.parse_args()
    main(ProcrastinatePeer(given), given)
