import EventModel
import SwiftProtobuf

/// What a filter on a list can ask about: a field of the resource, as its JSON has it.
struct FilterField: Sendable {
  /// From the resource down; entries of maps and documents by their keys.
  let path: [String]
  /// What stands for a field that the JSON leaves out, as proto3 does with what is empty, 0 or false. Nil when leaving it
  /// out says that there is nothing.
  let standard: String?
  /// Whether it is only asked whether there is something.
  let isPresence: Bool

  /// Finds a field.
  /// - Throws: when there is none of that name, or when it has no value of its own; says which there are.
  init(
    path: [String], isPresence: Bool, of message: String, pool: DescriptorPool = .shared
  ) throws(ModelError) {
    self.path = path
    self.isPresence = isPresence
    let value = try Self.standard(path[...], of: message, pool: pool, isPresence: isPresence)
    standard = isPresence ? nil : value
  }

  /// What a document has in it, as text; nil when there is nothing.
  func value(in document: Google_Protobuf_Struct) -> String? {
    var fields = document.fields
    for (index, key) in path.enumerated() {
      guard let found = fields[key] else { return standard }
      if index == path.count - 1 { return isPresence ? "present" : StructJSON.scalar(found) }
      guard case .structValue(let inner)? = found.kind else { return nil }
      fields = inner.fields
    }
    return standard
  }
}

extension FilterField {
  private static let field = "filter"
  /// Names that an error lists.
  private static let shownNames = 24
  /// What is a text in JSON.
  private static let textTypes: Set<String> = [
    "google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.FieldMask",
  ]

  private static func standard(
    _ path: ArraySlice<String>, of message: String, pool: DescriptorPool, isPresence: Bool
  ) throws(ModelError) -> String? {
    guard let name = path.first, let fields = pool.messages[message]?.field else { throw unknown(path, []) }
    guard let field = fields.first(where: { $0.name == name }) else { throw unknown(path, fields.map(\.name)) }
    let rest = path.dropFirst()
    let typeName = DescriptorPool.fullName(field.typeName)
    if field.label == .repeated {
      guard let entry = pool.messages[typeName], entry.options.mapEntry else {
        if rest.isEmpty, isPresence { return nil }
        throw ModelError(field: Self.field, "\(name) is a list: only has(\(name)) can be asked")
      }
      return try document(name, rest, depth: 1, isPresence)
    }
    switch field.type {
    case .message where textTypes.contains(typeName): break
    case .message where typeName == "google.protobuf.Struct": return try document(name, rest, depth: .max, isPresence)
    case .message:
      if rest.isEmpty, isPresence { return nil }
      guard !rest.isEmpty else {
        let parts = (pool.messages[typeName]?.field ?? []).map { "\(name).\($0.name)" }
        throw ModelError(field: Self.field, "\(name) has parts: \(parts.joined(separator: ", "))")
      }
      return try standard(rest, of: typeName, pool: pool, isPresence: isPresence)
    default: break
    }
    guard rest.isEmpty else { throw ModelError(field: Self.field, "\(name) has no parts") }
    guard field.type != .message, !field.proto3Optional, !field.hasOneofIndex else { return nil }
    switch field.type {
    case .string, .bytes: return ""
    case .bool: return "false"
    case .enum: return pool.enumerations[typeName]?.value.first?.name
    default: return "0"
    }
  }

  /// Something whose keys are not the proto's: whatever is not in it is not there.
  private static func document(
    _ name: String, _ rest: ArraySlice<String>, depth: Int, _ isPresence: Bool
  ) throws(ModelError) -> String? {
    guard !rest.isEmpty || isPresence, rest.count <= depth else {
      throw ModelError(field: field, "\(name) is asked about by its entries: \(name).KEY or \(name)[\"KEY\"]")
    }
    return nil
  }

  private static func unknown(_ path: ArraySlice<String>, _ names: [String]) -> ModelError {
    let shown = names.prefix(shownNames).joined(separator: ", ")
    return ModelError(
      field: field, "\"\(Failure.cut(path.joined(separator: "."), 80))\" is no field; there are: \(shown)")
  }
}
