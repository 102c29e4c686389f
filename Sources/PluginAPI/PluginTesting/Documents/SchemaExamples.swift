import PluginHost

/// Whether what a schema shows is what it allows.
enum SchemaExamples {
  /// Looks at the examples of the whole, and at the examples and defaults of each property.
  static func check(_ object: JSONObject, _ name: String, _ schema: JSONSchema, _ context: CaseContext) {
    if case .array(let examples) = object["examples"] {
      for example in examples { report(schema.violations(in: example), "example", "the \(name)", context) }
    }
    guard case .object(let properties) = object["properties"] else { return }
    for property in properties.members {
      guard case .object(let inner) = property.value, inner["$ref"] == nil,
        let compiled = try? JSONSchema(property.value)
      else { continue }
      let place = "\(name)/\(property.name)"
      if let value = inner["default"] { report(compiled.violations(in: value), "default", place, context) }
      guard case .array(let examples) = inner["examples"] else { continue }
      for example in examples { report(compiled.violations(in: example), "example", place, context) }
    }
  }

  private static func report(
    _ violations: [PluginHostError.Violation], _ what: String, _ place: String, _ context: CaseContext
  ) {
    guard let first = violations.first else { return }
    context.fault("the \(what) of \(place) breaks the schema: \(first.pointer) \(first.message)")
  }
}
