extension Schema {
  /// What version 3 adds for domain events and re-planning.
  ///
  /// `domain_event` has what happens to users, as references; `kind` is a code of `DomainEvent.Kind`. What happens to
  /// events is read from buckets and receipts. `relay` has one row for each kind that subscriptions in force name.
  static let version3Changes = """
    CREATE TABLE domain_event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      namespace INTEGER NOT NULL, kind INTEGER NOT NULL, user INTEGER NOT NULL, at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX domain_event_user ON domain_event (user);

    CREATE TABLE relay (
      namespace INTEGER NOT NULL, kind INTEGER NOT NULL, cursor TEXT NOT NULL, PRIMARY KEY (namespace, kind)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE zone_rules (
      time_zone TEXT PRIMARY KEY, digest INTEGER NOT NULL, version TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    """
}
