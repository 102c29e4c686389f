public import Store

/// A store, as somebody names it: `sqlite:PATH`, or a PostgreSQL URL.
public enum StoreAddress: Hashable, Sendable {
  /// A file.
  case sqlite(path: String)
  /// A database; without a pooler before it, as a whole store is one transaction.
  case postgresql(url: String)

  /// Reads an address.
  /// - Throws: `.invalid` for anything else; the text is not repeated, as it may hold a password.
  public init(text: String) throws(StoreError) {
    if text.hasPrefix("sqlite:") {
      let path = String(text.dropFirst("sqlite:".count))
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw StoreError(.invalid, "a store at sqlite: needs a path, such as sqlite:/var/lib/carillon/carillon.db")
      }
      self = .sqlite(path: path)
    } else if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
      self = .postgresql(url: text)
    } else {
      throw StoreError(.invalid, "a store is sqlite:PATH or postgresql://user@host/database")
    }
  }

  /// What kind it is, and where; no password in it.
  public var text: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgresql: "the PostgreSQL database"
    }
  }
}
