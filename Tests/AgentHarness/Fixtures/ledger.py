"""Reads Carillon's tables and says what became of every event.

An independent proof: it shares nothing with the agent but the tables. Times are microseconds since 1970. STORE is the
SQLite file, or a URL, postgresql://…, that psql takes.

  ledger.py sums STORE [--copy]            counts, as JSON
  ledger.py unsettled STORE [--copy]       ids of events without a final outcome, one a line
  ledger.py lateness STORE ACCESS_LOG      how late each send was, as JSON; a log line is
                                           "msec status webhook-id milliseconds-late"
  ledger.py sinks STORE [NAME=JOURNAL …]   what became of each sink's deliveries, as JSON, held against what the sink
                                           itself wrote: a line of its journal is "key attempt microseconds".
                                           Of an SQLite file

--rehearsal=FROM:SPEED:LENGTH: from FROM on, in seconds since 1970, the agent's clock ran SPEED times faster, for LENGTH
seconds of its own: only what was due in them counts, and all answers are in real time.
--copy works on a copy of the file and its log, for an agent that was killed: reading must not change what it left.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

# The codes that the tables use.
DELIVERED, RETRY, DEFERRED, MERGED, DEAD, CANCELLED, EXPIRED, SKIPPED, MOVED = range(9)
NAMES = ["delivered", "retry", "deferred", "merged", "dead", "cancelled", "expired", "skipped", "moved"]
FINAL = {DELIVERED, MERGED, DEAD, CANCELLED, EXPIRED, SKIPPED}
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def event_id(schedule, key):
    """The id that receivers see."""
    number = ""
    while True:
        schedule, digit = divmod(schedule, 32)
        number = DIGITS[digit] + number
        if schedule == 0:
            break
    plain = "".join(
        chr(b) if chr(b).isascii() and (chr(b).isalnum() or chr(b) == "-") else f"~{b:02x}" for b in key.encode()
    )
    return f"evt_{number}_{plain}"


def connect(store, copy):
    if not copy:
        return sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    folder = tempfile.mkdtemp(prefix="carillon-proof-")
    try:
        for suffix in ("", "-wal"):
            if os.path.exists(store + suffix):
                shutil.copy(store + suffix, os.path.join(folder, "copy" + suffix))
        memory = sqlite3.connect(":memory:")
        with sqlite3.connect(os.path.join(folder, "copy")) as source:
            source.backup(memory)
        source.close()
        return memory
    finally:
        shutil.rmtree(folder)


EVENTS = "SELECT bucket, seq, schedule, key, due_at FROM event"
RECEIPTS = "SELECT bucket, seq, sink, outcome, closes, started_at, done_at FROM receipt"


def read_file(store, copy):
    database = connect(store, copy)
    with database:
        database.execute("BEGIN")  # One view of all tables.
        answer = database.execute(EVENTS).fetchall(), database.execute(RECEIPTS).fetchall()
    database.close()
    return answer


def read_server(url):
    """One view of all tables; keys are the only texts, and hold neither tabs nor backslashes."""
    commands = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]
    commands += [f"COPY (SELECT '{mark}', x.* FROM ({sql}) x) TO STDOUT" for mark, sql in [("e", EVENTS), ("r", RECEIPTS)]]
    words = ["psql", "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", url]
    for command in commands:
        words += ["-c", command]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    events, receipts = [], []
    for line in output.splitlines():
        mark, *fields = line.split("\t")
        if mark == "e":
            bucket, seq, schedule, key, due_at = fields
            events.append((int(bucket), int(seq), int(schedule), key, int(due_at)))
        else:
            receipts.append(tuple(None if field == "\\N" else int(field) for field in fields))
    return events, receipts


class Rehearsal:
    """What the agent's clock showed, in real time; None: its clock was right."""

    def __init__(self, text=None):
        self.origin, self.speed, self.length = (int(part) for part in text.split(":")) if text else (0, 1, None)

    def has(self, micros):
        return self.length is None or 0 <= micros - self.origin * 1_000_000 < self.length * 1_000_000

    def real(self, micros):
        """Seconds since 1970."""
        return self.origin + (micros / 1e6 - self.origin) / self.speed


