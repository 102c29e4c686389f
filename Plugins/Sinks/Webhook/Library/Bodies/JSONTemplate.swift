import Occasions
import PluginKit0

/// A JSON document whose strings are Mustache templates, as the configuration has it. What comes out is JSON whatever
/// the values are, because they are put in as values and never as text.
///
/// A string that is nothing but a reference to a secret stands for that secret.
struct JSONTemplate: Sendable {
  /// At most so many strings with tags: each is compiled and kept.
  static let maximumTemplates = 128

  private let document: JSONValue
  private let escaping: TemplateEscaping
  private let renderer = TemplateRenderer()
  /// The references to secrets in it.
  private(set) var references: [String] = []
  private var templates = 0

  /// Checks a template; notes a violation, below `pointer`, for each fault.
  init(_ document: JSONValue, escaping: TemplateEscaping, at pointer: String, _ violations: inout Violations) {
    self.document = document
    self.escaping = escaping
    check(document, pointer, &violations)
    if templates > Self.maximumTemplates {
      violations.add(
        pointer, "limit", "has \(templates) strings with tags; allowed are \(Self.maximumTemplates)")
    }
  }

  /// Puts the secrets in and lays the document out for rendering.
  func resolved(_ secret: (String) throws(PluginError) -> String) throws(PluginError) -> RenderableTemplate {
    var layout = TemplateLayout()
    try lay(document, "/template", &layout, secret)
    return RenderableTemplate(pieces: layout.pieces, escaping: escaping, renderer: renderer)
  }

  private mutating func check(_ value: JSONValue, _ pointer: String, _ violations: inout Violations) {
    switch value {
    case .null, .bool, .integer, .number: break
    case .string(let text):
      if SecretReference.isOne(text) {
        references.append(text)
      } else if Self.isTemplate(text) {
        templates += 1
        if let fault = renderer.fault(in: text) { violations.add(pointer, "template", "the template \(fault)") }
      }
    case .array(let elements):
      for (index, element) in elements.enumerated() { check(element, "\(pointer)/\(index)", &violations) }
    case .object(let object):
      for member in object.members {
        let place = pointer + "/" + Violations.escaped(member.name)
        if Self.isTemplate(member.name) {
          violations.add(place, "template", "a member's name is no template; only values are")
        }
        check(member.value, place, &violations)
      }
    }
  }

  private func lay(
    _ value: JSONValue, _ pointer: String, _ layout: inout TemplateLayout,
    _ secret: (String) throws(PluginError) -> String
  ) throws(PluginError) {
    switch value {
    case .string(let text) where SecretReference.isOne(text): layout.add(WebhookPayload.quoted(try secret(text)))
    case .string(let text) where Self.isTemplate(text): layout.add(template: text, at: pointer)
    case .null, .bool, .integer, .number, .string: layout.add(value.serialized())
    case .array(let elements):
      layout.add("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { layout.add(",") }
        try lay(element, "\(pointer)/\(index)", &layout, secret)
      }
      layout.add("]")
    case .object(let object):
      layout.add("{")
      for (index, member) in object.members.enumerated() {
        if index > 0 { layout.add(",") }
        layout.add(WebhookPayload.quoted(member.name) + ":")
        try lay(member.value, pointer + "/" + Violations.escaped(member.name), &layout, secret)
      }
      layout.add("}")
    }
  }

  private static func isTemplate(_ text: String) -> Bool { text.contains("{{") || text.contains("}}") }
}

/// A template as it is rendered: text that stays, and strings to be made, in turn.
struct TemplateLayout: Sendable {
  enum Piece: Sendable {
    case fixed(String)
    case template(String, pointer: String)
  }

  private(set) var pieces: [Piece] = []

  mutating func add(_ text: String) {
    if case .fixed(let before)? = pieces.last {
      pieces[pieces.count - 1] = .fixed(before + text)
    } else {
      pieces.append(.fixed(text))
    }
  }

  mutating func add(template: String, at pointer: String) { pieces.append(.template(template, pointer: pointer)) }
}
