package import EventModel
import Store

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Maps, lists and messages as the JSON text of a column; keys are sorted, so that equal values have equal text.
package enum JSONText {
  static func text<Value: Encodable>(_ value: Value) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Most maps are empty: that costs nothing.
  package static func map(_ map: [String: String]) throws -> String {
    if map.isEmpty { return "{}" }
    return try plain(map) ?? text(map)
  }

  /// The same text without an encoder, where nothing needs an escape: an import passes here millions of times.
  private static func plain(_ map: [String: String]) -> String? {
    guard map.allSatisfy({ isPlain($0.key, isKey: map.count > 1) && isPlain($0.value, isKey: false) }) else {
      return nil
    }
    var text = "{"
    for (key, value) in map.count > 1 ? map.sorted(by: { $0.key < $1.key }) : Array(map) {
      text += text.utf8.count > 1 ? ",\"" : "\""
      text += key
      text += "\":\""
      text += value
      text += "\""
    }
    return text + "}"
  }

  /// - Parameter isKey: it is put in order with others, which this does for ASCII alone.
  private static func isPlain(_ text: String, isKey: Bool) -> Bool {
    text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && (byte < 0x80 || !isKey)
    }
  }

  static func list(_ numbers: [Int64]) -> String { "[\(numbers.map(String.init).joined(separator: ","))]" }

  static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw StoreError(.corrupt, "the store holds JSON that is no \(type)", cause: error)
    }
  }

  static func map(_ text: String) throws -> [String: String] {
    text == "{}" ? [:] : try value([String: String].self, text)
  }
}

extension CivilFields {
  /// The fields in one integer: year, then month, day, hour, minute, second and fold in 4, 5, 5, 6, 6 and 1 bits.
  package var packed: Int64 {
    var value = Int64(year)
    for (field, bits) in [(month, 4), (day, 5), (hour, 5), (minute, 6), (second, 6), (fold, 1)] {
      value = value << Int64(bits) | Int64(field) & (1 << Int64(bits) - 1)
    }
    return value
  }

  package init(packed: Int64) {
    var value = packed
    func take(_ bits: Int64) -> UInt8 {
      defer { value >>= bits }
      return UInt8(value & (1 << bits - 1))
    }
    let fold = take(1)
    let second = take(6)
    let minute = take(6)
    let hour = take(5)
    let day = take(5)
    let month = take(4)
    self.init(
      year: Int32(clamping: value), month: month, day: day, hour: hour, minute: minute, second: second, fold: fold)
  }
}
