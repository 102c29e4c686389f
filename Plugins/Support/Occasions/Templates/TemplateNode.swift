import Mustache

/// How much a rendering may still put out. A small template that names a long text often would make a large output;
/// past the limit nothing more is added, and the rendering is refused.
final class OutputBudget {
  private(set) var isSpent = false
  private var left: Int

  init(bytes: Int) { left = bytes }

  /// The text, while there is room for it.
  func spend(_ text: String) -> String {
    left -= text.utf8.count
    guard left >= 0, !isSpent else {
      isSpent = true
      return ""
    }
    return text
  }
}

/// A value as the Mustache library walks it. The root is one with all names.
struct TemplateNode: MustacheParent, MustacheCustomRenderable {
  let members: [TemplateValue.Member]
  let format: TemplateFormat
  let budget: OutputBudget

  func child(named name: String) -> Any? {
    for member in members where member.name == name {
      switch member.value {
      case .text(let text): return leaf(text, .cut)
      case .whole(let text): return leaf(text, .whole)
      case .html(let html): return format == .html ? leaf(html, .markup) : nil
      case .flag(let flag): return flag
      case .object(let members): return TemplateNode(members: members, format: format, budget: budget)
      }
    }
    return nil
  }

  private func leaf(_ text: String, _ kind: TemplateLeaf.Kind) -> TemplateLeaf? {
    text.isEmpty ? nil : TemplateLeaf(text: text, kind: kind, format: format, budget: budget)
  }

  var renderText: String { "" }
  var isNull: Bool { members.isEmpty }
}

/// A text as the Mustache library prints it: already escaped, whatever kind of tag asks.
///
/// The library's own escaping compares whole characters, so that a quotation mark with a combining mark behind it
/// would pass; this one works on code points.
struct TemplateLeaf: MustacheParent, MustacheCustomRenderable, MustacheTransformable {
  enum Kind {
    /// Cut after ``maxBytes``.
    case cut
    /// Never cut.
    case whole
    /// HTML already: neither cut nor escaped.
    case markup
  }

  static let maxBytes = 4096

  let text: String
  let kind: Kind
  let format: TemplateFormat
  let budget: OutputBudget

  // Without this the library would find the stored text by reflection.
  func child(named name: String) -> Any? { nil }

  var renderText: String {
    let bounded = kind == .cut ? text.bounded(toBytes: Self.maxBytes) : text
    return budget.spend(format == .html && kind != .markup ? bounded.escapedForHTML : bounded)
  }

  var isNull: Bool { text.isEmpty }

  func transform(_ name: String) -> Any? {
    if name == "empty" { return text.isEmpty }
    // Changing the case of HTML would change its tags.
    guard kind != .markup else { return nil }
    switch name {
    case "uppercased": return with(text.uppercased())
    case "lowercased": return with(text.lowercased())
    case "capitalized": return with(text.prefix(1).uppercased() + text.dropFirst())
    default: return nil
    }
  }

  private func with(_ text: String) -> TemplateLeaf {
    TemplateLeaf(text: text, kind: kind, format: format, budget: budget)
  }
}
