import CPluginAPI
import Synchronization

/// Documents as plugins ask about them. Keeps the last one parsed: a plugin asks several things about one document.
final class JSONService: Sendable {
  /// Longest pointer, in bytes.
  static let maximumPointerBytes = 4_096

  private struct Parsed: Sendable {
    let bytes: [UInt8]
    let value: JSONValue
  }

  private let last = Mutex<Parsed?>(nil)

  /// What stands at a pointer; nil when nothing does.
  /// - Throws: `.malformedJSON` for a document that is none, `.invalidDocument` for a pointer that is none.
  func find(_ document: carillon_str, _ pointer: carillon_str) throws(PluginHostError) -> JSONValue? {
    guard pointer.len <= Self.maximumPointerBytes, let text = String(validating: pointer.bytes, as: UTF8.self),
      let tokens = JSONPointer.tokens(text)
    else {
      throw PluginHostError(.invalidDocument, "a JSON Pointer is empty or begins with /, and has ~ only in ~0 and ~1")
    }
    var value = try parse(document)
    for token in tokens {
      guard let next = value.child(token) else { return nil }
      value = next
    }
    return value
  }

  private func parse(_ document: carillon_str) throws(PluginHostError) -> JSONValue {
    let bytes = document.bytes
    guard bytes.count <= JSONParser.maximumBytes else {
      throw PluginHostError(
        .malformedJSON, "JSON of \(bytes.count) bytes; at most \(JSONParser.maximumBytes) are allowed")
    }
    if let known = last.withLock({ $0 }), known.bytes.elementsEqual(bytes) { return known.value }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PluginHostError(.malformedJSON, "JSON must be UTF-8")
    }
    let value = try JSONParser.parse(text)
    let parsed = Parsed(bytes: Array(bytes), value: value)
    last.withLock { $0 = parsed }
    return value
  }
}

extension JSONValue {
  /// A member by its name, or an item by its index as RFC 6901 writes it: digits without leading zeros.
  fileprivate func child(_ token: String) -> JSONValue? {
    switch self {
    case .object(let object): return object[token]
    case .array(let items):
      guard token == "0" || token.utf8.first != UInt8(ascii: "0"), token.utf8.allSatisfy({ (48...57).contains($0) }),
        let index = Int(token), items.indices.contains(index)
      else { return nil }
      return items[index]
    case .null, .bool, .integer, .double, .string: return nil
    }
  }
}
