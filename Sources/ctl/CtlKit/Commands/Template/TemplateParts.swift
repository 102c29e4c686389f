import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// The words of a template on the command line.
struct TemplateParts: ParsableArguments {
  /// What the API takes of one part.
  static let maxBytes = 16 * 1_024

  @Option(help: "Title (Mustache), or @FILE.") var title: String?
  @Option(help: "Text (Mustache), or @FILE.") var text: String?
  @Option(help: "HTML (Mustache), or @FILE.") var html: String?

  /// Sets what was given; an empty part becomes the event type's own.
  func apply(
    to template: inout Carillon_V1_Template, _ around: Surroundings, _ fields: inout FieldPaths
  ) throws(CtlError) {
    try fields.set("title", try read(title, "--title", around)) { template.title = $0 }
    try fields.set("text", try read(text, "--text", around)) { template.text = $0 }
    try fields.set("html", try read(html, "--html", around)) { template.html = $0 }
  }

  private func read(_ part: String?, _ field: String, _ around: Surroundings) throws(CtlError) -> String? {
    try TextArgument.read(part, field: field, maxBytes: Self.maxBytes, surroundings: around)
  }
}

/// What a template is for.
struct TemplateScope: ParsableArguments {
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type such as birthday.")
  var type: String?
  @Option(help: "For this language, such as de or pt-BR (default: any).") var locale: String?
  @Option(help: "For this sink (default: any).") var sink: String?

  func apply(
    to template: inout Carillon_V1_Template, _ session: Session, _ fields: inout FieldPaths
  ) throws(CtlError) {
    try fields.set("event_type", type) { template.eventType = $0 }
    try fields.set("locale", locale) { template.locale = $0 }
    try fields.set("sink", sink) { id throws(CtlError) in
      template.sink = try ResourceKind.sinks.optionalName(id, namespace: session.namespace)
    }
  }
}
