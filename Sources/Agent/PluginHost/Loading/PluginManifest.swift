import CPluginAPI

/// What a plugin says about itself.
public struct PluginManifest: Sendable {
  /// The manifest as it is.
  public let text: String
  /// Reverse-domain name.
  public let id: String
  /// The short name that configurations use.
  public let name: String
  /// Its version, semantic.
  public let version: String
  /// Who made it; may be empty.
  public let vendor: String
  /// Its licence; may be empty.
  public let license: String
  /// What it does, in a sentence; may be empty.
  public let summary: String
  /// Interface ids that it offers.
  public let provides: [String]
  /// Host interface ids that it cannot work without.
  public let requires: [String]
  /// User fields that it gets.
  public let reads: [String]
  /// What it needs of the system.
  public let permissions: [String]
  /// Whether it words events by templates that the host chose; of an event type only.
  public let takesTemplates: Bool
  /// The language of its own words, BCP 47; empty when they are the definition's, in whatever language.
  public let builtInLocale: String
  /// The schema of its configuration.
  public let configuration: JSONSchema
  /// The schema of a schedule's definition; of an event type only.
  public let definition: JSONSchema
  /// Both schemas as the manifest has them, JSON text; `{}` where it has none.
  public let configurationSchemaJSON: String
  /// The definition's schema, JSON text.
  public let definitionSchemaJSON: String

  /// Whether it is an event type.
  public var isEventType: Bool { provides.contains(CARILLON_EVENT_TYPE_1) }
  /// Whether it is a sink.
  public var isSink: Bool { provides.contains(CARILLON_SINK_1) }

  let userFields: UserFields

  /// Longest manifest, in bytes (`plugin.h`).
  static let maximumBytes = 256 * 1_024

  /// The manifest's own rules, from `plugin.h`. Unknown members are ignored, so that plugins may be newer than a host.
  static let schemaText = """
    {"type": "object", "required": ["id", "name", "version", "provides"], "properties": {
      "id": {"type": "string", "minLength": 3, "maxLength": 128, "pattern": "^[a-z0-9.-]+$"},
      "name": {"type": "string", "maxLength": 63, "pattern": "^[a-z0-9][a-z0-9-]*$"},
      "version": {"type": "string", "maxLength": 64, "pattern": "^\\\\d+\\\\.\\\\d+\\\\.\\\\d+(?:[-+][0-9A-Za-z.+-]+)?$"},
      "vendor": {"type": "string", "maxLength": 256}, "license": {"type": "string", "maxLength": 256},
      "summary": {"type": "string", "maxLength": 1024},
      "provides": {"$ref": "#/$defs/ids", "minItems": 1}, "requires": {"$ref": "#/$defs/ids"},
      "reads": {"type": "array", "items": {"enum": ["names", "locale", "dates", "addresses", "attributes"]}},
      "permissions": {"type": "array", "items": {"enum": ["network", "exec", "files"]}},
      "templates": {"type": "object", "properties": {"locale": {"type": "string", "maxLength": 35}}},
      "schemas": {"type": "object", "properties": {
        "configuration": {"type": ["object", "boolean"]}, "definition": {"type": ["object", "boolean"]},
        "data": {"type": ["object", "boolean"]}}}},
     "$defs": {"ids": {"type": "array", "maxItems": 64, "uniqueItems": true,
       "items": {"type": "string", "maxLength": 128, "pattern": "^[a-z0-9.-]+/\\\\d+$"}}}}
    """

  /// Reads a manifest.
  /// - Throws: `.malformedPlugin` with all faults, `.missingInterface`, or `.unsupportedSchema`.
  init(text: String) throws(PluginHostError) {
    let value: JSONValue
    do throws(PluginHostError) {
      value = try JSONParser.parse(text, maximumBytes: Self.maximumBytes)
    } catch {
      throw PluginHostError(.malformedPlugin, "the manifest is malformed: \(error.message)", cause: error)
    }
    let violations = try JSONSchema(text: Self.schemaText).violations(in: value)
    guard violations.isEmpty, case .object(let object) = value else {
      throw PluginHostError(.malformedPlugin, "the manifest breaks its rules", violations: violations)
    }
    self.text = text
    id = Self.string(object, "id")
    name = Self.string(object, "name")
    version = Self.string(object, "version")
    vendor = PlainText.oneLine(Self.string(object, "vendor"))
    license = PlainText.oneLine(Self.string(object, "license"))
    summary = PlainText.oneLine(Self.string(object, "summary"))
    provides = Self.strings(object, "provides")
    requires = Self.strings(object, "requires")
    let reads = Self.strings(object, "reads")
    self.reads = reads
    permissions = Self.strings(object, "permissions")
    if case .object(let templates) = object["templates"] {
      takesTemplates = true
      builtInLocale = Self.string(templates, "locale")
    } else {
      takesTemplates = false
      builtInLocale = ""
    }
    userFields = UserFields(UserFields.all.filter { reads.contains($0.name) }.map(\.field))
    (configuration, configurationSchemaJSON) = try Self.schema(object, "configuration")
    (definition, definitionSchemaJSON) = try Self.schema(object, "definition")
    _ = try Self.schema(object, "data")
    try checkInterfaces()
  }

  private func checkInterfaces() throws(PluginHostError) {
    guard isEventType || isSink else {
      throw PluginHostError(
        .missingInterface,
        "the plugin provides \(provides.joined(separator: ", ")); this host knows \(CARILLON_EVENT_TYPE_1) and \(CARILLON_SINK_1)"
      )
    }
    let missing = requires.filter { !HostContext.interfaces.contains($0) }
    guard missing.isEmpty else {
      throw PluginHostError(
        .missingInterface,
        "the plugin requires \(missing.joined(separator: ", ")), which this host does not have; it has "
          + HostContext.interfaces.joined(separator: ", "))
    }
  }

  private static func string(_ object: JSONObject, _ name: String) -> String {
    if case .string(let text) = object[name] { text } else { "" }
  }

  private static func strings(_ object: JSONObject, _ name: String) -> [String] {
    guard case .array(let items) = object[name] else { return [] }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  private static func schema(
    _ object: JSONObject, _ name: String
  ) throws(PluginHostError) -> (schema: JSONSchema, text: String) {
    guard case .object(let schemas) = object["schemas"], let value = schemas[name] else { return (.anyObject, "{}") }
    do throws(PluginHostError) {
      return (try JSONSchema(value), JSONWriter.text(value))
    } catch {
      throw PluginHostError(.unsupportedSchema, "the manifest's \(name) \(error.message)", cause: error)
    }
  }
}
