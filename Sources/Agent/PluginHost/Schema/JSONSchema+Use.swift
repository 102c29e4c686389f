extension JSONSchema {
  /// All faults of a value, at most `PluginHostError.maximumViolations`; none when it is valid.
  public func violations(in value: JSONValue) -> [PluginHostError.Violation] {
    var validator = SchemaValidator(nodes: nodes)
    validator.apply(root, to: value, at: "")
    if validator.isExhausted, validator.violations.isEmpty {
      return [.init(pointer: "", code: "complexity", message: "is too large to be checked against its schema")]
    }
    return validator.violations
  }

  /// Parses a document and checks it.
  /// - Parameter what: what the document is, for the message: `configuration`.
  /// - Throws: `.malformedJSON`, or `.invalidDocument` with all violations.
  public func check(_ text: String, what: String) throws(PluginHostError) -> JSONValue {
    let value = try JSONParser.parse(text)
    let violations = violations(in: value)
    guard violations.isEmpty else {
      throw PluginHostError(.invalidDocument, "the \(what) breaks its schema", violations: violations)
    }
    return value
  }

  /// What stands for a hidden value.
  public static let hidden = "(hidden)"

  /// A document with every value hidden that the schema marks `writeOnly`, wherever it may apply: in doubt it is
  /// hidden. Text that is no JSON comes back hidden as a whole.
  public func redacted(_ text: String) -> String {
    do throws(PluginHostError) {
      return JSONWriter.text(redact(try JSONParser.parse(text), [root]))
    } catch {
      return "\"\(Self.hidden)\""
    }
  }

  private func redact(_ value: JSONValue, _ schemas: [Int]) -> JSONValue {
    let all = closure(schemas)
    if all.contains(where: { nodes[$0].isWriteOnly }) { return .string(Self.hidden) }
    switch value {
    case .object(let object):
      return .object(object.mapped { member in redact(member.value, all.flatMap { members(of: $0, member.name) }) })
    case .array(let items):
      return .array(items.enumerated().map { index, item in redact(item, all.compactMap { self.item(of: $0, index) }) })
    default: return value
    }
  }

  /// These subschemas and all that apply to the same value through them.
  private func closure(_ schemas: [Int]) -> Set<Int> {
    var all: Set<Int> = []
    var open = schemas
    while let schema = open.popLast() {
      if all.insert(schema).inserted { open += nodes[schema].inPlace }
    }
    return all
  }

  private func members(of schema: Int, _ name: String) -> [Int] {
    let node = nodes[schema]
    var result = node.patternProperties.filter { $0.pattern.occurs(in: name) }.map(\.schema)
    if let known = node.places[CodePoints(name)] { result.append(known) }
    if result.isEmpty, let other = node.additionalProperties { result.append(other) }
    return result
  }

  private func item(of schema: Int, _ index: Int) -> Int? {
    let node = nodes[schema]
    return index < node.prefixItems.count ? node.prefixItems[index] : node.items
  }
}
