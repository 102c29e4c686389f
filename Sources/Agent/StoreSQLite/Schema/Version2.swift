import EventModel
import GRDB
import Store
import StoreSQL

extension Schema {
  /// What version 2 adds. An event's first row is one of attempt 1 and hop 0 that expires from its due time; one that
  /// expires from another moment is a replayed dead letter.
  static let version2 = """
    ALTER TABLE schedule ADD COLUMN is_test INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE schedule ADD COLUMN is_erased INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE occurrence_exception (
      schedule INTEGER NOT NULL, key TEXT NOT NULL, action INTEGER NOT NULL, moved_to INTEGER,
      reason TEXT NOT NULL, created_at INTEGER NOT NULL,
      PRIMARY KEY (schedule, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX occurrence_exception_created ON occurrence_exception (created_at);

    CREATE TABLE template (
      id INTEGER PRIMARY KEY,
      namespace INTEGER NOT NULL, name TEXT NOT NULL, event_type TEXT NOT NULL,
      locale TEXT NOT NULL, locale_key TEXT NOT NULL, sink INTEGER NOT NULL,
      title TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, revision INTEGER NOT NULL,
      UNIQUE (namespace, name), UNIQUE (namespace, event_type, locale_key, sink)
    ) STRICT;
    CREATE INDEX template_sink ON template (sink) WHERE sink <> 0;

    CREATE TABLE stop_order (
      id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL
    ) STRICT;

    ALTER TABLE bucket ADD COLUMN has_erased INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE event ADD COLUMN expires_from INTEGER;
    DROP INDEX event_due;
    CREATE INDEX event_due ON event (due_at) WHERE attempt = 1 AND hop = 0;
    CREATE INDEX event_rendered ON event (schedule, key) WHERE rendered IS NOT NULL;
    CREATE INDEX command_row ON command (bucket, seq);

    ALTER TABLE dead_letter ADD COLUMN queue TEXT NOT NULL DEFAULT '';
    ALTER TABLE dead_letter ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';

    ALTER TABLE audit ADD COLUMN schedule INTEGER;
    ALTER TABLE audit ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    CREATE INDEX audit_reason ON audit (schedule) WHERE reason <> '';

    """ + lettersOfVersion1 + auditOfVersion1

  /// Where version 1's letters died; those whose event was dropped by now say nothing of it.
  private static let lettersOfVersion1 = """
    UPDATE dead_letter SET queue = x.queue, time_zone = x.time_zone FROM (
      SELECT d.id, b.queue, e.time_zone, max(e.bucket) FROM dead_letter d
        JOIN event e ON e.schedule = d.schedule AND e.key = d.key
        JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq AND r.sink = d.sink AND r.outcome = 4
        JOIN bucket b ON b.id = e.bucket
      GROUP BY d.id
    ) x WHERE x.id = dead_letter.id;

    """

  /// Version 1's audit named users and schedules by ids, which may be somebody's address: they become numbers, or go when
  /// the row is gone. So do the sums over those names.
  private static let auditOfVersion1 = """
    CREATE INDEX version_2 ON schedule (namespace, name);
    UPDATE audit SET digest = '', resource = substr(resource, 1, instr(resource, '/')) || 'user' || coalesce('#' || (
      SELECT u.id FROM namespace n JOIN user u ON u.namespace = n.id
      WHERE n.name = substr(resource, 1, instr(resource, '/') - 1)
        AND u.name = substr(resource, instr(resource, '/') + 1)), '')
      WHERE action IN ('user.put', 'user.delete');
    UPDATE audit SET digest = '', resource = substr(resource, 1, instr(resource, '/')) || 'schedule' || coalesce('#' || (
      SELECT s.number FROM namespace n JOIN schedule s ON s.namespace = n.id
      WHERE n.name = substr(resource, 1, instr(resource, '/') - 1)
        AND s.name = substr(resource, instr(resource, '/') + 1) ORDER BY s.state = 3, s.number DESC LIMIT 1), '')
      WHERE action IN ('schedule.put', 'schedule.delete');
    UPDATE audit SET digest = '' WHERE action = 'batch';
    DROP INDEX version_2;
    """
}

extension Session {
  /// Version 1's audit named events by ids that hold a one-off's idempotency key.
  func renameEventsOfVersion1() throws {
    let records = try query("SELECT id, resource FROM audit WHERE action IN ('event.cancel', 'event.move')").all {
      (id: $0.int64(0), event: EventIdentity(text: $0.text(1)))
    }
    for (id, event) in records {
      let resource = try event.map { try auditName(of: $0) } ?? "event"
      try query("UPDATE audit SET digest = '', resource = ? WHERE id = ?").run(resource, id)
    }
  }
}
