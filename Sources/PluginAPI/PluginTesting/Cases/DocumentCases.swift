import CPluginAPI
import PluginHost

/// `validate`.
enum DocumentCases {
  /// Definitions that are tried.
  private static let count = 150

  static let all: [CheckCase] = [
    CheckCase(
      "validate", .eventType,
      "validate answers OK or INVALID for every definition that the schema allows, and takes its examples",
      rule: "carillon/event_type.h, validate",
      advice: "name each fault with host->violation; take what the examples show",
      needs: ["creates"], body: validate)
  ]

  @Sendable private static func validate(_ context: CaseContext) throws(CaseEnd) {
    let type = try context.eventType()
    let manifest = type.plugin.manifest
    if case .object(let schema) = try? CheckingParts.parse(manifest.definitionSchemaJSON),
      case .array(let examples) = schema["examples"]
    {
      for example in examples where manifest.definition.violations(in: example).isEmpty {
        let text = CheckingParts.text(example)
        let answer = type.instance.validate(text)
        context.expect(
          answer.isOK, "validate answered \(answer.text) for an example of the schema: \(text.prefix(200))")
      }
    }
    var taken = 0
    let definitions = Array(type.documents.made(manifest.definition, manifest.definitionSchemaJSON, count))
    for definition in definitions {
      let answer = type.instance.validate(definition)
      switch answer.status {
      case CARILLON_OK: taken += 1
      case CARILLON_INVALID:
        if !answer.isExplained {
          context.warn("validate answered INVALID without a violation for \(definition.prefix(200))")
        }
      default:
        context.fault("validate answered \(answer.text), and not OK or INVALID, for \(definition.prefix(200))")
      }
      context.expect(
        type.instance.validate(definition).status == answer.status,
        "validate answered \(answer.text) and then something else for \(definition.prefix(200))")
    }
    context.note("\(taken) of \(definitions.count) definitions were taken")
  }
}
