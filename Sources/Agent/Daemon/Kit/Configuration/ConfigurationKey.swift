import Pipeline

/// One setting: its path in the file, what it takes, and what it is when nobody says.
struct ConfigurationKey: Sendable {
  /// What a setting takes.
  enum Kind: Sendable {
    case text
    case list
    case flag
    case choice([String])
    case number(ClosedRange<Int>)
    /// A secret, or better a reference to one (`file:/path`, `env:NAME`, `credential:NAME`), of which only the reference
    /// is shown: a database's URL may hold a password.
    case secret
    /// An absolute path, or `file:/path`, or `credential:NAME` for a file that systemd hands over; or empty for none.
    case file
    /// Identities of client certificates: `spiffe://…` or `dns:…`.
    case identities
    case duration(minimumSeconds: Int64, maximumSeconds: Int64)
    /// `host:port` on loopback, or empty for none.
    case loopback
    /// `host:port` on any of this machine's addresses, or empty for none.
    case address
  }

  /// What it takes until a change of it counts.
  enum Effect: Sendable {
    /// SIGHUP or `ctl agent reload`.
    case reload
    /// Only a restart: it is what the agent was built with.
    case restart
  }

  var path: String
  var kind: Kind
  var standard: String
  var help: String
  var effect = Effect.restart

  /// `store.path` → `CARILLON_STORE_PATH`.
  var environmentName: String {
    "CARILLON_" + path.uppercased().replacing(".", with: "_")
  }

