import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct DenialCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Keep out a certificate whose key was lost, or all certificates of an identity.",
    discussion: """
      It acts within 2 s on every agent, on open streams too.

      Examples:
        ctl denial create --certificate lost-laptop.pem --reason "stolen"
        ctl denial create bob --identity dns:bob.example.org --reason "left"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new denial's id (default: one is made).") var id = ""
  @Option(help: "A certificate: its PEM file, or its SHA-256 in hexadecimal.") var certificate: String?
  @Option(help: "spiffe://… or dns:…") var identity: String?
  @Option(help: "Why, for people; at most 500 bytes.") var reason = ""
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func validate() throws {
    if (certificate == nil) == (identity == nil) {
      throw ValidationError("whom? Give either --certificate or --identity")
    }
  }

  func perform(_ session: Session) async throws {
    let digest = try certificate.map { text throws(CtlError) in try CertificateDigest.of(text) }
    let request = Carillon_V1_CreateDenialRequest.with {
      $0.denialID = id
      if let digest { $0.denial.certificateSha256 = digest }
      if let identity { $0.denial.identity = identity }
      $0.denial.reason = reason
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let denial = try await session.client.call { try await session.client.access.createDenial(request, options: $0) }
    try session.printer.one(denial)
  }
}
