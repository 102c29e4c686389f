/// Which rows of a bucket have their closing receipt: one bit a row.
///
/// It stands in the bucket's row, so that recording can refuse a second closing receipt, and see that the bucket is
/// done, without reading receipts; it is written once per bucket and batch, in the receipts' transaction. The receipts
/// stay the truth: `check` counts them alone.
package struct RowSet: Hashable, Sendable {
  /// Row 8 × i + j is bit j of byte i; bytes at the end may be missing.
  package private(set) var bytes: [UInt8]

  package init(bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  /// How many rows are in it.
  package var count: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

  package var isEmpty: Bool { bytes.allSatisfy { $0 == 0 } }

  package func contains(_ row: Int32) -> Bool {
    let index = Int(row >> 3)
    return bytes.indices.contains(index) && bytes[index] & bit(row) != 0
  }

  /// Puts a row in; false when it was there already.
  package mutating func insert(_ row: Int32) -> Bool {
    let index = Int(row >> 3)
    if index >= bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: index - bytes.count + 1))
    }
    guard bytes[index] & bit(row) == 0 else { return false }
    bytes[index] |= bit(row)
    return true
  }

  /// The set of the first `count` rows.
  package static func all(_ count: Int) -> RowSet {
    var set = RowSet()
    for row in 0..<Int32(clamping: count) { _ = set.insert(row) }
    return set
  }

  private func bit(_ row: Int32) -> UInt8 { 1 << UInt8(row & 7) }
}
