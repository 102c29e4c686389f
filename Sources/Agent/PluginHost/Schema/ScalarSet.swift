/// A set of Unicode scalars, as ranges, perhaps inverted.
struct ScalarSet: Sendable {
  private var ranges: [ClosedRange<UInt32>]

  init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

  init(_ range: ClosedRange<Unicode.Scalar>) { ranges = [range.lowerBound.value...range.upperBound.value] }

  private init(ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

  static let empty = ScalarSet(ranges: [])
  /// `\d`
  static let digit = ScalarSet("0"..."9")
  /// `\w`
  static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
  /// `\s`: WhiteSpace and LineTerminator of ECMA-262, sections 12.2 and 12.3.
  static let space = ScalarSet(ranges: [
    0x09...0x0d, 0x20...0x20, 0xa0...0xa0, 0x1680...0x1680, 0x2000...0x200a, 0x2028...0x2029, 0x202f...0x202f,
    0x205f...0x205f, 0x3000...0x3000, 0xfeff...0xfeff,
  ])
  /// `.`: anything but a line terminator.
  static let dot = ScalarSet(ranges: [0x0a...0x0a, 0x0d...0x0d, 0x2028...0x2029]).inverted

  /// The only scalar of the set; nil when there are more or none.
  var single: Unicode.Scalar? {
    guard ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
    return Unicode.Scalar(range.lowerBound)
  }

  mutating func formUnion(_ other: ScalarSet) { ranges += other.ranges }

  func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar.value) } }

  /// Every scalar that is not in this set.
  var inverted: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var low: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > low { gaps.append(low...(range.lowerBound - 1)) }
      low = max(low, range.upperBound + 1)
    }
    if low <= 0x10ffff { gaps.append(low...0x10ffff) }
    return ScalarSet(ranges: gaps)
  }
}
