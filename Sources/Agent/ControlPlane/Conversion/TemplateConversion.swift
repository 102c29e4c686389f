import ControlAPI
import EventModel

extension Carillon_V1_Template {
  /// What a client is shown of a template.
  init(_ template: MessageTemplate) {
    self.init()
    name = ResourceName(kind: .template, namespace: template.namespace, id: template.id).text
    eventType = template.eventType
    locale = template.locale
    sink =
      template.sink.isEmpty ? "" : ResourceName(kind: .sink, namespace: template.namespace, id: template.sink).text
    title = template.title
    text = template.text
    html = template.html
    etag = Etag.text(template.revision)
  }

  static let maskFields = ["event_type", "locale", "sink", "title", "text", "html"]
}

extension MessageTemplate {
  /// A draft with all that a client may say of a template.
  init(
    _ message: Carillon_V1_Template, namespace: String, id: String, path: FieldPath, violations: inout Violations
  ) {
    self.init(namespace: namespace, id: id, eventType: message.eventType)
    for field in Carillon_V1_Template.maskFields { take(field, from: message, path, &violations) }
  }

  /// Takes what the mask has.
  mutating func apply(
    _ message: Carillon_V1_Template, mask: FieldMask, path: FieldPath, violations: inout Violations
  ) {
    for field in Carillon_V1_Template.maskFields where mask.has(field) {
      take(field, from: message, path, &violations)
    }
  }

  private mutating func take(
    _ field: String, from message: Carillon_V1_Template, _ path: FieldPath, _ violations: inout Violations
  ) {
    switch field {
    case "event_type": eventType = message.eventType
    case "locale": locale = message.locale
    case "sink": takeSink(message.sink, path, &violations)
    case "title": title = message.title
    case "text": text = message.text
    case "html": html = message.html
    default: break
    }
  }

  private mutating func takeSink(_ name: String, _ path: FieldPath, _ violations: inout Violations) {
    let namespace = namespace
    let id = violations.collect(under: path) { () throws(ModelError) in
      try ResourceName.optionalID(name, kind: .sink, in: namespace, field: "sink")
    }
    sink = (id ?? nil) ?? ""
  }
}

extension MessageTemplate: Sizable {
  var answerBytes: Int { 512 + title.utf8.count + text.utf8.count + html.utf8.count }
}
