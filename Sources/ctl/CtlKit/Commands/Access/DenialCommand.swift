import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl denial`
struct DenialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denial", abstract: "Certificates and identities that are kept out, whatever they are granted.",
    subcommands: [DenialList.self, DenialCreate.self, DenialDelete.self], aliases: ["denials"])
}

extension Carillon_V1_Denial: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("DENIED"), .init("REASON"), .init("CREATED"), .init("BY", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    let denied: String? =
      switch subject {
      case .identity(let identity): identity
      case .certificateSha256(let digest): "certificate \(digest)"
      case nil: nil
      }
    return [
      .init(show.id(name)), .init(denied ?? ValueText.none), .init(show.text(reason)),
      .init(show.time(createTime, isSet: hasCreateTime)), .init(show.text(creator)),
    ]
  }
}

struct DenialList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List denials.", discussion: "Example:\n  ctl denial list")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    try await length.list(session) { size, token throws(CtlError) in
      let request = Carillon_V1_ListDenialsRequest.with {
        $0.pageSize = size
        $0.pageToken = token
      }
      let answer = try await session.client.call { try await session.client.access.listDenials(request, options: $0) }
      return Page(items: answer.denials, next: answer.nextPageToken)
    }
  }
}

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

struct DenialDelete: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Let in again what was denied, as far as it is granted something.",
    discussion: "Example:\n  ctl denial delete bob")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.") var ids: [String]

  func perform(_ session: Session) async throws {
    for id in ids {
      let name = try session.name(.denials, id)
      _ = try await session.client.call {
        try await session.client.access.deleteDenial(.with { $0.name = name }, options: $0)
      }
      try EffectReport(kind: .denials, name: name, effect: .deleted).show(session.printer)
    }
  }
}
