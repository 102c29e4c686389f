import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct GrantCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Grant a role to an identity.",
    discussion: """
      The identity is the one SPIFFE URI or DNS name in a certificate's subject alternative names.

      Examples:
        ctl grant create ada --identity dns:ada.example.org --role admin
        ctl grant create mailer --identity spiffe://example.org/mailer --role operator --only-namespace family
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new grant's id.") var id: String
  @Option(help: "spiffe://… or dns:…, exactly as in the certificate.") var identity: String
  @Option(help: "What it may do: viewer, operator or admin.") var role: RoleArgument
  @Option(help: "The only namespace that it reaches (default: all).") var onlyNamespace = ""
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    let request = Carillon_V1_CreateGrantRequest.with {
      $0.grantID = id
      $0.grant.identity = identity
      $0.grant.role = role.role
      $0.grant.namespace = onlyNamespace
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let grant = try await session.client.call { try await session.client.access.createGrant(request, options: $0) }
    try session.printer.one(grant)
  }
}
