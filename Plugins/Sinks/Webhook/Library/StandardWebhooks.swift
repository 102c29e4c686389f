public import PluginKit0

/// Signs and verifies after the Standard Webhooks specification, version 1.
///
/// ```swift
/// let signer = StandardWebhooks(keys: [try SigningKey("whsec_…")])
/// let header = try signer.signature(id: "msg_1", timestampSeconds: 1_614_265_330, body: bytes)
/// ```
public struct StandardWebhooks: Sendable {
  /// How far a timestamp may be from the verifier's clock, as the specification advises.
  public static let toleranceSeconds: Int64 = 300
  /// At most so many signatures of a header are looked at.
  private static let maximumSignatures = 16

  private let keys: [SigningKey]

  /// A signer with a key, or with several while one takes over from another.
  public init(keys: [SigningKey]) { self.keys = keys }

  /// Whether there is any key.
  public var isEmpty: Bool { keys.isEmpty }

  /// The header `webhook-signature`: one signature for each key, separated by spaces.
  ///
  /// - Throws: `invalid` for an id that is empty or has a `.`, which would make the signed text ambiguous.
  public func signature(id: String, timestampSeconds: Int64, body: [UInt8]) throws(PluginError) -> String {
    guard !id.isEmpty, !id.utf8.contains(UInt8(ascii: ".")) else {
      throw PluginError(.invalid, "a webhook's id has at least one character and no '.'")
    }
    let content = Self.content(id, timestampSeconds, body)
    var signatures: [String] = []
    for key in keys {
      if let signature = try key.signature(of: content) { signatures.append(signature) }
    }
    return signatures.joined(separator: " ")
  }

  /// Whether one of the header's signatures is one of the keys', and the timestamp is near.
  public func verifies(
    _ header: String, id: String, timestampSeconds: Int64, body: [UInt8], nowSeconds: Int64
  ) -> Bool {
    let (distance, overflow) = nowSeconds.subtractingReportingOverflow(timestampSeconds)
    guard !overflow, distance.magnitude <= UInt64(Self.toleranceSeconds) else { return false }
    let content = Self.content(id, timestampSeconds, body)
    return header.split(separator: " ").prefix(Self.maximumSignatures).contains { signature in
      keys.contains { $0.verifies(signature, of: content) }
    }
  }

  private static func content(_ id: String, _ timestampSeconds: Int64, _ body: [UInt8]) -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(id.utf8.count + body.count + 24)
    content += id.utf8
    content += ".\(timestampSeconds).".utf8
    content += body
    return content
  }
}
