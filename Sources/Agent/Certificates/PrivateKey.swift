import Crypto
import SwiftASN1
import X509

/// A private key. Its description shows nothing of it.
public struct PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// Longest key in PEM, in bytes.
  public static let maximumBytes = 32 * 1_024

  let key: Certificate.PrivateKey

  /// Makes a new one, ECDSA on P-256.
  public init() { key = Certificate.PrivateKey(P256.Signing.PrivateKey()) }

  /// Reads PKCS #8, SEC 1 or PKCS #1 in PEM, not encrypted.
  /// - Throws: `.malformed`; the library's reason is left out, which might quote the text.
  public init(pem: String) throws(CertificatesError) {
    guard pem.utf8.count <= Self.maximumBytes else {
      throw CertificatesError(.malformed, "must have at most \(Self.maximumBytes) bytes")
    }
    do {
      key = try Certificate.PrivateKey(pemEncoded: pem)
    } catch {
      throw CertificatesError(
        .malformed, "must be a private key in PEM that is not encrypted: ECDSA (P-256, P-384, P-521), Ed25519 or RSA")
    }
  }

  /// The key as PKCS #8 in PEM.
  public func pem() throws(CertificatesError) -> String {
    do {
      return try key.serializeAsPEM().pemString + "\n"
    } catch {
      throw CertificatesError(.failed, "the key has no PEM form")
    }
  }

  /// Whether a chain's first certificate is this key's.
  public func fits(_ chain: CertificateChain) -> Bool { chain.first.publicKey == key.publicKey }

  /// Nothing of it.
  public var description: String { "(a private key)" }
  /// Nothing of it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
