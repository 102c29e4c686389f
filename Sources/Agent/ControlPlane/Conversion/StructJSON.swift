import EventModel
import SwiftProtobuf

/// `google.protobuf.Struct` to JSON text and back, bounded in depth and size.
///
/// A Struct holds every number as a double; whole ones are written as integers (`7`, not `7.0`), since schemas ask for
/// integers. Keys are in order, so that the same document is always the same text.
enum StructJSON {
  /// Deepest nesting that is taken.
  static let maximumDepth = 32

  /// The JSON text of a document.
  /// - Throws: `ModelError` that names `field`, with a JSON Pointer below it where that helps.
  static func text(
    of document: Google_Protobuf_Struct, field: String, maximumBytes: Int
  ) throws(ModelError) -> String {
    var writer = Writer(field: field, maximumBytes: maximumBytes)
    try writer.write(document, depth: 1, at: "")
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The document of a JSON text that the store holds; empty for an empty text.
  /// - Throws: `StructJSONError` when the text is no JSON object; then the store's data is damaged.
  static func document(of text: String) throws(StructJSONError) -> Google_Protobuf_Struct {
    guard !text.isEmpty else { return Google_Protobuf_Struct() }
    var options = JSONDecodingOptions()
    options.messageDepthLimit = 4 * maximumDepth
    do {
      return try Google_Protobuf_Struct(jsonString: text, options: options)
    } catch {
      // The cause is left out: it may repeat a value.
      throw StructJSONError()
    }
  }

  /// `new` with the values that `shown` hid put back from `old` where `new` still has what `shown` had: so that a client
  /// may send back what it was given, without knowing what was hidden.
  static func restoring(
    _ new: Google_Protobuf_Struct, shown: Google_Protobuf_Struct, old: Google_Protobuf_Struct
  ) -> Google_Protobuf_Struct {
    var result = new
    for (key, value) in new.fields {
      guard let was = shown.fields[key], let real = old.fields[key] else { continue }
      result.fields[key] = restoring(value, shown: was, old: real, depth: 1)
    }
    return result
  }

  private static func restoring(
    _ new: Google_Protobuf_Value, shown: Google_Protobuf_Value, old: Google_Protobuf_Value, depth: Int
  ) -> Google_Protobuf_Value {
    if new == shown || depth > maximumDepth { return new == shown ? old : new }
    guard case .structValue(let document)? = new.kind, case .structValue(let was)? = shown.kind,
      case .structValue(let real)? = old.kind
    else { return new }
    var result = document
    for (key, value) in document.fields {
      guard let was = was.fields[key], let real = real.fields[key] else { continue }
      result.fields[key] = restoring(value, shown: was, old: real, depth: depth + 1)
    }
    return Google_Protobuf_Value(structValue: result)
  }
}

extension StructJSON {
  /// A text, a number or a truth value, as its JSON text says it; nil for anything else.
  static func scalar(_ value: Google_Protobuf_Value) -> String? {
    switch value.kind {
    case .stringValue(let text): return text
    case .boolValue(let value): return value ? "true" : "false"
    case .numberValue(let number): return Int64(exactly: number).map(String.init) ?? "\(number)"
    default: return nil
    }
  }
}

/// A text of the store's is no JSON object.
struct StructJSONError: Error {}

extension StructJSON {
  private struct Writer {
    let field: String
    let maximumBytes: Int
    var bytes: [UInt8] = []

    mutating func write(
      _ document: Google_Protobuf_Struct, depth: Int, at pointer: String
    ) throws(ModelError) {
      try check(depth, pointer)
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for key in document.fields.keys.sorted() {
        guard let value = document.fields[key] else { continue }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        write(key)
        bytes.append(UInt8(ascii: ":"))
        try write(value, depth: depth + 1, at: pointer + "/" + Self.escaped(key))
      }
      bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(
      _ value: Google_Protobuf_Value, depth: Int, at pointer: String
    ) throws(ModelError) {
      switch value.kind {
      case .nullValue: bytes.append(contentsOf: "null".utf8)
      case .boolValue(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
      case .numberValue(let number): try write(number, at: pointer)
      case .stringValue(let text): write(text)
      case .structValue(let document): try write(document, depth: depth, at: pointer)
      case .listValue(let list): try write(list, depth: depth, at: pointer)
      case nil: throw ModelError(field: field + pointer, "must have a value")
      }
      if bytes.count > maximumBytes { throw ModelError(field: field, "must be at most \(maximumBytes) bytes of JSON") }
    }

    private mutating func write(
      _ list: Google_Protobuf_ListValue, depth: Int, at pointer: String
    ) throws(ModelError) {
      try check(depth, pointer)
      bytes.append(UInt8(ascii: "["))
      for (index, value) in list.values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        try write(value, depth: depth + 1, at: "\(pointer)/\(index)")
      }
      bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ number: Double, at pointer: String) throws(ModelError) {
      guard number.isFinite else { throw ModelError(field: field + pointer, "must be a finite number") }
      // Beyond 2^53 a double no longer tells one integer from the next.
      if let whole = Int64(exactly: number), abs(whole) <= 1 << 53 {
        bytes.append(contentsOf: String(whole).utf8)
      } else {
        bytes.append(contentsOf: number.description.utf8)
      }
    }

    private mutating func write(_ text: String) {
      bytes.append(UInt8(ascii: "\""))
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          bytes.append(UInt8(ascii: "\\"))
          bytes.append(byte)
        case 0..<0x20:
          let digits = Array("0123456789abcdef".utf8)
          bytes.append(contentsOf: "\\u00".utf8)
          bytes.append(digits[Int(byte >> 4)])
          bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
      }
      bytes.append(UInt8(ascii: "\""))
    }

    private func check(_ depth: Int, _ pointer: String) throws(ModelError) {
      guard depth <= StructJSON.maximumDepth else {
        throw ModelError(field: field, "must be nested at most \(StructJSON.maximumDepth) deep")
      }
    }

    /// RFC 6901, section 3.
    private static func escaped(_ key: String) -> String {
      var result = ""
      for character in key.unicodeScalars {
        switch character {
        case "~": result += "~0"
        case "/": result += "~1"
        default: result.unicodeScalars.append(character)
        }
      }
      return result
    }
  }
}