  static let all: [ConfigurationKey] = [
    .init(path: "agent.name", kind: .text, standard: "", help: "identity in the store; empty: the host's name"),
    .init(
      path: "agent.state_directory", kind: .text, standard: "/var/lib/carillon",
      help: "folder of the agent's own files"),
    .init(
      path: "agent.prefers", kind: .list, standard: "",
      help: "shards to work on before others, such as europe/* or europe/07; empty or all: none before another"),
    .init(
      path: "agent.lease", kind: .duration(minimumSeconds: 2, maximumSeconds: 60), standard: "10s",
      help: "how long others wait for this agent, when it is silent, before they take its events over"),
    .init(
      path: "store.kind", kind: .choice(["sqlite", "postgresql"]), standard: "sqlite",
      help: "sqlite: a file of this agent's own; postgresql: a database that agents share"),
    .init(
      path: "store.url", kind: .secret, standard: "",
      help: "the database, as libpq reads it: postgresql://user@host/database?sslmode=verify-full"),
    .init(
      path: "store.direct_url", kind: .secret, standard: "",
      help: "the same without a pooler, for migrations and partitions; empty: store.url is direct"),
    .init(
      path: "store.replica_url", kind: .secret, standard: "",
      help: "a standby for lists and statistics, which may lag; empty: none"),
    .init(
      path: "store.prepare", kind: .choice(["auto", "off"]), standard: "auto",
      help: "off behind a pooler in transaction mode that does not know prepared statements, such as pgbouncer 1.18"),
    .init(
      path: "store.pool", kind: .number(1...64), standard: "4",
      help: "connections to the database, beside those for leases, receipts, upkeep and what people ask to see"),
    .init(
      path: "store.path", kind: .text, standard: "", help: "SQLite file; empty: carillon.db in the state directory"),
    .init(
      path: "plugins.folders", kind: .list, standard: "",
      help: "folders with plugins, the first one wins; empty: lib/carillon/plugins beside the program's folder"),
    .init(
      path: "plugins.allow_writable", kind: .flag, standard: "false",
      help: "load plugins that others can write to (for development only)"),
    .init(
      path: "plugins.isolation", kind: .choice(["process", "in-process"]), standard: "process",
      help: "where plugins run that are not Carillon's own: each in a process of its own, or in the agent's"),
    .init(
      path: "plugins.in_process", kind: .list, standard: "",
      help: "names of plugins that run in the agent's process although they are not Carillon's own"),
    .init(
      path: "plugins.isolated", kind: .list, standard: "",
      help: "names of plugins that run in processes of their own although they are Carillon's"),
    .init(
      path: "plugins.require_digest", kind: .flag, standard: "false",
      help: "load no file whose digest plugins.digests does not list"),
    .init(
      path: "plugins.digests", kind: .list, standard: "",
      help: "digests of plugins, sha256:<hex> for any or name=sha256:<hex> for one, as ctl plugin inspect shows them"),
    .init(path: "plugins.disabled", kind: .list, standard: "", help: "names of plugins that are not loaded"),
    .init(
      path: "plugins.runner", kind: .text, standard: "",
      help: "the program carillon-runner; empty: beside the agent's program"),
    .init(
      path: "plugins.memory_mib", kind: .number(64...1_048_576), standard: "1024",
      help: "memory that the process of a plugin may map, in MiB"),
    .init(
      path: "plugins.open_files", kind: .number(32...1_048_576), standard: "1024",
      help: "files and sockets that the process of a plugin may have open"),
    .init(
      path: "plugins.user", kind: .text, standard: "",
      help: "the user that the processes of plugins run as, when the agent is root; empty: the agent's"),
    .init(
      path: "listen.socket", kind: .text, standard: "/run/carillon/agent.sock",
      help: "Unix socket of the control API, made with mode 0600"),
    .init(
      path: "listen.tcp", kind: .loopback, standard: "", help: "control API in plain text on loopback; empty: none"),
    .init(
      path: "listen.tls", kind: .address, standard: "",
      help: "control API over mutual TLS, such as 0.0.0.0:7443; empty: none"),
    .init(
      path: "listen.ops", kind: .loopback, standard: "127.0.0.1:9464", help: "/livez, /readyz, /metrics; empty: none"),
    .init(
      path: "tls.certificate", kind: .file, standard: "",
      help: "PEM file: the certificate of listen.tls, followed by what leads to its authority", effect: .reload),
    .init(
      path: "tls.key", kind: .file, standard: "", help: "PEM file: its key, which others must not be able to read",
      effect: .reload),
    .init(
      path: "tls.client_authority", kind: .file, standard: "",
      help: "PEM file: the authorities whose certificates clients come with", effect: .reload),
    .init(
      path: "tls.authority_key", kind: .file, standard: "",
      help: "PEM file: the key of one of them; empty: this agent issues and renews no certificates", effect: .reload),
    .init(
      path: "access.admins", kind: .identities, standard: "",
      help: "identities of client certificates that may do everything, such as spiffe://carillon/admin/anna",
      effect: .reload),
    .init(
      path: "time_zones.folder", kind: .text, standard: "/usr/share/zoneinfo", help: "the system's time zone files"),
    .init(
      path: "planner.horizon", kind: .duration(minimumSeconds: 60, maximumSeconds: 30 * 86_400), standard: "2h",
      help: "how far ahead events are planned"),
    .init(
      path: "drain.timeout", kind: .duration(minimumSeconds: 0, maximumSeconds: 600), standard: "20s",
      help: "how long sends in flight may take to finish at shutdown", effect: .reload),
    .init(
      path: "retention.history", kind: .duration(minimumSeconds: 86_400, maximumSeconds: 3_650 * 86_400),
      standard: "60d", help: "how long events and receipts are kept", effect: .reload),
    .init(
      path: "retention.dead_letters", kind: .duration(minimumSeconds: 86_400, maximumSeconds: 3_650 * 86_400),
      standard: "14d", help: "how long dead letters are kept", effect: .reload),
    .init(
      path: "rehearsal.speed", kind: .number(Pace.speeds), standard: "1",
      help: "for rehearsals only: how many times faster than real time events fall due; they are sent, early"),
    .init(
      path: "rehearsal.from", kind: .number(0...4_102_444_800), standard: "0",
      help: "seconds since 1970 from which on they do; needed with rehearsal.speed"),
    .init(
      path: "log.level", kind: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
      standard: "info", help: "least level that is written", effect: .reload),
    .init(
      path: "log.format", kind: .choice(["auto", "logfmt", "json"]), standard: "auto",
      help: "auto: logfmt on a terminal, JSON otherwise", effect: .reload),
  ]

  static func named(_ path: String) -> ConfigurationKey? {
    all.first { $0.path == path }
  }
}
