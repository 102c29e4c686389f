/// For the agent's own settings, which name secrets as the plugins' configurations do.
extension SecretResolver {
  /// Whether a text is `file:/path`, `env:NAME` or `credential:NAME`.
  public static func isReference(_ text: String) -> Bool { Reference(text) != nil }

  /// Whether a text begins as a reference does: then it is meant as one.
  public static func isLikeReference(_ text: String) -> Bool {
    ["file:", "env:", "credential:"].contains { text.hasPrefix($0) }
  }

  /// The text that a reference stands for.
  /// - Throws: `.secret` or `.notFound`, naming the reference and never the secret.
  public func text(_ reference: String) throws(PluginHostError) -> String {
    guard let text = String(validating: try bytes(reference), as: UTF8.self) else {
      throw PluginHostError(.secret, "\(reference) holds no UTF-8 text")
    }
    return text
  }

  /// The same for a secret that need not be text.
  public func bytes(_ reference: String) throws(PluginHostError) -> [UInt8] {
    guard let named = Reference(reference) else {
      throw PluginHostError(.secret, "a secret's reference must be file:/path, env:NAME or credential:NAME")
    }
    var bytes: [UInt8] = []
    try resolve(named) { bytes = Array($0) }
    return bytes
  }

  /// The path of a file that is named by an absolute path, `file:/path` or `credential:NAME`; nil for anything else, and
  /// for a credential where none was handed over.
  public func file(of text: String) -> String? {
    if text.hasPrefix("/") { return text }
    switch Reference(text) {
    case .file(let path): return path
    case .credential(let name): return credential(name)
    case .environment, nil: return nil
    }
  }

  /// Every reference in a configuration, sorted.
  /// - Throws: `.malformedJSON`.
  public static func references(in json: String) throws(PluginHostError) -> [String] {
    var references: Set<String> = []
    SecretTable.collect(try JSONParser.parse(json), into: &references)
    return references.sorted()
  }
}
