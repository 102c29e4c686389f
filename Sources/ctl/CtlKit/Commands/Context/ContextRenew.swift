import ArgumentParser
import ControlAPI
import Crypto
import SwiftASN1
import SwiftProtobuf
import X509

/// `ctl context renew`
struct ContextRenew: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "Get a new certificate for the context, before the one it has runs out.",
    discussion: """
      Makes a new key, asks the agent for a certificate of the same identity, and replaces the context's files. The key
      never leaves this machine. For a timer: --if-within 30d does nothing while there is more time.

      Examples:
        ctl context renew
        ctl context renew --if-within 30d --lifetime 90d
      """)

  /// When a certificate is soon to run out.
  static let earlyMilliseconds: Int64 = 30 * 86_400_000

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "How long the new one is valid, at most 366d (default: the agent's, 90d).") var lifetime: TimeSpan?
  @Option(help: "Only if it runs out within this time.") var ifWithin: TimeSpan?

  func perform(_ session: Session) async throws {
    let paths = try Self.paths(session.connection)
    if let ifWithin, let left = try Self.left(paths.certificate, session.around), left > ifWithin.milliseconds {
      return try Self.report("unchanged", until: session.around.now() + left, paths, session.printer)
    }
    let key = P256.Signing.PrivateKey()
    let request = try Self.signingRequest(key)
    let message = Carillon_V1_RenewCertificateRequest.with {
      $0.signingRequest = request
      if let lifetime { $0.lifetime = .init(lifetime) }
    }
    let issued = try await session.client.call {
      try await session.client.access.renewCertificate(message, options: $0)
    }
    try Self.check(issued, key)
    try Self.replace(paths, with: issued, key)
    try Self.report("renewed", until: ValueText.milliseconds(issued.expireTime), paths, session.printer)
  }

  private struct Paths {
    var certificate: String
    var key: String
  }

  private static func paths(_ connection: Connection) throws(CtlError) -> Paths {
    guard let certificate = connection.credentials.certificate, let key = connection.credentials.key else {
      throw .invalid("context", "it has no certificate to renew", hint: "see: ctl context get")
    }
    return Paths(certificate: certificate, key: key)
  }

  /// Milliseconds until the certificate runs out.
  private static func left(_ path: String, _ around: Surroundings) throws(CtlError) -> Int64? {
    try PEMFile.certificates(path, field: "certificate").first.map {
      CertificateProblem.milliseconds($0.notValidAfter) - around.now()
    }
  }

  /// PKCS #10 (RFC 2986); the agent takes nothing of it but the key.
  private static func signingRequest(_ key: P256.Signing.PrivateKey) throws(CtlError) -> String {
    do {
      let request = try CertificateSigningRequest(
        version: .v1, subject: DistinguishedName(), privateKey: .init(key), attributes: .init())
      return try request.serializeAsPEM().pemString
    } catch {
      throw CtlError(.failed, "a request for a certificate cannot be made: \(error)", cause: error)
    }
  }

  /// An answer that is not for the new key would leave nothing to connect with.
  private static func check(_ issued: Carillon_V1_IssuedCertificate, _ key: P256.Signing.PrivateKey) throws(CtlError) {
    let leaf = try PEMFile.parse(issued.certificate, field: "certificate").first
    guard leaf?.publicKey == Certificate.PublicKey(key.publicKey) else {
      throw CtlError(.failed, "the agent's answer is no certificate for the key that was made; nothing was changed")
    }
  }

  /// Both new files are durable before the first old one goes. Should this end between the two moves, the new certificate
  /// is there still, as `….new`.
  private static func replace(
    _ paths: Paths, with issued: Carillon_V1_IssuedCertificate, _ key: P256.Signing.PrivateKey
  ) throws(CtlError) {
    let (newCertificate, newKey) = ("\(paths.certificate).new", "\(paths.key).new")
    try PrivateFile.replace(newKey, with: key.pemRepresentation + "\n")
    try PrivateFile.replace(newCertificate, with: issued.certificate)
    try PrivateFile.move(newKey, to: paths.key)
    try PrivateFile.move(newCertificate, to: paths.certificate)
  }

  private static func report(
    _ effect: String, until: Int64, _ paths: Paths, _ printer: Printer
  ) throws(CtlError) {
    let end = Timestamps.rfc3339(milliseconds: until)
    let json = JSONValue.object([
      ("kind", .string("certificate")), ("name", .string(paths.certificate)), ("effect", .string(effect)),
      ("expireTime", .string(end)),
    ])
    try printer.document(json, names: [paths.certificate]) { ["\(paths.certificate) \(effect), valid until \(end)"] }
  }
}
