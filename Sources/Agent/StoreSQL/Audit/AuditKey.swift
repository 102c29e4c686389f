import Store

extension Session {
  private static let keyName = "audit"
  private static let keyBytes = 32

  /// A keyed hash of some bytes. The key is random, of this store alone, and goes where the store goes.
  func keyedHash(_ bytes: [UInt8]) throws -> String { AuditHash.keyed(try auditKey(), bytes) }

  /// Made when it is needed first.
  private func auditKey() throws -> [UInt8] {
    if let key = try storedKey() { return key }
    try query("INSERT INTO store_key (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
      .run(Self.keyName, AuditHash.random(bytes: Self.keyBytes))
    guard let key = try storedKey() else { throw StoreError(.corrupt, "the store's key for its audit vanished") }
    return key
  }

  private func storedKey() throws -> [UInt8]? {
    try query("SELECT value FROM store_key WHERE name = ?").first(Self.keyName) { Array($0.text(0).utf8) }
  }
}
