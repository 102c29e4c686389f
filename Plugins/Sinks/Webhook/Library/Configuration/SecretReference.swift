import PluginKit0

/// References to secrets, as they stand in a configuration.
enum SecretReference {
  private static let prefixes = ["file:/", "env:", "credential:"]

  /// Whether a text begins as a reference does.
  static func isLike(_ text: String) -> Bool { prefixes.contains { text.hasPrefix($0) } }

  /// Whether a text among others is nothing but a reference: no space and no brace, so that `env: {{title}}` is none.
  static func isOne(_ text: String) -> Bool {
    guard let prefix = prefixes.first(where: { text.hasPrefix($0) }), text.utf8.count > prefix.utf8.count else {
      return false
    }
    return text.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
  }
}

/// Resolves references, and keeps what came for the mask.
struct SecretReader {
  private let host: Host
  /// What was resolved so far.
  private(set) var secrets: [String] = []

  init(_ host: Host) { self.host = host }

  /// A resolved secret as text; spaces and line ends around it do not count.
  ///
  /// - Throws: `invalid`, naming the reference, for one that is empty.
  mutating func text(of reference: String) throws(PluginError) -> String {
    let secret = try host.secret(reference)
    let text = secret.withBytes { String(decoding: $0, as: UTF8.self) }
    let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    guard !trimmed.isEmpty else { throw PluginError(.invalid, "the secret \(reference) is empty") }
    secrets.append(trimmed)
    return trimmed
  }
}
