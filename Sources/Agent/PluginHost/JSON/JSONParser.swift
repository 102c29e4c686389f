/// A strict parser of RFC 8259: no comments, no trailing commas, no duplicate names, no lone surrogates, only UTF-8.
/// Bounded in size and depth, so that no text from outside can exhaust the stack or the memory.
struct JSONParser {
  /// How deep arrays and objects may nest.
  static let maximumDepth = 64
  /// Longest text of a configuration or definition, in bytes.
  static let maximumBytes = 256 * 1_024

  private(set) var input: UnsafeBufferPointer<UInt8>
  var position = 0
  private var depth = 0

  /// Parses one document.
  /// - Throws: `.malformedJSON`, naming the place.
  static func parse(_ text: String, maximumBytes: Int = maximumBytes) throws(PluginHostError) -> JSONValue {
    guard text.utf8.count <= maximumBytes else {
      throw PluginHostError(.malformedJSON, "JSON of \(text.utf8.count) bytes; at most \(maximumBytes) are allowed")
    }
    var text = text
    let result = text.withUTF8 { (bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, PluginHostError> in
      var parser = JSONParser(input: bytes)
      do throws(PluginHostError) { return .success(try parser.document()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private init(input: UnsafeBufferPointer<UInt8>) { self.input = input }

  /// An error that names line and column.
  func error(_ what: String) -> PluginHostError {
    let before = input[..<min(position, input.count)]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    return PluginHostError(.malformedJSON, "JSON, line \(line), column \(column): \(what)")
  }

  /// The byte at the position; nil at the end.
  var byte: UInt8? { position < input.count ? input[position] : nil }

  private mutating func document() throws(PluginHostError) -> JSONValue {
    let value = try self.value()
    skipSpace()
    guard byte == nil else { throw error("nothing may follow the value") }
    return value
  }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  /// Takes the byte after white space, if it is this one.
  private mutating func take(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard byte == wanted else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(PluginHostError) -> JSONValue {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"): return try nested { (parser) throws(PluginHostError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { (parser) throws(PluginHostError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw error("a value is missing")
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(PluginHostError) -> JSONValue
  ) throws(PluginHostError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth)") }
    depth += 1
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(PluginHostError) -> JSONValue {
    var object = JSONObject()
    if take(UInt8(ascii: "}")) { return .object(object) }
    repeat {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw error("a member's name in quotes is missing") }
      let name = try string()
      guard take(UInt8(ascii: ":")) else { throw error("':' is missing") }
      guard object.add(name, try value()) else { throw error("the name \"\(name.prefix(80))\" stands twice") }
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("',' or '}' is missing") }
    return .object(object)
  }

  private mutating func array() throws(PluginHostError) -> JSONValue {
    var values: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat { values.append(try value()) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("',' or ']' is missing") }
    return .array(values)
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(PluginHostError) -> JSONValue {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard input[position...].starts(with: wanted) else { throw error("no JSON value begins like this") }
    position += wanted.count
    return value
  }
}
