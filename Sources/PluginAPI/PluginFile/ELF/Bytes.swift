/// A piece of a file. Numbers are little-endian; what is beyond the end is `nil`.
struct Bytes {
  let all: [UInt8]

  init(_ all: [UInt8]) { self.all = all }

  var count: Int { all.count }

  /// A number of 2, 4 or 8 bytes.
  func number<Number: FixedWidthInteger & UnsignedInteger>(_ at: Int, as type: Number.Type = Number.self) -> Number? {
    let width = Number.bitWidth / 8
    guard at >= 0, width <= count, at <= count - width else { return nil }
    return (0..<width).reversed().reduce(Number(0)) { $0 << 8 | Number(all[at + $1]) }
  }

  func u16(_ at: Int) -> UInt16? { number(at) }
  func u32(_ at: Int) -> UInt32? { number(at) }
  func u64(_ at: Int) -> UInt64? { number(at) }

  /// The bytes from there to the next NUL, without it; `nil` when none follows within `limit` bytes.
  func text(_ at: Int, limit: Int) -> String? {
    guard (0..<count).contains(at) else { return nil }
    let end = min(count, at + limit + 1)
    guard let zero = all[at..<end].firstIndex(of: 0) else { return nil }
    return String(decoding: all[at..<zero], as: UTF8.self)
  }

  /// Whether `name` and a NUL stand there.
  func holds(_ name: String, at place: Int) -> Bool {
    let length = name.utf8.count
    guard place >= 0, length < count, place < count - length, all[place + length] == 0 else { return false }
    return all[place..<(place + length)].elementsEqual(name.utf8)
  }
}

enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
