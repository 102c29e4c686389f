import Mustache
public import PluginKit0

/// A value that templates can name.
public enum TemplateValue: Sendable, Hashable {
  /// A text.
  case text(String)
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

/// A value as the Mustache library walks it. The root is one with all names.
struct TemplateNode: MustacheParent, MustacheCustomRenderable {
  let members: [TemplateValue.Member]
  let format: TemplateFormat

  func child(named name: String) -> Any? {
    for member in members where member.name == name {
      switch member.value {
      case .text(let text): return text.isEmpty ? nil : TemplateLeaf(text: text, format: format)
      case .flag(let flag): return flag
      case .object(let members): return TemplateNode(members: members, format: format)
      }
    }
    return nil
  }

  var renderText: String { "" }
  var isNull: Bool { members.isEmpty }
}

/// A text as the Mustache library prints it: already escaped, whatever kind of tag asks.
///
/// The library's own escaping compares whole characters, so that a quotation mark with a combining mark behind it
/// would pass; this one works on code points.
struct TemplateLeaf: MustacheParent, MustacheCustomRenderable, MustacheTransformable {
  static let maxBytes = 4096

  let text: String
  let format: TemplateFormat

  // Without this the library would find the stored text by reflection.
  func child(named name: String) -> Any? { nil }

  var renderText: String {
    let bounded = text.bounded(toBytes: Self.maxBytes)
    return format == .html ? bounded.escapedForHTML : bounded
  }

  var isNull: Bool { text.isEmpty }

  func transform(_ name: String) -> Any? {
    switch name {
    case "uppercased": TemplateLeaf(text: text.uppercased(), format: format)
    case "lowercased": TemplateLeaf(text: text.lowercased(), format: format)
    case "capitalized": TemplateLeaf(text: text.prefix(1).uppercased() + text.dropFirst(), format: format)
    case "empty": text.isEmpty
    default: nil
    }
  }
}
