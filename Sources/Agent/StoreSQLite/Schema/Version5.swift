extension Schema {
  /// What version 5 adds: tokens, grants and denials; the audit's chains; what was created with a request id.
  ///
  /// `audit.number` counts in the chain of `audit.agent`; rows of a version before have 0 until the migration has chained
  /// them. `audit_chain` is where each chain stands, `audit_anchor` where it stood at the last renewal of the agent's
  /// lease. Hashes are hexadecimal, and `store_key` holds what keyed hashes are made with.
  static let version5 = """
    CREATE TABLE access_token (
      id TEXT PRIMARY KEY, digest TEXT NOT NULL, role INTEGER NOT NULL, namespace TEXT, expires_at INTEGER NOT NULL,
      description TEXT NOT NULL, created_at INTEGER NOT NULL, creator TEXT NOT NULL, revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE access_grant (
      id TEXT PRIMARY KEY, identity TEXT NOT NULL, role INTEGER NOT NULL, namespace TEXT,
      created_at INTEGER NOT NULL, creator TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE access_denial (
      id TEXT PRIMARY KEY, certificate TEXT, identity TEXT, reason TEXT NOT NULL,
      created_at INTEGER NOT NULL, creator TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE store_key (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    ALTER TABLE audit ADD COLUMN agent TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE audit ADD COLUMN person INTEGER;
    ALTER TABLE audit ADD COLUMN old_values TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN new_values TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN salt TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN content TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN previous TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
    DROP INDEX audit_reason;
    CREATE INDEX audit_position ON audit (agent, number, id);
    CREATE INDEX audit_person ON audit (person) WHERE person IS NOT NULL;
    CREATE TABLE audit_chain (agent TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_anchor (
      agent TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE creation (
      kind TEXT NOT NULL, namespace TEXT NOT NULL, request TEXT NOT NULL, content TEXT NOT NULL, id TEXT NOT NULL,
      revision INTEGER NOT NULL, person INTEGER, at INTEGER NOT NULL, PRIMARY KEY (kind, namespace, request)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX creation_at ON creation (at);
    CREATE INDEX creation_person ON creation (person) WHERE person IS NOT NULL;

    """
}
