import CPostgreSQL

/// The statements of one connection: translated once, prepared by name from the second use on, the least recently used
/// let go.
struct StatementCache {
  /// One SQL text.
  final class Entry {
    /// With `$n`.
    let sql: String
    let parameters: Int
    var uses = 0
    var lastUse: UInt64 = 0
    /// What its parameters were when they were not NULL.
    var types: [Oid]
    /// Its name at the server, and the types that it was prepared for.
    var name: String?
    var preparedTypes: [Oid] = []
    /// How often it was prepared. One whose types change from call to call is not worth it.
    var preparations = 0
    /// The statement that the shared SQL layer steps.
    var statement: PostgresStatement?

    init(_ text: SQLText) {
      sql = text.text
      parameters = text.parameters
      types = Array(repeating: PostgresType.unknown, count: text.parameters)
    }
  }

  private static let mostPreparations = 4

  private let capacity: Int
  private var entries: [String: Entry] = [:]
  private var clock: UInt64 = 0
  private var names: UInt64 = 0
  /// Names that the server still has, and nobody needs.
  private(set) var stale: [String] = []

  init(capacity: Int) {
    self.capacity = max(capacity, 1)
  }

  /// The entry of an SQL text, made when it is new.
  mutating func entry(_ sql: String, translate: (String) -> String = { $0 }) -> Entry {
    clock += 1
    if let entry = entries[sql] {
      entry.lastUse = clock
      return entry
    }
    if entries.count >= capacity { removeOldest() }
    let entry = Entry(SQLText(translate(sql)))
    entry.lastUse = clock
    entries[sql] = entry
    return entry
  }

  private mutating func removeOldest() {
    guard let (sql, entry) = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    entries[sql] = nil
    if let name = entry.name { stale.append(name) }
    entry.name = nil
    entry.statement = nil
  }

  /// Lets go of the statements, which hold on to their entries.
  mutating func removeAll() {
    for entry in entries.values { entry.statement = nil }
    entries = [:]
  }

  /// Whether the entry is to be prepared now, for these types; then it has a new name.
  mutating func shouldPrepare(_ entry: Entry, for types: [Oid]) -> Bool {
    if let name = entry.name {
      if entry.preparedTypes == types { return false }
      stale.append(name)
      entry.name = nil
    }
    entry.uses += 1
    guard entry.uses > 1, entry.preparations < Self.mostPreparations else { return false }
    entry.preparations += 1
    names += 1
    entry.name = "s\(names)"
    entry.preparedTypes = types
    return true
  }

  /// The server does not have the entry's name after all.
  mutating func forget(_ entry: Entry) {
    entry.name = nil
    entry.uses = 0
  }

  /// None of the names is to be used again. `areKnown`: the server still has them.
  mutating func forgetAll(areKnown: Bool) {
    if !areKnown { stale = [] }
    for entry in entries.values {
      if areKnown, let name = entry.name { stale.append(name) }
      forget(entry)
    }
  }

  /// The names to let go; they are nobody's any more.
  mutating func takeStale() -> [String] {
    defer { stale = [] }
    return stale
  }
}
