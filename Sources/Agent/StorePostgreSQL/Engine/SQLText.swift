/// Turns the store's SQL, whose parameters are `?` and `?1`, into PostgreSQL's `$1`.
///
/// A `?` counts one more than the largest parameter before it, as in SQLite. What stands in quotes or comments is left
/// alone.
struct SQLText {
  /// With `$n`.
  private(set) var text = ""
  /// How many parameters it has.
  private(set) var parameters = 0

  init(_ sql: String) {
    let source = Array(sql.utf8)
    var output: [UInt8] = []
    output.reserveCapacity(source.count + 16)
    var index = 0
    while index < source.count {
      if let end = Self.endOfOpaque(source, from: index) {
        output += source[index..<end]
        index = end
      } else if source[index] == UInt8(ascii: "?") {
        index += 1
        output += "$\(number(source, &index))".utf8
      } else {
        if source[index] == UInt8(ascii: "$") { noteDollar(source, index) }
        output.append(source[index])
        index += 1
      }
    }
    text = String(decoding: output, as: UTF8.self)
  }

  private mutating func number(_ source: [UInt8], _ index: inout Int) -> Int {
    let explicit = Self.digits(source, &index)
    let number = explicit ?? parameters + 1
    parameters = max(parameters, number)
    return number
  }

  /// SQL of this backend's own may say `$1` itself.
  private mutating func noteDollar(_ source: [UInt8], _ index: Int) {
    var next = index + 1
    if let number = Self.digits(source, &next) { parameters = max(parameters, number) }
  }

  private static func digits(_ source: [UInt8], _ index: inout Int) -> Int? {
    var value: Int?
    while index < source.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(source[index]), (value ?? 0) < 65_536 {
      value = (value ?? 0) * 10 + Int(source[index] - UInt8(ascii: "0"))
      index += 1
    }
    return value
  }

  /// Where the quoted text or the comment that begins here ends; nil when none begins here.
  private static func endOfOpaque(_ source: [UInt8], from start: Int) -> Int? {
    let next = start + 1 < source.count ? source[start + 1] : 0
    switch source[start] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      return end(of: [source[start]], in: source, from: start + 1)
    case UInt8(ascii: "-") where next == UInt8(ascii: "-"):
      return end(of: [UInt8(ascii: "\n")], in: source, from: start + 2)
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
      return end(of: Array("*/".utf8), in: source, from: start + 2)
    case UInt8(ascii: "$") where next == UInt8(ascii: "$"):
      return end(of: Array("$$".utf8), in: source, from: start + 2)
    default: return nil
    }
  }

  private static func end(of mark: [UInt8], in source: [UInt8], from start: Int) -> Int {
    var index = start
    while index + mark.count <= source.count {
      if source[index..<index + mark.count].elementsEqual(mark) { return index + mark.count }
      index += 1
    }
    return source.count
  }
}
