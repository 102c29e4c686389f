import CPostgreSQL
import Store

/// How one database is reached. Made once from what the operator wrote; it never shows a password.
struct PostgresConfiguration: Sendable {
  /// Whether statements that come again are prepared by name.
  enum Prepare: String, Sendable {
    /// From their second use on. For direct connections, and poolers that know prepared statements.
    case auto
    /// Never: for poolers in transaction mode without support for them, such as pgbouncer before 1.21.
    case off
  }

  /// What a session may be used for.
  enum Role: Sendable {
    /// It reads and writes: a standby is refused.
    case primary
    /// It only reads, and may lag.
    case replica
  }

  /// Keywords and values as libpq knows them, defaults included.
  let parameters: [String: String]
  /// See ``Prepare``.
  var prepare = Prepare.auto
  /// See ``Role``.
  var role = Role.primary
  /// Turns the SQL that is common to both backends into PostgreSQL's; once for each text that is prepared.
  var translate: @Sendable (String) -> String = { $0 }
  /// How long an answer may take, in milliseconds, where no transaction says otherwise; then the connection is given up.
  var answerTimeoutMilliseconds = 60_000
  /// Prepared statements that a connection keeps.
  var preparedStatements = 512

  /// The oldest server version that is taken, in libpq's form.
  static let oldestServer: Int64 = 150_000

  /// Reads a URL (`postgresql://user@host/database?sslmode=verify-full`) or a string of keywords (`host=… dbname=…`), as
  /// libpq does: with its environment variables, its password file and its service file.
  /// - Throws: `.invalid` when libpq cannot read it.
  init(url: String, applicationName: String = "carillon") throws(StoreError) {
    var parameters = try Self.parse(url)
    for (keyword, value) in Self.defaults where parameters[keyword] == nil { parameters[keyword] = value }
    if parameters["application_name"] == nil { parameters["fallback_application_name"] = applicationName }
    parameters["client_encoding"] = "UTF8"
    self.parameters = parameters
  }

  /// How soon it is found out that the server is gone: connecting 5 s, silence 5 s + 3 × 2 s, unacknowledged data 10 s.
  private static let defaults = [
    "connect_timeout": "5", "keepalives": "1", "keepalives_idle": "5", "keepalives_interval": "2",
    "keepalives_count": "3", "tcp_user_timeout": "10000",
  ]

  /// libpq's own message may quote a part of the text, which may be the password: it is left out.
  private static func parse(_ url: String) throws(StoreError) -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    defer { PQfreemem(message) }
    guard !url.utf8.contains(0), let options = PQconninfoParse(url, &message) else {
      throw StoreError(
        .invalid,
        "the database's URL cannot be read; it looks like postgresql://user@host:5432/database?sslmode=verify-full")
    }
    defer { PQconninfoFree(options) }
    var parameters: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return parameters
  }

  /// Where it is, for logs and messages: hosts, ports and the database's name.
  var redacted: String {
    if let service = parameters["service"] { return "service \(service)" }
    let host = parameters["host"] ?? parameters["hostaddr"] ?? "the local socket"
    let port = parameters["port"].map { " port \($0)" } ?? ""
    let database = parameters["dbname"].map { " database \($0)" } ?? ""
    return "PostgreSQL at \(host)\(port)\(database)"
  }

  /// Whether several hosts are named; libpq then looks for one that takes writes.
  var hasSeveralHosts: Bool { (parameters["host"] ?? parameters["hostaddr"] ?? "").contains(",") }
}
