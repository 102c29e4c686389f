/// A JSON document that keeps the order of its members, for printing and for taking apart.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number as it was written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  /// The member of an object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == key }?.1
  }

  /// The text of a string.
  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}

// MARK: - order

extension JSONValue {
  /// The API's fields that hold a JSON object of any form (google.protobuf.Struct), which has no order of its own.
  static let objectFields: Set<String> = [
    "configuration", "configurationSchema", "data", "definition", "definitionSchema",
  ]

  /// With the members of such fields by name.
  var withSortedObjects: JSONValue {
    switch self {
    case .array(let items): .array(items.map(\.withSortedObjects))
    case .object(let members):
      .object(
        members.map { name, value in (name, Self.objectFields.contains(name) ? value.sorted : value.withSortedObjects) }
      )
    default: self
    }
  }

  /// With the members of all objects by name, and whole numbers written so: there are no others in such an object, which
  /// knows only doubles.
  var sorted: JSONValue {
    switch self {
    case .array(let items): .array(items.map(\.sorted))
    case .object(let members): .object(members.map { ($0.0, $0.1.sorted) }.sorted { $0.0 < $1.0 })
    case .number(let text): Double(text).flatMap(Int64.init(exactly:)).map(JSONValue.integer) ?? self
    default: self
    }
  }
}

// MARK: - writing

extension JSONValue {
  /// On one line, without spaces.
  var compact: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// Indented by two spaces.
  var pretty: String {
    var text = ""
    write(to: &text, indent: 0)
    return text
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value
    case .string(let value): Self.write(value, to: &text)
    case .array(let items):
      Self.writeList(items, open: "[", close: "]", to: &text, indent: indent) { item, text, inner in
        item.write(to: &text, indent: inner)
      }
    case .object(let members):
      Self.writeList(members, open: "{", close: "}", to: &text, indent: indent) { member, text, inner in
        Self.write(member.0, to: &text)
        text += inner == nil ? ":" : ": "
        member.1.write(to: &text, indent: inner)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], open: String, close: String, to text: inout String, indent: Int?,
    _ writeElement: (Element, inout String, Int?) -> Void
  ) {
    text += open
    let inner = indent.map { $0 + 1 }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: "  ", count: inner) }
      writeElement(element, &text, inner)
    }
    if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
    text += close
  }

  /// RFC 8259 section 7; control and format characters that would act on a terminal are escaped too.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
