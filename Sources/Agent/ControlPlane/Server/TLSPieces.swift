import EventModel
import FoundationEssentials
import Glibc
import NIOSSL
import SwiftASN1
import X509

/// The bytes of a TLS listener's files, and what they make together.
struct TLSPieces: Equatable, Sendable {
  /// Largest file, in bytes: hundreds of certificates.
  static let maximumBytes = 1 << 20

  let certificate: [UInt8]
  let key: [UInt8]
  let authority: [UInt8]

  init(_ files: TLSFiles) throws(ControlPlaneError) {
    certificate = try Self.read(files.certificate, "tls.certificate")
    key = try Self.read(files.key, "tls.key")
    authority = try Self.read(files.clientAuthority, "tls.client_authority")
  }

  private static func read(_ path: String, _ setting: String) throws(ControlPlaneError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw fault(setting, path, "cannot be opened: \(String(cString: strerror(errno)))") }
    defer { Glibc.close(descriptor) }
    // In parts: files are looked at often, and most of them are small.
    var (bytes, part): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 8_192))
    while bytes.count <= maximumBytes {
      let count = part.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault(setting, path, "cannot be read: \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes += part.prefix(count)
    }
    throw fault(setting, path, "is larger than \(maximumBytes) bytes")
  }

  /// Puts them together.
  /// - Throws: `.invalidConfiguration` for what is no PEM, a key that is another certificate's, and certificates that are
  ///   not valid now. What the library says of a key is left out.
  func check(_ files: TLSFiles, generation: Int, now: Timestamp) throws(ControlPlaneError) -> TLSContexts.Current {
    let chain = try Self.certificates(certificate, files.certificate, "tls.certificate")
    let authorities = try Self.certificates(authority, files.clientAuthority, "tls.client_authority")
    guard let leaf = chain.first else { throw Self.fault("tls.certificate", files.certificate, "holds no certificate") }
    guard !authorities.isEmpty else {
      throw Self.fault("tls.client_authority", files.clientAuthority, "holds no certificate")
    }
    let privateKey: NIOSSLPrivateKey
    do {
      privateKey = try NIOSSLPrivateKey(bytes: key, format: .pem)
    } catch {
      throw Self.fault("tls.key", files.key, "holds no private key in PEM that is not encrypted")
    }
    let end = try Self.expiry(of: leaf, "tls.certificate", files.certificate, now: now)
    for one in authorities { _ = try Self.expiry(of: one, "tls.client_authority", files.clientAuthority, now: now) }
    do {
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["h2"]
      configuration.trustRoots = .certificates(authorities)
      // Who comes without a certificate may have a token; who comes with one must have a good one.
      configuration.certificateVerification = .optionalVerification
      return TLSContexts.Current(
        context: try NIOSSLContext(configuration: configuration), generation: generation, expires: end,
        digest: SHA256Digest(of: try leaf.toDERBytes())?.hexadecimal ?? "")
    } catch {
      throw ControlPlaneError(
        .invalidConfiguration,
        "\(files.certificate) and \(files.key) do not fit together: the key must be that of the first certificate",
        cause: error)
    }
  }

  private static func certificates(
    _ bytes: [UInt8], _ path: String, _ setting: String
  ) throws(ControlPlaneError) -> [NIOSSLCertificate] {
    do {
      return try NIOSSLCertificate.fromPEMBytes(bytes)
    } catch {
      throw fault(setting, path, "holds no certificate in PEM that can be read")
    }
  }

  private static func expiry(
    of certificate: NIOSSLCertificate, _ setting: String, _ path: String, now: Timestamp
  ) throws(ControlPlaneError) -> Timestamp {
    let parsed: Certificate
    do {
      parsed = try Certificate(derEncoded: try certificate.toDERBytes())
    } catch {
      throw fault(setting, path, "holds a certificate that cannot be read")
    }
    let (begins, ends) = (Timestamp(parsed.notValidBefore), Timestamp(parsed.notValidAfter))
    guard ends > now else { throw fault(setting, path, "holds a certificate that ran out at \(Self.text(ends))") }
    guard begins <= now else {
      throw fault(setting, path, "holds a certificate that is not valid before \(Self.text(begins))")
    }
    return ends
  }

  /// RFC 3339, in UTC.
  private static func text(_ time: Timestamp) -> String {
    Date(timeIntervalSince1970: Double(time.seconds)).formatted(.iso8601)
  }

  private static func fault(_ setting: String, _ path: String, _ problem: String) -> ControlPlaneError {
    ControlPlaneError(.invalidConfiguration, "\(setting): \(path) \(problem)")
  }
}
