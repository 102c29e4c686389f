/// Where an agent keeps its data.
public enum StoreSetting: Sendable {
  /// A file of its own.
  case sqlite(path: String)
  /// A database that agents share.
  case postgresql(PostgresSetting)

  /// Where it is, for logs; no password in it.
  public var kind: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgresql: "postgresql"
    }
  }
}

/// How the database is reached. The texts may hold passwords: they are never shown.
public struct PostgresSetting: Sendable {
  /// As libpq reads it.
  public var url: String
  /// The same without a pooler; nil: `url` is direct.
  public var directURL: String?
  /// A standby; nil: none.
  public var replicaURL: String?
  /// Whether statements are prepared by name.
  public var prepares: Bool
  /// Connections.
  public var pool: Int
}

extension SettingReader {
  /// Reads the settings of the store, and refuses those that do not go together.
  mutating func store(stateDirectory: String) -> StoreSetting {
    let kind = text("store.kind")
    let path = text("store.path")
    let url = database("store.url")
    let direct = database("store.direct_url")
    let replica = database("store.replica_url")
    let prepares = text("store.prepare") != "off"
    let pool = number("store.pool")
    guard kind == "postgresql" else {
      for (name, value) in [("store.url", url), ("store.direct_url", direct), ("store.replica_url", replica)]
      where !value.isEmpty { fault(name, "is for store.kind postgresql alone") }
      return .sqlite(path: path.isEmpty ? stateDirectory + "/carillon.db" : path)
    }
    if url.isEmpty { fault("store.url", "must be given with store.kind postgresql") }
    if !path.isEmpty { fault("store.path", "is for store.kind sqlite alone") }
    return .postgresql(
      PostgresSetting(
        url: url, directURL: direct.isEmpty ? nil : direct, replicaURL: replica.isEmpty ? nil : replica,
        prepares: prepares, pool: pool))
  }

  /// A database's URL. One with a password in it is taken, and had better be a reference.
  private mutating func database(_ path: String) -> String {
    let url = secret(path)
    let written = raw[path]?.values.first ?? ""
    if written == url, Self.hasPassword(url) {
      warn(path, "holds a password: put it into a file and name that (file:/path), or use libpq's own passfile")
    }
    return url
  }

  /// libpq's two forms: `postgresql://user:password@host` and `password=…`, which may stand in a URL's query too.
  private static func hasPassword(_ url: String) -> Bool {
    if url.contains(#/(^|[\s?&])password\s*=/#) { return true }
    guard let start = url.firstRange(of: "://")?.upperBound else { return false }
    let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }
}
