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
    let url = text("store.url")
    let direct = text("store.direct_url")
    let replica = text("store.replica_url")
    let prepares = text("store.prepare") != "off"
    let pool = number("store.pool")
    guard kind == "postgresql" else {
      for (name, value) in [("store.url", url), ("store.direct_url", direct), ("store.replica_url", replica)]
      where !value.isEmpty { note(name, "is for store.kind postgresql alone") }
      return .sqlite(path: path.isEmpty ? stateDirectory + "/carillon.db" : path)
    }
    if url.isEmpty { note("store.url", "must be given with store.kind postgresql") }
    if !path.isEmpty { note("store.path", "is for store.kind sqlite alone") }
    return .postgresql(
      PostgresSetting(
        url: url, directURL: direct.isEmpty ? nil : direct, replicaURL: replica.isEmpty ? nil : replica,
        prepares: prepares, pool: pool))
  }

  private mutating func note(_ path: String, _ message: String) {
    faults.append("\(origin(path)): \(path) \(message)")
  }
}
