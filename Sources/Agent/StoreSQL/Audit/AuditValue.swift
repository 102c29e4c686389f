/// A field's value in the audit: as it is, or hidden behind a keyed hash.
enum AuditValue: Hashable {
  case text(String)
  case number(Int64)
  case real(Double)
  case flag(Bool)
  case texts([String])
  /// A personal or secret value: of it the audit has a keyed hash.
  case hidden(String)

  /// Whether it is what a field has that says nothing.
  var isEmpty: Bool {
    switch self {
    case .text(let text), .hidden(let text): text.isEmpty
    case .texts(let texts): texts.isEmpty
    case .number, .real, .flag: false
    }
  }

  static func optional(_ text: String?) -> AuditValue { .text(text ?? "") }
}

/// The fields of something, by name; what is empty is left out.
struct AuditFields: Hashable {
  private(set) var values: [String: AuditValue] = [:]

  init(_ values: KeyValuePairs<String, AuditValue>) {
    for (name, value) in values { self[name] = value }
  }

  subscript(name: String) -> AuditValue? {
    get { values[name] }
    set { values[name] = newValue?.isEmpty == true ? nil : newValue }
  }

  /// Those of the fields that differ from another state, or are not there in it.
  func differing(from other: AuditFields?) -> AuditFields {
    guard let other else { return self }
    var fields = AuditFields([:])
    for (name, value) in values where other[name] != value { fields[name] = value }
    return fields
  }
}

extension Session {
  /// JSON of fields, sorted by name; what is hidden as `hmac-sha256:` and the hash.
  func auditText(_ fields: AuditFields) throws -> String {
    var shown: [String: ShownValue] = [:]
    for (name, value) in fields.values {
      shown[name] =
        if case .hidden(let text) = value {
          ShownValue(value: .text("hmac-sha256:\(try keyedHash(Array(text.utf8)))"))
        } else {
          ShownValue(value: value)
        }
    }
    return try JSONText.text(shown)
  }
}

private struct ShownValue: Encodable {
  var value: AuditValue

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .text(let text), .hidden(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .real(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .texts(let texts): try container.encode(texts)
    }
  }
}
