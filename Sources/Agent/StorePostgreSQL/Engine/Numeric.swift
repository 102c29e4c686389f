/// A value of the type `numeric`, which sums of integers have: digits to the base 10,000.
struct Numeric {
  private let start: UnsafeRawPointer
  private let digits: Int
  /// The first digit counts 10,000 to the power of this.
  private let weight: Int
  private let sign: UInt16

  private static let headerBytes = 8
  private static let negative: UInt16 = 0x4000
  private static let positive: UInt16 = 0x0000

  init(_ start: UnsafeRawPointer, _ length: Int) {
    self.start = start
    guard length >= Self.headerBytes else {
      (digits, weight, sign) = (0, 0, .max)
      return
    }
    digits = min(Int(start.bigEndian(UInt16.self)), (length - Self.headerBytes) / 2)
    weight = Int(start.bigEndian(Int16.self, at: 2))
    sign = start.bigEndian(UInt16.self, at: 4)
  }

  private func digit(_ index: Int) -> Int64 {
    index < digits ? Int64(start.bigEndian(UInt16.self, at: Self.headerBytes + 2 * index)) : 0
  }

  /// The integer; nil when it is none, or beyond 64 bits.
  var whole: Int64? {
    guard sign == Self.positive || sign == Self.negative, weight < 6 else { return nil }
    guard digits <= weight + 1 else { return nil }
    // Counted downwards: the negative integers reach one further.
    var value: Int64 = 0
    for index in 0..<max(weight + 1, 0) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10_000)
      let (next, underflow) = product.subtractingReportingOverflow(digit(index))
      if overflow || underflow { return nil }
      value = next
    }
    if sign == Self.negative { return value }
    let (negated, overflow) = Int64(0).subtractingReportingOverflow(value)
    return overflow ? nil : negated
  }

  /// The nearest double; NaN and the infinities as themselves.
  var double: Double {
    switch sign {
    case 0xd000: return .infinity
    case 0xf000: return -.infinity
    case Self.positive, Self.negative: break
    default: return .nan
    }
    var value = 0.0
    for index in 0..<digits { value = value * 10_000 + Double(digit(index)) }
    var exponent = weight - digits + 1
    while exponent > 0 {
      value *= 10_000
      exponent -= 1
    }
    while exponent < 0 {
      value /= 10_000
      exponent += 1
    }
    return sign == Self.negative ? -value : value
  }
}
