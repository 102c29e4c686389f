/// The 44 bytes before each data block (RFC 9636 section 3.1).
struct TZifHeader {
  static let bytesPerType = 6
  private static let reservedBytes = 15

  /// 1 to 4.
  let version: Int
  let universalCount: Int
  let standardCount: Int
  let leapCount: Int
  let timeCount: Int
  let typeCount: Int
  let characterCount: Int

  init(_ cursor: inout ByteCursor) throws(CivilTimeError) {
    guard try cursor.bytes(TZifReader.magic.count).elementsEqual(TZifReader.magic) else {
      throw CivilTimeError(.malformedFile, "it is not a compiled time zone: it does not begin with TZif")
    }
    let byte = try cursor.uint8()
    switch byte {
    case 0: version = 1
    case UInt8(ascii: "2")...UInt8(ascii: "4"): version = Int(byte - UInt8(ascii: "0"))
    default: throw CivilTimeError(.malformedFile, "its format version, byte \(byte), is not one of 1 to 4")
    }
    try cursor.skip(Self.reservedBytes)
    universalCount = try cursor.count()
    standardCount = try cursor.count()
    leapCount = try cursor.count()
    timeCount = try cursor.count()
    typeCount = try cursor.count()
    characterCount = try cursor.count()
  }

  /// The size of the data block. Counts are below 2^32, so that the sum fits in 64 bits.
  func dataBytes(timeBytes: Int) -> Int {
    timeCount * (timeBytes + 1) + typeCount * Self.bytesPerType + characterCount + leapCount * (timeBytes + 4)
      + standardCount + universalCount
  }

  /// The counts' rules, for the block that is used.
  func check() throws(CivilTimeError) {
    guard leapCount == 0 else {
      throw CivilTimeError(
        .leapSeconds,
        "it counts leap seconds, which Unix time does not; use the zone of the same name outside 'right/'")
    }
    guard typeCount > 0, characterCount > 0 else {
      throw CivilTimeError(.malformedFile, "it has no local time type or no abbreviation")
    }
    for count in [universalCount, standardCount] where count != 0 && count != typeCount {
      throw CivilTimeError(.malformedFile, "it has \(count) indicators for \(typeCount) local time types")
    }
  }
}

/// Big-endian numbers from bytes that may end anywhere.
struct ByteCursor {
  private let storage: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { storage = bytes }

  var remaining: Int { storage.count - position }

  mutating func bytes(_ count: Int) throws(CivilTimeError) -> ArraySlice<UInt8> {
    guard count <= remaining else { throw truncated() }
    position += count
    return storage[(position - count)..<position]
  }

  mutating func skip(_ count: Int) throws(CivilTimeError) { _ = try bytes(count) }

  mutating func uint8() throws(CivilTimeError) -> UInt8 {
    guard position < storage.count else { throw truncated() }
    position += 1
    return storage[position - 1]
  }

  mutating func int32() throws(CivilTimeError) -> Int32 { Int32(bitPattern: UInt32(truncatingIfNeeded: try big(4))) }

  mutating func int64() throws(CivilTimeError) -> Int64 { Int64(bitPattern: try big(8)) }

  mutating func count() throws(CivilTimeError) -> Int { Int(truncatingIfNeeded: try big(4)) }

  private mutating func big(_ count: Int) throws(CivilTimeError) -> UInt64 {
    var value: UInt64 = 0
    for byte in try bytes(count) { value = value << 8 | UInt64(byte) }
    return value
  }

  func truncated() -> CivilTimeError {
    CivilTimeError(.malformedFile, "it ends too early, after \(storage.count) bytes")
  }
}