class Ledger:
    def __init__(self, store, copy=False, rehearsal=Rehearsal()):
        if store.startswith("postgresql:"):
            self.rows, self.receipts = read_server(store)
        else:
            self.rows, self.receipts = read_file(store, copy)
        self.outside = set()
        if rehearsal.length is not None:
            self.outside = {event_id(row[2], row[3]) for row in self.rows if not rehearsal.has(row[4])}
            self.rows = [row for row in self.rows if rehearsal.has(row[4])]
            wanted = {row[:2] for row in self.rows}
            self.receipts = [receipt for receipt in self.receipts if receipt[:2] in wanted]

    def sums(self):
        identity = {(bucket, seq): (schedule, key) for bucket, seq, schedule, key, _ in self.rows}
        closings = dict.fromkeys(identity, 0)
        finals, outcomes, orphans = {}, {}, 0
        for bucket, seq, sink, outcome, closes, _, _ in self.receipts:
            row = (bucket, seq)
            if row not in identity:
                orphans += 1
                continue
            closings[row] += 1 if closes else 0
            if outcome in FINAL:
                delivery = identity[row] + (sink,)
                finals[delivery] = finals.get(delivery, 0) + 1
                outcomes[NAMES[outcome]] = outcomes.get(NAMES[outcome], 0) + 1
        open_events = {identity[row] for row, count in closings.items() if count == 0}
        ended = {(schedule, key) for schedule, key, _ in finals}
        counts = list(closings.values())
        events = set(identity.values())
        return {
            "rows": len(self.rows),
            "events": len(events),
            "closedOnce": counts.count(1),
            "open": counts.count(0),
            "closedTwice": sum(1 for count in counts if count > 1),
            "orphans": orphans,
            "lost": len(events - ended - open_events),
            "finalTwice": sum(1 for count in finals.values() if count > 1),
            "outcomes": outcomes,
        }

    def unsettled(self):
        identity = {(bucket, seq): (schedule, key) for bucket, seq, schedule, key, _ in self.rows}
        ended = {identity[(r[0], r[1])] for r in self.receipts if r[3] in FINAL and (r[0], r[1]) in identity}
        return sorted(event_id(*event) for event in set(identity.values()) - ended)


