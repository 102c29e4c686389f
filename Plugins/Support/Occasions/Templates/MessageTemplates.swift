public import PluginKit0

/// Templates for the parts of a message: the `templates` member of a definition, or what the host chose.
public struct MessageTemplates: Sendable, Hashable {
  /// Replaces the title.
  public var title: String?
  /// Replaces the text.
  public var text: String?
  /// Replaces the HTML.
  public var html: String?

  /// Reads templates from the members `title`, `text` and `html` of an object; absent ones stay absent.
  public init(_ reader: inout DefinitionReader) {
    title = reader.text("title")
    text = reader.text("text")
    html = reader.text("html")
  }

  /// Reads the templates that stand in a member of a definition; nil when it is absent or no object.
  public init?(member name: String, _ reader: inout DefinitionReader) {
    guard let object = reader.object(name) else { return nil }
    var inner = DefinitionReader(object, at: reader.pointer(name))
    self.init(&inner)
    inner.refuseOthers(than: ["title", "text", "html"])
    reader.add(inner.violations)
  }

  /// Reads the templates that the host chose for an event. A part that is empty counts as absent.
  ///
  /// - Returns: nil when the host chose none.
  /// - Throws: `invalid`, with a violation at `/templates` for each fault.
  public init?(chosenFor event: Event) throws(PluginError) {
    if event.templates.text.isEmpty { return nil }
    let object: JSONObject
    do throws(PluginError) {
      object = try event.templates.object(named: "document of templates")
    } catch {
      throw PluginError(violations: [.init(pointer: "/templates", code: "type", message: error.message)])
    }
    var reader = DefinitionReader(object, at: "/templates")
    self.init(&reader)
    try reader.finish()
    if title?.isEmpty == true { title = nil }
    if text?.isEmpty == true { text = nil }
    if html?.isEmpty == true { html = nil }
    if title == nil, text == nil, html == nil { return nil }
  }

  /// Notes a fault for each template that cannot be rendered.
  public func check(with renderer: TemplateRenderer, _ reader: inout DefinitionReader) {
    for (name, template) in [("title", title), ("text", text), ("html", html)] {
      if let template, let fault = renderer.fault(in: template) { reader.fault(name, "template", fault) }
    }
  }
}
