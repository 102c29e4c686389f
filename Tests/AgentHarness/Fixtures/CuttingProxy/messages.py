"""PostgreSQL's messages as they pass a proxy: where each one ends, what a client's message runs, whose answer a server's
message is.

Pure: bytes in, values out. Written from PostgreSQL's "Frontend/Backend Protocol" (protocol 3.0: message flow, formats).
"""

import re
from collections import deque
from dataclasses import dataclass, field

MAXIMUM_MESSAGE_BYTES = 256 << 20
SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102


class ProtocolError(Exception):
    """Bytes that are no PostgreSQL message."""


class Frames:
    """Cuts a stream into whole messages."""

    def __init__(self, typed):
        self.typed = typed  # False: the next message is a start-up one, which has no type byte.
        self.single = 0  # Answers of one byte that come first: the server's to a request for encryption.
        self.buffer = bytearray()

    def feed(self, data):
        """The messages that are complete now."""
        self.buffer += data
        at = 0
        try:
            while (end := self._end(at)) is not None and end <= len(self.buffer):
                start, at = at, end
                yield bytes(self.buffer[start:end])
        finally:
            del self.buffer[:at]

    def _end(self, start):
        if self.single and len(self.buffer) > start:
            return start + 1
        at = start + 1 if self.typed else start
        if len(self.buffer) < at + 4:
            return None
        length = int.from_bytes(self.buffer[at : at + 4])
        if not 4 <= length <= MAXIMUM_MESSAGE_BYTES:
            raise ProtocolError(f"a message of {length} bytes")
        return at + length


@dataclass
class Expected:
    """An answer that the server owes: of a query string, of an Execute, of a Sync or of a function call."""

    kind: str
    sql: str = ""
    tag: str | None = None  # How it ended, as far as it has come.
    withheld: bytearray = field(default_factory=bytearray)  # What came of it and was not passed on.


# What answers Parse, Bind, Close and Describe, and what comes unasked: none of it is the answer of an Execute.
NOT_OF_EXECUTE = frozenset("123tTnNSA")
ENDS_EXECUTE = frozenset("CIsE")


class Conversation:
    """One connection after its start-up: the statements it has named, and the answers it waits for."""

    def __init__(self):
        self.statements = {}
        self.portals = {}
        self.owed = deque()

    def asked(self, message):
        """Notes a client's message; returns the SQL that it runs, "SYNC" for a Sync, or None."""
        kind = chr(message[0])
        body = message[5:]
        if kind == "Q":
            return self._owe("query", _text(body)[0])
        if kind == "P":
            name, rest = _text(body)
            self.statements[name] = _text(rest)[0]
        elif kind == "B":
            portal, rest = _text(body)
            self.portals[portal] = self.statements.get(_text(rest)[0], "")
        elif kind == "E":
            return self._owe("execute", self.portals.get(_text(body)[0], ""))
        elif kind == "S":
            return self._owe("sync", "SYNC")
        elif kind == "F":
            self._owe("query", "")
        elif kind == "C":
            names = self.statements if body[:1] == b"S" else self.portals
            names.pop(_text(body[1:])[0], None)
        return None

    def answered(self, message):
        """Notes a server's message; returns the answer it belongs to, if any, and whether that one is complete."""
        kind = chr(message[0])
        if not self.owed:
            return None, False
        head = self.owed[0]
        if kind == "Z":
            # After an error the server skips to the Sync, and owes nothing of what it skipped.
            while head.kind == "execute" and len(self.owed) > 1:
                self.owed.popleft()
                head = self.owed[0]
            self.owed.popleft()
            return head, True
        if head.kind == "query":
            return (None, False) if kind in "NSA" else (head, False)
        if head.kind != "execute" or kind in NOT_OF_EXECUTE:
            return None, False
        if kind == "G":
            # While it copies in, the server passes over the Sync that came with the Execute.
            self.owed = deque(item for item in self.owed if item.kind != "sync")
        elif kind == "E":
            while self.owed and self.owed[0].kind == "execute":
                self.owed.popleft()
        elif kind in ENDS_EXECUTE:
            self.owed.popleft()
        return head, kind in ENDS_EXECUTE

    def _owe(self, kind, sql):
        self.owed.append(Expected(kind, sql))
        return sql


def runs(sql, words):
    """Whether one of the statements in `sql` begins with `words`, in any case.

    Statements are told apart at semicolons, those inside a literal too: enough for one's own SQL in a test.
    """
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return sql is not None and re.search(rf"(?:^|;)\s*{pattern}(?!\w)", sql, re.IGNORECASE) is not None


def tag(message):
    """What a server's message says of a statement's end: "COMMIT", "INSERT 0 1", "error 40001", or None."""
    if message[:1] == b"C":
        return _text(message[5:])[0]
    if message[:1] == b"E":
        codes = [item[1:] for item in message[5:].split(b"\0") if item[:1] == b"C"]
        return "error " + b"".join(codes[:1]).decode("ascii", "replace")
    return None


def _text(body):
    end = body.find(b"\0")
    if end < 0:
        raise ProtocolError("a string without its end")
    return body[:end].decode("utf-8", "replace"), body[end + 1 :]