def percentiles(values):
    """Nearest rank."""
    values = sorted(values)
    if not values:
        sys.exit("nothing was sent: there is no lateness to speak of")

    def rank(share):
        return values[max(0, -(-len(values) * share // 100) - 1)]

    return {"p50": rank(50), "p95": rank(95), "p99": rank(99), "max": values[-1]}


def lateness(store, access_log, rehearsal=Rehearsal()):
    """Times are real, in seconds."""
    ledger = Ledger(store, rehearsal=rehearsal)
    due = {}
    by_row = {}
    for bucket, seq, schedule, key, due_at in ledger.rows:
        due[event_id(schedule, key)] = by_row[(bucket, seq)] = rehearsal.real(due_at)
    started, settled = [], []
    for bucket, seq, _, outcome, _, started_at, done_at in ledger.receipts:
        if outcome != DELIVERED:
            continue
        started.append(rehearsal.real(started_at) - by_row[(bucket, seq)])
        settled.append(rehearsal.real(done_at) - by_row[(bucket, seq)])
    seen, received, times = {}, [], []
    marked = 0
    strange = early = 0
    with open(access_log, encoding="ascii") as lines:
        for line in lines:
            msec, status, webhook_id, milliseconds_late = line.split()
            if not status.startswith("2"):
                continue
            # An id may go on behind the event's, to tell the sinks of one event apart.
            event = webhook_id if webhook_id in due else webhook_id.rsplit("_", 1)[0]
            if event not in due:
                strange += 0 if {event, webhook_id} & ledger.outside else 1
                continue
            times.append(float(msec))
            seen[event] = seen.get(event, 0) + 1
            marked += 1 if milliseconds_late != "-" and int(milliseconds_late) >= 1_000 else 0
            late = float(msec) - due[event]
            # The log's clock has milliseconds, rounded down.
            early += 1 if late < -0.001 else 0
            received.append(max(0.0, late))
    return {
        "received": percentiles(received),
        "started": percentiles(started),
        "settled": percentiles(settled),
        "requests": len(times) + strange,
        "missing": len(due) - len(seen),
        "doubled": len(times) - len(seen),
        "early": early,
        "strange": strange,
        "marked": marked,
        "receiptedLate": sum(1 for late in started if late >= 1),
        "first": min(times),
        "span": max(times) - min(times),
    }


SINKS = """
SELECT s.name, e.schedule, e.key, e.due_at, e.attempt, r.outcome, r.code, r.done_at
FROM receipt r JOIN event e ON e.bucket = r.bucket AND e.seq = r.seq JOIN sink s ON s.number = r.sink
"""


def sinks(store, journals):
    """By the sink's name: how its deliveries ended, after how many attempts, how late; and what its journal says."""
    database = connect(store, copy=False)
    rows = database.execute(SINKS).fetchall()
    database.close()
    answer = {}
    for name in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == name]
        answer[name] = sink_sums(own)
        if name in journals:
            answer[name]["journal"] = journal_sums(name, own, journals[name])
    return answer


def sink_sums(rows):
    outcomes, codes, settled = {}, {}, []
    early = 0
    for _, _, _, due_at, _, outcome, code, done_at in rows:
        codes[code] = codes.get(code, 0) + 1
        if outcome in FINAL:
            outcomes[NAMES[outcome]] = outcomes.get(NAMES[outcome], 0) + 1
        if outcome == DELIVERED:
            settled.append((done_at - due_at) / 1e6)
            early += 1 if done_at < due_at else 0
    return {
        "events": len({row[1:3] for row in rows}),
        "outcomes": outcomes,
        "codes": codes,
        "mostAttempts": max(row[4] for row in rows),
        "early": early,
        "settled": percentiles(settled) if settled else None,
    }


def journal_sums(name, rows, journal):
    due = {f"{event_id(schedule, key)}_{name}": due_at for _, schedule, key, due_at, _, _, _, _ in rows}
    # A send whose attempt is in the ledger as one to be tried again may be followed by another, of the same key.
    tried = {(f"{event_id(row[1], row[2])}_{name}", row[4]) for row in rows if row[5] == RETRY}
    delivered = {f"{event_id(row[1], row[2])}_{name}" for row in rows if row[5] == DELIVERED}
    sends, strange, early = {}, 0, 0
    with open(journal, encoding="ascii") as lines:
        for line in lines:
            key, attempt, micros = line.split()
            if key not in due:
                strange += 1
                continue
            early += 1 if int(micros) < due[key] else 0
            sends.setdefault(key, []).append(int(attempt))
    unexplained = 0
    for key, attempts in sends.items():
        unexplained += len(attempts) - len(set(attempts))
        unexplained += sum(1 for attempt in attempts if attempt < max(attempts) and (key, attempt) not in tried)
    return {
        "sends": sum(len(attempts) for attempts in sends.values()),
        "again": sum(len(attempts) - 1 for attempts in sends.values()),
        "unexplained": unexplained,
        "missing": len(delivered - set(sends)),
        "strange": strange,
        "early": early,
        "mostAttempts": max((max(attempts) for attempts in sends.values()), default=0),
    }


def main(arguments):
    copy = "--copy" in arguments
    rehearsal = next((Rehearsal(a.split("=")[1]) for a in arguments if a.startswith("--rehearsal=")), Rehearsal())
    arguments = [a for a in arguments if not a.startswith("--")]
    if arguments[0] == "sums":
        print(json.dumps(Ledger(arguments[1], copy, rehearsal).sums()))
    elif arguments[0] == "unsettled":
        print("\n".join(Ledger(arguments[1], copy).unsettled()))
    elif arguments[0] == "lateness":
        print(json.dumps(lateness(arguments[1], arguments[2], rehearsal)))
    elif arguments[0] == "sinks":
        print(json.dumps(sinks(arguments[1], dict(pair.split("=", 1) for pair in arguments[2:]))))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
