import Store

/// Reads a backup in the order in which it was written. Everything in it is checked before it is believed; that all of it
/// is as it was written is known at its end.
struct BackupReader: ~Copyable {
  private var source: ByteSource
  let header: BackupHeader

  /// Reads the header.
  init(_ descriptor: Int32) throws(StoreError) {
    var source = ByteSource(descriptor)
    guard try source.read(BackupForm.magic.count) == BackupForm.magic else {
      throw StoreError(.corrupt, "this is no backup of a store")
    }
    let block = try Self.block(&source, BackupForm.maximumJSON)
    let format = try BackupForm.value(Format.self, block).format
    guard (1...BackupHeader.newestFormat).contains(format) else {
      throw StoreError(
        .corrupt,
        "the backup is of form \(format), written by a newer program; this one knows \(BackupHeader.newestFormat)")
    }
    header = try BackupForm.value(BackupHeader.self, block)
    self.source = source
  }

  /// What every form's header has.
  private struct Format: Decodable {
    var format: Int
  }

  /// The next table, with the columns that the backup has of it; nil after the last.
  mutating func nextTable() throws(StoreError) -> MovedTable? {
    let words = String(decoding: try Self.block(&source, BackupForm.maximumName * 64), as: UTF8.self)
      .split(separator: " ").map(String.init)
    guard let name = words.first else { return nil }
    guard var table = MovedTable.named(name) else { throw Self.unknown("table \(name)") }
    let known = Dictionary(uniqueKeysWithValues: table.columns.map { ("\($0.name):\($0.kind.rawValue)", $0) })
    table.columns = try words.dropFirst().map { word throws(StoreError) in
      guard let column = known[word] else { throw Self.unknown("column \(name).\(word)") }
      return column
    }
    return table
  }

  /// Reads the rows of the table that was begun.
  mutating func rows(of table: MovedTable, _ body: (Row) throws -> Void) throws {
    var row = Row()
    while true {
      var left = try source.readNumber()
      guard left > 0 else { return }
      let piece = try Self.block(&source, BackupForm.maximumPiece)
      var rest = piece[...]
      while left > 0 {
        guard let count = try row.read(rest, fields: table.columns.count) else { throw Row.malformed }
        try body(row)
        rest = rest.dropFirst(count)
        left -= 1
      }
      guard rest.isEmpty else { throw Row.malformed }
    }
  }

  /// Reads what follows the last table, to the end.
  mutating func end() throws(StoreError) -> BackupTrailer {
    let trailer = try BackupForm.value(
      BackupTrailer.self, try Self.block(&source, BackupForm.maximumJSON))
    try source.readSum()
    return trailer
  }

  private static func block(_ source: inout ByteSource, _ maximum: Int) throws(StoreError) -> [UInt8] {
    let count = Int(try source.readNumber())
    guard count <= maximum else { throw Row.malformed }
    return try source.read(count)
  }

  private static func unknown(_ what: String) -> StoreError {
    StoreError(.corrupt, "the backup has the \(what), which this program does not know; restore it with a newer one")
  }
}
