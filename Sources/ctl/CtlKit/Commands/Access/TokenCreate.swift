import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct TokenCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a token. Its secret is shown once, and never again.",
    discussion: """
      On standard output stands nothing but the secret, unless another form of output is asked for. With --to it is \
      written to a new file that only you can read.

      Examples:
        ctl token create importer --role operator --only-namespace family --expires-in 30d
        ctl token create dashboard --role viewer --to dashboard.token
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new token's id.") var id: String
  @Option(help: "What it may do: viewer, operator or admin.") var role: RoleArgument
  @Option(help: "The only namespace that it reaches (default: all).") var onlyNamespace = ""
  @Option(help: "How long it is good, at most 366d (default: 90d).") var expiresIn: TimeSpan?
  @Option(help: "What it is for, for people.") var description = ""
  @Option(help: "Write the secret to this new file.") var to: String?
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    let file = try dryRun ? nil : to.map { path throws(CtlError) in try PrivateFile(path) }
    do {
      let answer = try await create(session)
      if let file {
        file.write(answer.secret + "\n")
        try file.close()
      }
      try show(answer, session)
    } catch {
      file?.discard()
      throw error
    }
  }

  private func create(_ session: Session) async throws(CtlError) -> Carillon_V1_CreateTokenResponse {
    let request = Carillon_V1_CreateTokenRequest.with {
      $0.tokenID = id
      $0.token.role = role.role
      $0.token.namespace = onlyNamespace
      $0.token.description_p = description
      if let expiresIn { $0.token.expireTime = .init(milliseconds: session.around.now() + expiresIn.milliseconds) }
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    return try await session.client.call { try await session.client.access.createToken(request, options: $0) }
  }

  private func show(_ answer: Carillon_V1_CreateTokenResponse, _ session: Session) throws(CtlError) {
    var shown = answer
    if to != nil { shown.secret = "" }
    let printer = session.printer
    let note = "good until \(printer.show.time(answer.token.expireTime, isSet: answer.token.hasExpireTime))"
    try printer.document(try Printer.json(shown), names: [answer.token.name]) {
      guard !dryRun else { return ["token \(id) would be created, \(note)"] }
      guard to == nil else { return ["token \(id) created, \(note)"] }
      session.around.errors.line("token \(Printable.escaped(id)) created, \(note). Keep it: it is not shown again")
      return [answer.secret]
    }
  }
}
