import SwiftProtobuf

/// A JSON object on the command line or in a file (`@FILE`, `@-`).
struct ObjectArgument: Sendable {
  static let maxBytes = 1024 * 1024

  /// Reads `text`, named `field` in errors, or takes `base` where there is no text; then sets `pairs` on top of it: the
  /// name is a path, the value JSON where it is JSON, else a text.
  static func read(
    _ text: String?, _ pairs: [PairArgument], field: String, base: Google_Protobuf_Struct = .init()
  ) throws(CtlError) -> Google_Protobuf_Struct {
    var value = try Printer.json(base)
    if let text {
      value = try document(text, field)
      guard case .object = value else { throw .invalid(field, "must be a JSON object such as {\"at\": \"09:00\"}") }
    }
    for pair in pairs {
      guard let path = DefinitionPath(pair.name) else {
        throw .invalid("--set", "\(Excerpt.of(pair.name)) is no path such as title or templates.text")
      }
      let member = (try? JSONValue(parsing: pair.value.utf8)) ?? .string(pair.value)
      guard let changed = path.setting(member, in: value) else {
        throw .invalid("--set", "\(Excerpt.of(pair.name)): what is above it is no object")
      }
      value = changed
    }
    return try message(value, field)
  }

  private static func document(_ text: String, _ field: String) throws(CtlError) -> JSONValue {
    let bytes =
      text.hasPrefix("@") ? try InputFile(String(text.dropFirst())).readAll(maxBytes: maxBytes) : Array(text.utf8)
    do { return try JSONValue(parsing: bytes) } catch {
      let hint = text.hasPrefix("@") ? "" : "; for a file, write @FILE"
      throw .invalid(field, "is not JSON: \(error.reason) at byte \(error.offset)\(hint)")
    }
  }

  private static func message(_ value: JSONValue, _ field: String) throws(CtlError) -> Google_Protobuf_Struct {
    do { return try Google_Protobuf_Struct(jsonString: value.compact) } catch {
      throw .invalid(field, "cannot be sent: \(error)")
    }
  }
}
