/// Hides secrets in what a server said: some echo the request in their errors.
struct SecretMask: Sendable, CustomStringConvertible, CustomReflectable {
  static let shown = "(hidden)"
  /// Shorter ones would hide half of any text.
  private static let minimumBytes = 6

  private let secrets: [[UInt8]]

  init(_ secrets: [String]) {
    // The longest first, so that one that has another within is hidden as a whole.
    self.secrets = Set(secrets).map { Array($0.utf8) }.filter { $0.count >= Self.minimumBytes }
      .sorted { $0.count > $1.count }
  }

  var description: String { "<mask>" }
  var customMirror: Mirror { Mirror(self, children: []) }

  func masked(_ bytes: [UInt8]) -> [UInt8] { secrets.reduce(bytes) { Self.masked($0, $1) } }

  private static func masked(_ bytes: [UInt8], _ secret: [UInt8]) -> [UInt8] {
    guard bytes.count >= secret.count, let first = secret.first else { return bytes }
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == first, bytes[index...].starts(with: secret) {
        output += shown.utf8
        index += secret.count
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return output
  }
}
