/// What version 4 adds: tokens, grants and denials; the audit's chains; what was created with a request id. A program that
/// does not know it would let in everybody, and write audit records outside of every chain: none may work beside it.
enum Version4 {
  static let statements = [
    """
    CREATE TABLE access_token (
      id text COLLATE "C" PRIMARY KEY, digest text NOT NULL, role bigint NOT NULL, namespace text,
      expires_at bigint NOT NULL, description text NOT NULL, created_at bigint NOT NULL, creator text NOT NULL,
      revoked_at bigint
    );
    CREATE TABLE access_grant (
      id text COLLATE "C" PRIMARY KEY, identity text NOT NULL, role bigint NOT NULL, namespace text,
      created_at bigint NOT NULL, creator text NOT NULL
    );
    CREATE TABLE access_denial (
      id text COLLATE "C" PRIMARY KEY, certificate text, identity text, reason text NOT NULL,
      created_at bigint NOT NULL, creator text NOT NULL
    );

    CREATE TABLE store_key (name text COLLATE "C" PRIMARY KEY, value text NOT NULL);

    ALTER TABLE audit ADD COLUMN agent text COLLATE "C" NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN number bigint NOT NULL DEFAULT 0;
    ALTER TABLE audit ADD COLUMN person bigint;
    ALTER TABLE audit ADD COLUMN old_values text NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN new_values text NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN salt text NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN content text NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN previous text NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN hash text NOT NULL DEFAULT '';
    DROP INDEX audit_reason;
    CREATE INDEX audit_position ON audit (agent, number, id);
    CREATE INDEX audit_person ON audit (person) WHERE person IS NOT NULL;
    CREATE TABLE audit_chain (
      agent text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, hash text NOT NULL
    ) WITH (fillfactor = 50);
    CREATE TABLE audit_anchor (
      agent text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, hash text NOT NULL, at bigint NOT NULL
    ) WITH (fillfactor = 50);

    CREATE TABLE creation (
      kind text COLLATE "C" NOT NULL, namespace text COLLATE "C" NOT NULL, request text COLLATE "C" NOT NULL,
      content text NOT NULL, id text NOT NULL, revision bigint NOT NULL, person bigint, at bigint NOT NULL,
      PRIMARY KEY (kind, namespace, request)
    );
    CREATE INDEX creation_at ON creation (at);
    CREATE INDEX creation_person ON creation (person) WHERE person IS NOT NULL;
    """
  ]
}
