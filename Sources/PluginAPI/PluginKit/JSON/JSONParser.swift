/// A strict parser of RFC 8259 over bytes: one pass, no Foundation, bounded in depth, size and number of values.
///
/// Beyond the grammar it refuses a name that occurs twice in an object (RFC 8259, section 4, leaves that open)
/// and numbers that no double can hold, because two readers would understand them differently.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var position = 0
  private var values = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// The byte at the position; 0, which no JSON token begins with, at the end.
  @inline(__always) var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  mutating func document() throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.maxBytes else {
      throw JSONError(code: .limit, offset: 0, message: "longer than \(limits.maxBytes) bytes")
    }
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw syntax("something after the value") }
    return value
  }

  func syntax(_ message: String) -> JSONError {
    JSONError(
      code: .syntax, offset: position, message: position < bytes.count ? message : "the text ends too early")
  }

  @inline(__always) private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    values += 1
    guard values <= limits.maxValues else {
      throw JSONError(code: .limit, offset: position, message: "more than \(limits.maxValues) values")
    }
    switch current {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw syntax("no JSON value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let length = word.utf8CodeUnitCount
    guard bytes.count - position >= length else { throw syntax("no JSON value") }
    for index in 0..<length where bytes[position + index] != word.utf8Start[index] { throw syntax("no JSON value") }
    position += length
    return value
  }

  private func check(depth: Int) throws(JSONError) {
    guard depth <= limits.maxDepth else {
      throw JSONError(code: .limit, offset: position, message: "nested deeper than \(limits.maxDepth)")
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    try check(depth: depth)
    position += 1
    skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return []
    }
    var elements: [JSONValue] = []
    while true {
      skipSpace()
      elements.append(try value(depth: depth))
      skipSpace()
      if try ends(with: UInt8(ascii: "]")) { return elements }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    try check(depth: depth)
    position += 1
    skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return JSONObject()
    }
    var members = MemberCollector()
    while true {
      skipSpace()
      let start = position
      guard current == UInt8(ascii: "\"") else { throw syntax("a member's name must be a string") }
      let name = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw syntax("no ':' after a member's name") }
      position += 1
      skipSpace()
      guard members.append(.init(name: name, value: try value(depth: depth))) else {
        throw JSONError(code: .duplicate, offset: start, message: "a member's name occurs twice")
      }
      skipSpace()
      if try ends(with: UInt8(ascii: "}")) { return JSONObject(uniqueMembers: members.members) }
    }
  }

  /// Steps over a comma (false) or over the closing bracket (true).
  private mutating func ends(with bracket: UInt8) throws(JSONError) -> Bool {
    let byte = current
    guard byte == UInt8(ascii: ",") || byte == bracket else { throw syntax("neither a comma nor the end") }
    position += 1
    return byte == bracket
  }
}

/// Collects members and tells a repeated name: by comparing while there are few, by hashing beyond that, so
/// that an object with very many members cannot make the parser quadratic.
private struct MemberCollector {
  private static let maxCompared = 16
  var members: [JSONObject.Member] = []
  private var names: Set<String> = []

  mutating func append(_ member: JSONObject.Member) -> Bool {
    if members.count < Self.maxCompared {
      for other in members where other.name == member.name { return false }
    } else {
      if names.isEmpty { names = Set(members.map(\.name)) }
      guard names.insert(member.name).inserted else { return false }
    }
    members.append(member)
    return true
  }
}

extension JSONValue {
  /// Parses a text.
  public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    var text = text
    let result = text.withUTF8 { bytes in
      // A closure given to `withUTF8` keeps no typed error, so the outcome leaves as a value.
      Result { () throws(JSONError) -> JSONValue in try JSONValue(parsing: bytes, limits: limits) }
    }
    self = try result.get()
  }

  /// Parses bytes that need not be UTF-8: if they are not, that is an error.
  public init(parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = .standard) throws(JSONError) {
    var parser = JSONParser(bytes, limits: limits)
    self = try parser.document()
  }
}
