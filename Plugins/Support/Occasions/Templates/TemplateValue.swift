public import PluginKit0

/// A value that templates can name.
public enum TemplateValue: Sendable, Hashable {
  /// A text; one longer than 4 KiB is cut.
  case text(String)
  /// A text that is never cut: what the message would say without the template.
  case whole(String)
  /// Complete and safe HTML: stands as it is in HTML, and is absent elsewhere.
  case html(String)
  /// A truth value, for sections.
  case flag(Bool)
  /// Values under names.
  case object([Member])

  /// A name and its value.
  public struct Member: Sendable, Hashable {
    let name: String
    let value: TemplateValue

    /// A name and its value.
    public init(_ name: String, _ value: TemplateValue) {
      self.name = name
      self.value = value
    }

    /// A name and its text; nil when there is no text.
    public init?(_ name: String, _ text: String?) {
      guard let text else { return nil }
      self.init(name, .text(text))
    }
  }

  /// A value from JSON; nil for null and lists, which templates do not see.
  public init?(_ json: JSONValue) {
    switch json {
    case .null, .array: return nil
    case .bool(let value): self = .flag(value)
    case .integer, .number: self = .text(json.serialized())
    case .string(let text): self = .text(text)
    case .object(let object):
      self = .object(object.members.compactMap { member in Self(member.value).map { Member(member.name, $0) } })
    }
  }
}

/// What a rendered text is for: decides how values are escaped.
public enum TemplateFormat: Sendable, Hashable {
  /// Escaped for nothing.
  case plain
  /// Escaped for HTML, in text and in quoted attributes.
  case html
}
