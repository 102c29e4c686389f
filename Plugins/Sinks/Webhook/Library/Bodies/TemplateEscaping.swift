import PluginKit0

/// What becomes of values before they go into a template, for receivers that read marks in a text. JSON's own escapes
/// need no thought: a value is always put in as a string.
enum TemplateEscaping: String, Sendable, CaseIterable {
  /// As they are.
  case none
  /// `&`, `<` and `>` as entities, as Slack wants it: else a name such as `<!channel>` would call everybody.
  case slack

  func escaped(_ text: String) -> String {
    guard self == .slack, text.utf8.contains(where: { Self.marks.contains($0) }) else { return text }
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// The same for every string in an object; names stay.
  func escaped(_ object: JSONObject) -> JSONObject {
    guard self != .none else { return object }
    var output = JSONObject()
    for member in object.members { output[member.name] = escaped(member.value) }
    return output
  }

  private func escaped(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .integer, .number: value
    case .string(let text): .string(escaped(text))
    case .array(let elements): .array(elements.map { escaped($0) })
    case .object(let object): .object(escaped(object))
    }
  }

  private static let marks = Array("&<>".utf8)
}
