import EventModel
import Store

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a backup says of itself before its tables.
struct BackupHeader: Codable, Hashable, Sendable {
  /// The form that this program writes, and the newest that it reads.
  static let newestFormat = 1

  /// The form of what follows.
  var format = newestFormat
  /// The program that wrote it.
  var version: String
  /// `sqlite` or `postgresql`.
  var store: String
  /// When its snapshot was taken, in microseconds since 1970 by the store's clock.
  var takenAt: Int64
  /// The days of its buckets, since 1970: PostgreSQL has a partition for each.
  var days: [Int64]
  /// The greatest number that each numbered table has given.
  var numbers: [String: Int64]
}

/// What a backup says of itself after its tables.
struct BackupTrailer: Codable, Hashable, Sendable {
  /// Each table's rows.
  var tables: [String: TableSum]
  /// The ledger's sums.
  var ledger: LedgerSums
}

/// The ledger's sums over all time, by which a copy is held against what it was made of.
struct LedgerSums: Codable, Hashable, Sendable {
  var rows: Int
  var closedOnce: Int
  var lost: Int
  var closedTwice: Int
  var open: Int
  /// Receipts by outcome.
  var outcomes: [String: Int]

  init(_ check: LedgerCheck) {
    rows = check.rows
    closedOnce = check.closedOnce
    lost = check.lost
    closedTwice = check.closedTwice
    open = check.open
    outcomes = Dictionary(uniqueKeysWithValues: check.outcomes.map { ($0.rawValue, $1) })
  }
}

/// The form of a backup, byte by byte; numbers are big-endian. See README.md.
enum BackupForm {
  static let magic = Array("CARILLON BACKUP\n".utf8)
  /// The longest header or trailer.
  static let maximumJSON = 16 << 20
  /// The longest piece of a table.
  static let maximumPiece = Row.maximumBytes + ByteSink.pieceBytes
  /// A table's piece is written when it has so many bytes.
  static let pieceBytes = 64 << 10
  /// The longest table's or column's name.
  static let maximumName = 256

  static func json<Value: Encodable>(_ value: Value) throws(StoreError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      return Array(try encoder.encode(value))
    } catch {
      throw StoreError(.invalid, "the backup's header cannot be written: \(error)", cause: error)
    }
  }

  static func value<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(StoreError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw StoreError(.corrupt, "the backup is damaged: its header cannot be read", cause: error)
    }
  }
}
