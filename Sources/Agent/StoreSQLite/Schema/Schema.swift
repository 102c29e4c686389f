/// Version 1 of the tables. Times are microseconds since 1970 in UTC; enumerations are the codes of `Codes.swift`.
enum Schema {
  static let version1 = people + plans + routing + ledger + records

  private static let people = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE namespace (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

    CREATE TABLE user (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      namespace INTEGER NOT NULL, name TEXT NOT NULL,
      display_name TEXT NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL, nickname TEXT NOT NULL,
      locale TEXT NOT NULL, time_zone TEXT NOT NULL,
      dates TEXT NOT NULL, addresses TEXT NOT NULL, attributes TEXT NOT NULL,
      paused INTEGER NOT NULL, revision INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      UNIQUE (namespace, name)
    ) STRICT;

    """

  /// `schedule` is what people wrote; `plan`, one row for each, is what the planner writes, so that advancing a series
  /// never rewrites a definition of many kilobytes.
  private static let plans = """
    CREATE TABLE schedule (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      namespace INTEGER NOT NULL, name TEXT NOT NULL, user INTEGER,
      event_type TEXT NOT NULL, definition TEXT NOT NULL, queue TEXT, time_zone TEXT,
      gap INTEGER NOT NULL, fold INTEGER NOT NULL, catch_up_mode INTEGER, catch_up_window INTEGER,
      state INTEGER NOT NULL, is_one_off INTEGER NOT NULL, start_at INTEGER NOT NULL,
      revision INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX schedule_name ON schedule (namespace, name) WHERE state <> 3;
    CREATE INDEX schedule_user ON schedule (user) WHERE user IS NOT NULL;
    CREATE INDEX schedule_queue ON schedule (queue) WHERE queue IS NOT NULL;

    CREATE TABLE plan (
      schedule INTEGER PRIMARY KEY,
      revision INTEGER NOT NULL, is_replan INTEGER NOT NULL, look_at INTEGER, slot INTEGER NOT NULL,
      next_key TEXT NOT NULL, error TEXT NOT NULL,
      cursor_instant INTEGER, cursor_is_start INTEGER, cursor_civil INTEGER, cursor_ordinal INTEGER, cursor_key TEXT
    ) STRICT;
    CREATE INDEX plan_look_at ON plan (look_at) WHERE look_at IS NOT NULL;

    CREATE TABLE idempotency (
      namespace INTEGER NOT NULL, event_type TEXT NOT NULL, key TEXT NOT NULL,
      schedule INTEGER NOT NULL, occurrence TEXT NOT NULL,
      PRIMARY KEY (namespace, event_type, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_schedule ON idempotency (schedule);

    """

  /// A subscription row is one revision of one subscription, in force from `since` until before `until`, both revisions
  /// of the routing. Only `until` is ever changed.
  private static let routing = """
    CREATE TABLE queue (
      name TEXT PRIMARY KEY, priority INTEGER NOT NULL, reserve INTEGER NOT NULL, weight INTEGER NOT NULL,
      batch INTEGER NOT NULL, rate_per_second REAL, send_deadline INTEGER NOT NULL, retry_attempts INTEGER NOT NULL,
      retry_base INTEGER NOT NULL, retry_cap INTEGER NOT NULL, expires_after INTEGER NOT NULL,
      paused INTEGER NOT NULL, allowed_sinks TEXT NOT NULL, revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE queue_alias (name TEXT PRIMARY KEY, queue TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE sink (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      namespace INTEGER NOT NULL, name TEXT NOT NULL, plugin TEXT NOT NULL, configuration TEXT NOT NULL,
      address_kind TEXT, in_flight INTEGER NOT NULL, on_unknown INTEGER NOT NULL, disabled_reason TEXT,
      revision INTEGER NOT NULL, is_deleted INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE UNIQUE INDEX sink_name ON sink (namespace, name) WHERE is_deleted = 0;

    CREATE TABLE subscription (
      id INTEGER PRIMARY KEY,
      namespace INTEGER NOT NULL, name TEXT NOT NULL, event_type TEXT NOT NULL, sink INTEGER NOT NULL,
      filter TEXT NOT NULL, revision INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX subscription_name ON subscription (namespace, name) WHERE until IS NULL;
    CREATE INDEX subscription_sink ON subscription (sink) WHERE until IS NULL;

    """

  /// `bucket.settled` has one bit for each row that has its closing receipt (`RowSet`).
  private static let ledger = """
    CREATE TABLE agent (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL, is_live INTEGER NOT NULL,
      lease_until INTEGER NOT NULL, version TEXT NOT NULL, started_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE bucket (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      minute INTEGER NOT NULL, zone_group TEXT NOT NULL, slot INTEGER NOT NULL, queue TEXT NOT NULL,
      count INTEGER NOT NULL, earliest_due INTEGER NOT NULL, created_at INTEGER NOT NULL,
      owner INTEGER, epoch INTEGER, claimed_at INTEGER, closed_at INTEGER, routing_revision INTEGER,
      settled BLOB NOT NULL
    ) STRICT;
    CREATE INDEX bucket_free ON bucket (queue, minute) WHERE closed_at IS NULL AND owner IS NULL;
    CREATE INDEX bucket_owned ON bucket (owner) WHERE closed_at IS NULL AND owner IS NOT NULL;
    CREATE INDEX bucket_minute ON bucket (minute);

    CREATE TABLE event (
      bucket INTEGER NOT NULL, seq INTEGER NOT NULL,
      schedule INTEGER NOT NULL, key TEXT NOT NULL, due_at INTEGER NOT NULL, run_at INTEGER NOT NULL,
      attempt INTEGER NOT NULL, hop INTEGER NOT NULL, sink INTEGER NOT NULL, time_zone TEXT NOT NULL,
      carry TEXT, first_attempt_at INTEGER, rendered TEXT,
      PRIMARY KEY (bucket, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX event_identity ON event (schedule, key, due_at, attempt);
    CREATE INDEX event_due ON event (due_at) WHERE attempt = 1 AND hop = 0 AND sink = 0;

    CREATE TABLE receipt (
      id INTEGER PRIMARY KEY,
      bucket INTEGER NOT NULL, seq INTEGER NOT NULL, sink INTEGER NOT NULL,
      outcome INTEGER NOT NULL, closes INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
      external_id TEXT NOT NULL, started_at INTEGER, done_at INTEGER NOT NULL,
      UNIQUE (bucket, seq, sink)
    ) STRICT;

    """

  private static let records = """
    CREATE TABLE command (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      request INTEGER NOT NULL, bucket INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
      reason TEXT NOT NULL, due_at INTEGER, queue TEXT, time_zone TEXT,
      state INTEGER NOT NULL, outcome INTEGER, created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX command_open ON command (bucket, seq) WHERE state = 0;
    CREATE INDEX command_request ON command (request);

    CREATE TABLE dead_letter (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      namespace INTEGER NOT NULL, schedule INTEGER NOT NULL, key TEXT NOT NULL, sink INTEGER NOT NULL,
      due_at INTEGER NOT NULL, died_at INTEGER NOT NULL, attempts INTEGER NOT NULL,
      code TEXT NOT NULL, detail TEXT NOT NULL, message TEXT NOT NULL
    ) STRICT;
    CREATE INDEX dead_letter_namespace ON dead_letter (namespace);
    CREATE INDEX dead_letter_schedule ON dead_letter (schedule);
    CREATE INDEX dead_letter_died ON dead_letter (died_at);

    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, resource TEXT NOT NULL,
      count INTEGER NOT NULL, digest TEXT NOT NULL
    ) STRICT;
    """
}
