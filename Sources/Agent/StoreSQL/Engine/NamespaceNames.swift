import Store

/// The names of namespaces, as far as they were met: of many rows each is asked for once, instead of joined to all.
struct NamespaceNames {
  private var names: [Int64: String] = [:]

  /// - Throws: `.corrupt` when there is no such namespace.
  mutating func name(_ number: Int64, _ session: Session) throws -> String {
    if let name = names[number] { return name }
    let name = try session.query("SELECT name FROM namespace WHERE id = ?").first(number) { $0.text(0) }
    guard let name else { throw StoreError(.corrupt, "namespace \(number) is missing") }
    names[number] = name
    return name
  }
}
