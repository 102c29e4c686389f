import ArgumentParser

/// `ctl import`
struct ImportCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import people and their birthdays from vCards.",
    discussion: """
      Reads vCard 2.1, 3.0 and 4.0. The UID identifies a person: the same file can be imported again and again.
      Every line that is not used is told with its reason. Exit 8 when some people failed, 1 when all did.

      Examples:
        ctl import contacts.vcf
        ctl import contacts.vcf --at 08:30 --zone Europe/Berlin --dry-run
        curl -s https://example.org/team.vcf | ctl import - -o jsonl
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "A vCard file, or - for standard input.") var file: String
  @Option(help: "Local time of day of each birthday's event.") var at = "09:00"
  @Option(help: "Zone of people whose card names none.") var zone = ""
  @Flag(help: "Import people only, and schedule nothing.") var noSchedules = false
  @Flag(help: "Only say what would happen.") var dryRun = false

  func validate() throws {
    let parts = at.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard at.utf8.count == 5, parts.count == 2, 0..<24 ~= parts[0], 0..<60 ~= parts[1] else {
      throw ValidationError("--at: must be a time of day such as 09:00")
    }
  }

  func perform(_ session: Session) async throws {
    let file = try InputFile(file, surroundings: session.around)
    let report = ImportReport(printer: session.printer, isDryRun: dryRun)
    let settings = ImportSettings(
      namespace: session.namespace, zone: zone, at: noSchedules ? nil : at, isDryRun: dryRun)
    let importer = Importer(
      settings: settings, report: report, progress: Progress("people", around: session.around))
    do { try await importer.run(file, over: session.client) } catch {
      // What was done until then is part of the answer.
      try report.finish()
      throw error
    }
    try report.finish()
    try Self.judge(report.summary)
  }

  /// The exit status that the sums deserve.
  static func judge(_ summary: ImportReport.Summary) throws(CtlError) {
    guard summary.failed > 0 else { return }
    let hint = "correct them, then run the same import again: what was taken stays as it is"
    if summary.taken > 0 {
      throw CtlError(.partial, "\(summary.failed) of \(summary.failed + summary.taken) people failed", hint: hint)
    }
    throw CtlError(.failed, "all \(summary.failed) people failed", hint: hint)
  }
}
