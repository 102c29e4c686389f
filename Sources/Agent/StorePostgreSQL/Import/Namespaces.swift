import Store
import StoreSQL

/// The numbers of a batch's namespaces.
struct Namespaces {
  private static let missing: Int64 = -1
  private var known: [String: Int64] = [:]

  init(_ names: Set<String>, _ session: Session) throws {
    for name in names { known[name] = try session.namespace(name) }
  }

  /// The number of a namespace, made when it is new.
  mutating func make(_ name: String, _ session: Session) throws -> Int64 {
    if let number = known[name] { return number }
    let number = try session.makeNamespace(name)
    known[name] = number
    return number
  }

  /// A column of each name's namespace; what is in none is found nowhere.
  func numbers(of keys: ImportKeys) -> PostgresValue {
    .int64Array(keys.all.map { known[$0.namespace] ?? Self.missing })
  }
}
