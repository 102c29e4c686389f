import ArgumentParser
import X509

struct ContextGet: ContextFileCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Show a context: its agents and files, and whether they are there.",
    discussion: """
      Without a name: the one in use.

      Example:
        ctl context get
      """)

  @OptionGroup var output: OutputOptions
  @Argument(help: "The context's name.") var name: String?

  func perform(_ work: ContextWork) throws {
    let list = try work.file.read()
    guard let wanted = name ?? list.current else {
      throw CtlError(.notFound, "no context is in use", hint: "choose one: ctl context use NAME")
    }
    let context = try list.named(wanted)
    let json = ContextJSON.of(context, isCurrent: context.name == list.current)
    try work.printer.document(json, names: [context.name]) { lines(context, work) }
  }

  private func lines(_ context: ConnectionContext, _ work: ContextWork) -> [String] {
    var rows: [[Table.Cell]] = [["name", .init(context.name)]]
    rows += context.agents.map { ["agent", .init("\($0.name) (\($0.address.text))")] }
    rows += file("authority", context.authority)
    rows += file("certificate", context.certificate)
    rows += file("key", context.key)
    rows.append(["server name", .init(context.serverName ?? ValueText.none)])
    rows.append(["token", .init(context.token?.text ?? ValueText.none)])
    rows.append(["namespace", .init(context.namespace ?? "default")])
    if let expiry = expiry(context) { rows.append(["runs out", expiry]) }
    return Array(work.printer.lines(Table(columns: [.init(""), .init("")], rows: rows)).dropFirst())
  }

  private func file(_ what: String, _ path: String?) -> [[Table.Cell]] {
    guard let path else { return [[.init(what), .init(ValueText.none)]] }
    let isThere = (try? InputFile(path)) != nil
    return [[.init(what), .init(isThere ? path : "\(path) (cannot be read)", isThere ? nil : .bad)]]
  }

  private func expiry(_ context: ConnectionContext) -> Table.Cell? {
    guard let path = context.certificate,
      let certificate = try? PEMFile.certificates(path, field: "certificate").first
    else { return nil }
    let end = CertificateProblem.milliseconds(certificate.notValidAfter)
    let left = end - Surroundings.current.now()
    let style: Style? = left <= 0 ? .bad : left < ContextRenew.earlyMilliseconds ? .warning : nil
    return .init(Timestamps.rfc3339(milliseconds: end), style)
  }
}
