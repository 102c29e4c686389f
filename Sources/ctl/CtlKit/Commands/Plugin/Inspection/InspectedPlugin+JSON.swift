import PluginFile

extension InspectedPlugin {
  /// For programs. What it does not have is `null`.
  var json: JSONValue {
    .object([
      ("file", .string(path)), ("digest", .string(file.digest)), ("size", .integer(Int64(file.size))),
      ("machine", .string(file.machine.description)), ("abi", abi), ("buildId", Self.optional(file.buildID)),
      ("soname", Self.optional(file.soname)), ("exports", Self.strings(file.exports)),
      ("exportCount", .integer(Int64(file.exportCount))), ("needed", Self.strings(file.needed)),
      ("runPaths", Self.strings(file.runPaths)), ("executableStack", .bool(file.wantsExecutableStack)),
      ("manifest", document), ("warnings", Self.strings(warnings)),
    ])
  }

  private var document: JSONValue {
    guard case .json(let value) = manifest else { return .null }
    return value
  }

  private var abi: JSONValue {
    guard let abi = file.abi else { return .null }
    return .object([("major", .integer(Int64(abi.major))), ("minor", .integer(Int64(abi.minor)))])
  }

  private static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
