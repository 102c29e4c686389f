import Crypto
public import PluginKit0

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A signing key of the Standard Webhooks specification. Never describes itself.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// How many bytes a symmetric secret has.
  public static let symmetricBytes = 24...64
  private static let symmetricPrefix = "whsec_"
  private static let privatePrefix = "whsk_"
  private static let publicPrefix = "whpk_"
  private static let maximumCharacters = 512
  private static let seedBytes = 32
  /// A seed and the public key behind it, as many libraries write a private key.
  private static let seedAndPublicBytes = 64

  private enum Kind: Sendable {
    case symmetric(SymmetricKey)
    case signing(Curve25519.Signing.PrivateKey)
    case verifying(Curve25519.Signing.PublicKey)
  }

  private let kind: Kind

  /// Reads `whsec_` (HMAC-SHA256), `whsk_` (ed25519 private) or `whpk_` (ed25519 public, to verify only) and base64,
  /// with or without padding. Text without a prefix counts as `whsec_`.
  ///
  /// - Throws: `invalid`, which never has any of the text.
  public init(_ text: String) throws(PluginError) {
    guard text.utf8.count <= Self.maximumCharacters else {
      throw Self.invalid("has \(text.utf8.count) characters; allowed are \(Self.maximumCharacters)")
    }
    if text.hasPrefix(Self.privatePrefix) {
      kind = .signing(try Self.privateKey(Self.decoded(text.dropFirst(Self.privatePrefix.count))))
    } else if text.hasPrefix(Self.publicPrefix) {
      kind = .verifying(try Self.publicKey(Self.decoded(text.dropFirst(Self.publicPrefix.count))))
    } else {
      let body = text.hasPrefix(Self.symmetricPrefix) ? text.dropFirst(Self.symmetricPrefix.count) : text[...]
      let bytes = try Self.decoded(body)
      guard Self.symmetricBytes ~= bytes.count else {
        throw Self.invalid(
          "has \(bytes.count) bytes; allowed are \(Self.symmetricBytes.lowerBound) to \(Self.symmetricBytes.upperBound)"
        )
      }
      kind = .symmetric(SymmetricKey(data: bytes))
    }
  }

  /// `v1,` or `v1a,` and the signature in base64; nil for a key that only verifies.
  func signature(of content: [UInt8]) throws(PluginError) -> String? {
    switch kind {
    case .symmetric(let key):
      return "v1," + Data(HMAC<SHA256>.authenticationCode(for: content, using: key)).base64EncodedString()
    case .signing(let key):
      do {
        return "v1a," + (try key.signature(for: content)).base64EncodedString()
      } catch {
        throw PluginError(.failed, "the ed25519 signature cannot be made")
      }
    case .verifying: return nil
    }
  }

  /// Whether one signature, as `v1,…` or `v1a,…`, is this key's. Takes the same time wherever it differs.
  func verifies(_ signature: Substring, of content: [UInt8]) -> Bool {
    let parts = signature.split(separator: "," as Character, maxSplits: 1).map { String($0) }
    guard parts.count == 2, let bytes = Data(base64Encoded: parts[1]) else { return false }
    switch (parts[0], kind) {
    case ("v1", .symmetric(let key)):
      return HMAC<SHA256>.isValidAuthenticationCode(bytes, authenticating: content, using: key)
    case ("v1a", .signing(let key)): return key.publicKey.isValidSignature(bytes, for: content)
    case ("v1a", .verifying(let key)): return key.isValidSignature(bytes, for: content)
    default: return false
    }
  }

  /// Whether it can sign.
  var canSign: Bool { if case .verifying = kind { false } else { true } }

  /// Says nothing.
  public var description: String { "<signing key>" }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }

  private static func decoded(_ text: Substring) throws(PluginError) -> Data {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard !text.isEmpty, let data = Data(base64Encoded: text + padding) else { throw invalid("is not base64") }
    return data
  }

  private static func privateKey(_ bytes: Data) throws(PluginError) -> Curve25519.Signing.PrivateKey {
    guard bytes.count == seedBytes || bytes.count == seedAndPublicBytes else {
      throw invalid("has \(bytes.count) bytes; an ed25519 private key has \(seedBytes) or \(seedAndPublicBytes)")
    }
    let key: Curve25519.Signing.PrivateKey
    do {
      key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes.prefix(seedBytes))
    } catch {
      throw invalid("is no ed25519 private key")
    }
    guard bytes.count == seedBytes || key.publicKey.rawRepresentation == bytes.suffix(seedBytes) else {
      throw invalid("has halves that do not belong together")
    }
    return key
  }

  private static func publicKey(_ bytes: Data) throws(PluginError) -> Curve25519.Signing.PublicKey {
    do {
      return try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
    } catch {
      throw invalid("is no ed25519 public key")
    }
  }

  private static func invalid(_ what: String) -> PluginError { PluginError(.invalid, "the signing secret \(what)") }
}
