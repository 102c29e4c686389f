"""What both peers' runs have in common: arguments, rounds, and the figures of a round."""

import argparse
import asyncio
import contextlib
import json
import math
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol

import psycopg
import uvloop

import server

MAX_JOBS = 1_000_000
MAX_ROUNDS = 100
MAX_INSERT_SECONDS = 300


class PeerError(Exception):
    """A round that cannot be counted: not all jobs are done, or it took too long."""


@dataclass(frozen=True)
class Worked:
    """What the peer's own tables say of a round. `first_claim` and `last_done` are seconds of the server's clock."""

    done: int
    distinct: int
    left: int
    first_claim: float
    last_done: float
    queue_time_s: dict[str, float]


class Peer(Protocol):
    """One job queue library, driven through its public interface."""

    name: str
    settings: dict[str, object]

    @property
    def handled(self) -> int:
        """How often the no-op handler has run since the last insert."""

    def open(self, url: str) -> contextlib.AbstractAsyncContextManager[None]:
        """Connects and installs the library's tables; disconnects at the end."""

    async def insert(self, jobs: int) -> None:
        """Inserts jobs for the no-op handler with the library's call for many at once."""

    async def work(self) -> None:
        """Runs the library's workers until the queue is empty and every job is complete."""

    async def worked(self) -> Worked:
        """Reads what became of the jobs inserted last."""


def argument_parser(about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--url", required=True, help="a PostgreSQL URL, direct; the user may create a schema there")
    parser.add_argument("--jobs", type=at_most(MAX_JOBS), default=20_000, help="jobs a round")
    parser.add_argument("--rounds", type=at_most(MAX_ROUNDS), default=3, help="rounds; the tables keep all of them")
    parser.add_argument("--held", action="store_true", help="hold a REPEATABLE READ transaction open meanwhile")
    parser.add_argument("--limit", type=at_most(3_600), default=300, help="seconds that a round's work may take")
    return parser


def at_most(bound: int) -> Callable[[str], int]:
    """An argument's type: a whole number from 1 to `bound`."""

    def number(text: str) -> int:
        value = int(text)
        if not 1 <= value <= bound:
            raise argparse.ArgumentTypeError(f"{value} is not in 1 to {bound:,}")
        return value

    return number


def main(peer: Peer, arguments: argparse.Namespace) -> None:
    """Runs all rounds and prints a line of JSON for each. Ends with 1 when one cannot be counted."""
    try:
        uvloop.run(_run(peer, arguments))
    except (PeerError, server.ServerError, psycopg.Error) as error:
        sys.exit(f"{peer.name}: {error}")


async def _run(peer: Peer, arguments: argparse.Namespace) -> None:
    async with (
        server.own_schema(arguments.url, f"carillon_peer_{peer.name}") as url,
        peer.open(url),
        server.connection(url) as observer,
        server.held_transaction(url) if arguments.held else contextlib.nullcontext(),
    ):
        for round_number in range(1, arguments.rounds + 1):
            figures = await _round(peer, observer, arguments.jobs, arguments.limit)
            head = {"peer": peer.name, "version": version(peer.name), "round": round_number, "held": arguments.held}
            print(json.dumps({**head, **figures, "settings": peer.settings}), flush=True)


async def _round(peer: Peer, observer: server.Connection, jobs: int, limit: float) -> dict[str, object]:
    wal_before, started = await server.wal_position(observer), time.monotonic()
    async with _bounded(f"inserting {jobs:,} jobs", MAX_INSERT_SECONDS):
        await peer.insert(jobs)
    inserting, wal_inserted = time.monotonic() - started, await server.wal_position(observer)
    await server.analyze(observer)
    wal_analyzed, started, processor = await server.wal_position(observer), time.monotonic(), time.process_time()
    async with _bounded(f"working off {jobs:,} jobs", limit):
        await peer.work()
    wall, processor = time.monotonic() - started, time.process_time() - processor
    wal_worked = await server.wal_position(observer)
    worked = await peer.worked()
    _check(worked, jobs, peer.handled)
    insert_wal, work_wal = (wal_inserted - wal_before) / jobs, (wal_worked - wal_analyzed) / jobs
    return {
        "jobs": jobs,
        "inserted_per_second": round(jobs / inserting, 1),
        "worked_per_second": round(jobs / (worked.last_done - worked.first_claim), 1),
        "worked_per_second_with_start_and_stop": round(jobs / wall, 1),
        "client_cpu_us_per_job": round(processor * 1e6 / jobs, 1),
        "wal_bytes_per_job": round(insert_wal + work_wal, 1),
        "wal_bytes_per_job_inserting": round(insert_wal, 1),
        "wal_bytes_per_job_working": round(work_wal, 1),
        "queue_time_s": {name: round(value, 4) for name, value in worked.queue_time_s.items()},
    }


def _check(worked: Worked, jobs: int, handled: int) -> None:
    if worked.done != jobs or worked.distinct != jobs or worked.left or handled != jobs:
        raise PeerError(
            f"of {jobs:,} jobs {worked.distinct:,} are complete ({worked.done:,} times), {worked.left:,} are left, "
            f"and the handler ran {handled:,} times"
        )


@contextlib.asynccontextmanager
async def _bounded(what: str, limit: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(limit):
            yield
    except TimeoutError:
        raise PeerError(f"{what} took longer than {limit:g} s") from None


def percentiles(values: list[float]) -> dict[str, float]:
    """Nearest-rank percentiles; none of nothing."""
    ordered = sorted(values)
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: ordered[math.ceil(len(ordered) * share) - 1] for name, share in shares.items() if ordered}
