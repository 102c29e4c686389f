import FoundationEssentials

/// A signing secret of the Standard Webhooks specification: `whsec_` and the base64 of 24 to 64 bytes.
///
/// It never describes itself, so that it cannot get into a log by accident.
struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
  static let prefix = "whsec_"
  static let byteRange = 24...64

  let key: [UInt8]

  /// Reads a secret; its base64 padding may be missing.
  init(_ text: String) throws(CtlError) {
    let body = text.hasPrefix(Self.prefix) ? String(text.dropFirst(Self.prefix.count)) : text
    let padded = body + String(repeating: "=", count: (4 - body.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: padded) else {
      throw .invalid("secret", "is not \(Self.prefix) and base64")
    }
    guard Self.byteRange.contains(data.count) else {
      throw .invalid(
        "secret", "has \(data.count) bytes; allowed are \(Self.byteRange.lowerBound) to \(Self.byteRange.upperBound)")
    }
    key = [UInt8](data)
  }

  var description: String { "WebhookSecret" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
