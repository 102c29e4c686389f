/// What a change did to a resource.
enum ChangeEffect: String, Sendable {
  case created
  case updated
  case unchanged
  case deleted
  case failed
}

/// One line about a change that answers with no resource.
struct EffectReport: Sendable {
  var kind: ResourceKind
  var name: String
  var effect: ChangeEffect

  var json: JSONValue {
    .object([
      ("kind", .string(kind.singular)), ("name", .string(name)), ("effect", .string(effect.rawValue)),
    ])
  }

  func show(_ printer: Printer) throws(CtlError) {
    try printer.document(json, names: [name]) { ["\(kind.singular) \(ResourceName.id(name)) \(effect.rawValue)"] }
  }
}
