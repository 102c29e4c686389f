"""Runs statements through libpq itself, in each way that its protocol has, and says what the client saw of each.

  libpq_client.py URL MODE STATEMENT...      MODE: simple, extended, prepared, pipeline

One line a statement: its command tag, `error CODE`, or `lost` once the connection has ended.
"""

import ctypes
import ctypes.util
import sys

PIPELINE_SYNC, PIPELINE_ABORTED, FATAL_ERROR, BAD = 10, 11, 7, 1
SQLSTATE = ord("C")

libpq = ctypes.CDLL(ctypes.util.find_library("pq"))
for name in ("PQconnectdb", "PQexec", "PQexecParams", "PQprepare", "PQexecPrepared", "PQgetResult"):
    getattr(libpq, name).restype = ctypes.c_void_p
for name in ("PQcmdStatus", "PQerrorMessage", "PQresultErrorField"):
    getattr(libpq, name).restype = ctypes.c_char_p
NONE = [None] * 4


class Connection:
    def __init__(self, url):
        self.handle = ctypes.c_void_p(libpq.PQconnectdb(url.encode()))

    def run(self, mode, statements):
        if self._lost():
            return ["lost"] * len(statements)
        return self._pipeline(statements) if mode == "pipeline" else [getattr(self, mode)(sql) for sql in statements]

    def simple(self, sql):
        return self._seen(libpq.PQexec(self.handle, sql.encode()))

    def extended(self, sql):
        return self._seen(libpq.PQexecParams(self.handle, sql.encode(), 0, *NONE, 0))

    def prepared(self, sql):
        name = f"s{abs(hash(sql))}".encode()
        self._seen(libpq.PQprepare(self.handle, name, sql.encode(), 0, None))
        return self._seen(libpq.PQexecPrepared(self.handle, name, 0, None, None, None, 0))

    def _pipeline(self, statements):
        libpq.PQenterPipelineMode(self.handle)
        for sql in statements:
            libpq.PQsendQueryParams(self.handle, sql.encode(), 0, *NONE, 0)
        libpq.PQpipelineSync(self.handle)
        seen = []
        while len(seen) < len(statements):
            seen.append(self._seen(libpq.PQgetResult(self.handle)))
            libpq.PQgetResult(self.handle)
        # A pipeline without a COMMIT of its own is durable only with the answer to its Sync.
        end = libpq.PQgetResult(self.handle)
        synced = end and libpq.PQresultStatus(ctypes.c_void_p(end)) == PIPELINE_SYNC
        return seen + (["synced"] if synced else ["lost"])

    def _seen(self, result):
        result = ctypes.c_void_p(result)
        status = libpq.PQresultStatus(result) if result else FATAL_ERROR
        if status == PIPELINE_ABORTED:
            return "aborted"
        if status != FATAL_ERROR:
            return libpq.PQcmdStatus(result).decode()
        code = libpq.PQresultErrorField(result, SQLSTATE) if result else None
        return f"error {code.decode()}" if code else "lost"

    def _lost(self):
        return libpq.PQstatus(self.handle) == BAD


if __name__ == "__main__":
    print("\n".join(Connection(sys.argv[1]).run(sys.argv[2], sys.argv[3:])))
