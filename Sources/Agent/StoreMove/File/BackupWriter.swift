import Store

/// Writes a backup: header, tables, trailer, checksum.
struct BackupWriter: ~Copyable {
  private var sink: ByteSink
  private var piece: [UInt8] = []
  private var rows = 0

  /// - Parameter descriptor: as in ``ByteSink``.
  init(_ descriptor: Int32) {
    sink = ByteSink(descriptor)
  }

  /// How many bytes were written.
  var count: Int { sink.count }

  mutating func begin(_ header: BackupHeader) throws(StoreError) {
    try sink.write(BackupForm.magic)
    try write(block: BackupForm.json(header))
  }

  /// Begins a table: its name, and its columns as `name:kind`.
  mutating func begin(_ table: MovedTable) throws(StoreError) {
    let words = [table.name] + table.columns.map { "\($0.name):\($0.kind.rawValue)" }
    try write(block: Array(words.joined(separator: " ").utf8))
  }

  mutating func write(_ row: Row) throws(StoreError) {
    guard row.bytes.count <= Row.maximumBytes else {
      throw StoreError(.invalid, "a row has \(row.bytes.count) bytes; the most is \(Row.maximumBytes)")
    }
    piece.append(contentsOf: row.bytes)
    rows += 1
    if piece.count >= BackupForm.pieceBytes { try writePiece() }
  }

  /// Ends a table: a piece of no rows.
  mutating func endTable() throws(StoreError) {
    try writePiece()
    try sink.write(UInt32(0))
  }

  /// Ends the tables by one without a name, and all of it.
  mutating func end(_ trailer: BackupTrailer) throws(StoreError) {
    try write(block: [])
    try write(block: BackupForm.json(trailer))
    try sink.writeSum()
  }

  private mutating func writePiece() throws(StoreError) {
    guard rows > 0 else { return }
    try sink.write(UInt32(rows))
    try write(block: piece)
    piece.removeAll(keepingCapacity: true)
    rows = 0
  }

  private mutating func write(block bytes: [UInt8]) throws(StoreError) {
    try sink.write(UInt32(bytes.count))
    try sink.write(bytes)
  }
}
