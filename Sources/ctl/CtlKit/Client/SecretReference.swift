/// Where a secret stands: `file:/path` or `env:NAME`. A command line and a context name it, and never hold it.
enum SecretReference: Sendable, Equatable {
  case file(path: String)
  case environment(name: String)

  /// Bytes of a token; far more than one has.
  static let maxBytes = 4_096

  /// - Parameter field: how errors name it. They never hold what was given: it may be the secret itself.
  init(_ text: String, field: String) throws(CtlError) {
    if text.hasPrefix("file:"), text.utf8.count > 5 {
      self = .file(path: String(text.dropFirst(5)))
    } else if text.hasPrefix("env:"), text.utf8.count > 4 {
      self = .environment(name: String(text.dropFirst(4)))
    } else {
      throw .invalid(
        field, "must say where the token is, not what it is", hint: "write file:/path/to/token or env:VARIABLE")
    }
  }

  var text: String {
    switch self {
    case .file(let path): "file:\(path)"
    case .environment(let name): "env:\(name)"
    }
  }

  /// The secret, without white space around it.
  func read(_ environment: [String: String]) throws(CtlError) -> String {
    let text: String
    switch self {
    case .file(let path):
      text = String(decoding: try InputFile(path).readAll(maxBytes: Self.maxBytes), as: UTF8.self)
    case .environment(let name):
      guard let value = environment[name] else { throw .invalid("token", "the variable \(name) is not set") }
      text = value
    }
    return try Self.token(text, field: self.text)
  }

  /// A token as a header can carry it (RFC 6750, section 2.1: b64token).
  static func token(_ text: String, field: String) throws(CtlError) -> String {
    let token = text.filter { !$0.isWhitespace }
    let isToken = { (byte: UInt8) in Byte.isLetter(byte) || Byte.isDigit(byte) || "-._~+/=".utf8.contains(byte) }
    guard !token.isEmpty, token.utf8.count <= maxBytes, token.utf8.allSatisfy(isToken) else {
      throw .invalid(field, "holds no bearer token")
    }
    return token
  }
}
