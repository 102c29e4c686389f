/// A place in a JSON object, as `--set` writes it: `templates.text`; a dot in a name is written `\.`.
struct DefinitionPath: Sendable, Equatable {
  static let maxDepth = 16

  let parts: [String]

  init?(_ text: String) {
    var parts = [""]
    var isEscaped = false
    for character in text {
      if isEscaped {
        parts[parts.count - 1] += character == "." ? "." : "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "." {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    guard !isEscaped, parts.count <= Self.maxDepth, !parts.contains("") else { return nil }
    self.parts = parts
  }

  /// The object with the value there; nil where something that is no object is in the way.
  func setting(_ value: JSONValue, in object: JSONValue) -> JSONValue? {
    Self.setting(value, at: parts[...], in: object)
  }

  private static func setting(_ value: JSONValue, at path: ArraySlice<String>, in object: JSONValue) -> JSONValue? {
    guard let name = path.first else { return value }
    guard case .object(var members) = object else { return nil }
    let place = members.firstIndex { $0.0 == name }
    let inner = place.map { members[$0].1 } ?? .object([])
    guard let changed = setting(value, at: path.dropFirst(), in: inner) else { return nil }
    if let place { members[place].1 = changed } else { members.append((name, changed)) }
    return .object(members)
  }
}
