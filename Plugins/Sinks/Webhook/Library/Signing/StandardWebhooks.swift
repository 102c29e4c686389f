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

  /// A key that another took over from.
  public struct RetiringKey: Sendable {
    let key: SigningKey
    let endSeconds: Int64

    /// A key that signs along until then: seconds since 1970-01-01T00:00:00Z, not included.
    public init(_ key: SigningKey, endSeconds: Int64) {
      self.key = key
      self.endSeconds = endSeconds
    }
  }

  private let keys: [SigningKey]
  private let retiring: RetiringKey?

  /// A signer with a key, or with several while one takes over from another.
  ///
  /// - Parameter retiring: signs along for its grace time, whose end needs nobody's doing.
  public init(keys: [SigningKey], retiring: RetiringKey? = nil) {
    self.keys = keys
    self.retiring = retiring
  }

  /// Whether there is any key.
  public var isEmpty: Bool { keys.isEmpty }

  /// The header `webhook-signature`: one signature for each key that signs at that time, separated by spaces.
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
    if let retiring, timestampSeconds < retiring.endSeconds,
      let signature = try retiring.key.signature(of: content)
    {
      signatures.append(signature)
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
