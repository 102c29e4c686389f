import PluginKit0

/// The configured format; a template is checked, and has its secrets as references.
enum BodyChoice: Sendable {
  case json
  case cloudEvents(source: String?)
  case cloudEventsBinary(source: String?)
  case template(JSONTemplate)

  private static let formats = ["json", "cloudevents", "cloudevents-binary", "template"]

  init(_ object: JSONObject, _ violations: inout Violations) {
    let format = object["format"]?.string ?? "json"
    let source = Self.source(object, format, &violations)
    Self.refuseStrays(object, format, &violations)
    switch format {
    case "json": self = .json
    case "cloudevents": self = .cloudEvents(source: source)
    case "cloudevents-binary": self = .cloudEventsBinary(source: source)
    case "template":
      guard let document = object["template"] else {
        violations.add("/format", "required", "the format template needs the member template")
        self = .json
        return
      }
      let escaping = TemplateEscaping(rawValue: object["template_escaping"]?.string ?? "none") ?? .none
      self = .template(JSONTemplate(document, escaping: escaping, at: "/template", &violations))
    default:
      violations.add("/format", "enum", "allowed are \(Self.formats.joined(separator: ", "))")
      self = .json
    }
  }

  /// The references to secrets in it.
  var references: [String] { if case .template(let template) = self { template.references } else { [] } }

  /// Ready for use.
  func resolved(_ secret: (String) throws(PluginError) -> String) throws(PluginError) -> BodyFormat {
    switch self {
    case .json: .json
    case .cloudEvents(let source): .cloudEvents(source: source)
    case .cloudEventsBinary(let source): .cloudEventsBinary(source: source)
    case .template(let template): .template(try template.resolved(secret))
    }
  }

  private static func refuseStrays(_ object: JSONObject, _ format: String, _ violations: inout Violations) {
    for name in ["template", "template_escaping"] where object[name] != nil && format != "template" {
      violations.add("/" + name, "exclusive", "is for the format template; the format is \(format)")
    }
  }

  private static func source(_ object: JSONObject, _ format: String, _ violations: inout Violations) -> String? {
    guard let source = object["cloudevents_source"]?.string else { return nil }
    guard format.hasPrefix("cloudevents") else {
      violations.add("/cloudevents_source", "exclusive", "is for CloudEvents; the format is \(format)")
      return nil
    }
    guard !source.isEmpty, source.utf8.count <= CloudEvent.maximumAttributeBytes, source.utf8.allSatisfy(isOfURI) else {
      violations.add(
        "/cloudevents_source", "uri",
        "must be a URI reference (RFC 3986) of 1 to \(CloudEvent.maximumAttributeBytes) characters")
      return nil
    }
    return source
  }

  /// What may stand in a URI reference (RFC 3986, section 2).
  private static func isOfURI(_ byte: UInt8) -> Bool {
    0x21...0x7E ~= byte && !#""<>\^`{|}"#.utf8.contains(byte)
  }
}
