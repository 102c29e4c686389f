extension Schema {
  /// What version 4 adds: limits of sinks (`SinkLimits` as JSON), conditions, quiet hours and digests of subscriptions
  /// (`options`, JSON), domain events about sinks, addresses that are gone, and digests.
  ///
  /// A domain event about a sink has no user (0), and is one for its kind, sink and minute. `digest` has the open digests
  /// only, one for each person (0: nobody) and subscription.
  static let version4 = """
    ALTER TABLE sink ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE subscription ADD COLUMN options TEXT NOT NULL DEFAULT '{}';

    ALTER TABLE domain_event ADD COLUMN sink INTEGER;
    ALTER TABLE domain_event ADD COLUMN minute INTEGER;
    ALTER TABLE domain_event ADD COLUMN detail TEXT NOT NULL DEFAULT '';
    CREATE UNIQUE INDEX domain_event_sink ON domain_event (kind, sink, minute) WHERE sink IS NOT NULL;

    CREATE TABLE gone_endpoint (
      sink INTEGER NOT NULL, user INTEGER NOT NULL, digest INTEGER NOT NULL, reason TEXT NOT NULL,
      since INTEGER NOT NULL, PRIMARY KEY (sink, user)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX gone_endpoint_user ON gone_endpoint (user);

    CREATE TABLE digest (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      namespace INTEGER NOT NULL, subscription TEXT NOT NULL, sink INTEGER NOT NULL, user INTEGER NOT NULL,
      opened_at INTEGER NOT NULL, closes_at INTEGER NOT NULL, count INTEGER NOT NULL, most INTEGER NOT NULL,
      UNIQUE (namespace, subscription, sink, user)
    ) STRICT;
    CREATE INDEX digest_closes ON digest (closes_at);
    CREATE INDEX digest_user ON digest (user);

    CREATE TABLE digest_item (
      digest INTEGER NOT NULL, number INTEGER NOT NULL, schedule INTEGER NOT NULL, key TEXT NOT NULL,
      due_at INTEGER NOT NULL, PRIMARY KEY (digest, number)
    ) STRICT, WITHOUT ROWID;

    """
}
