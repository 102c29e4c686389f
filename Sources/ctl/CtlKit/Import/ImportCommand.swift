import ArgumentParser

/// `ctl import`
struct ImportCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import people from vCards or a table, reminders from a calendar, or JSON Lines.",
    discussion: """
      The content tells what a file is, else its ending (.vcf, .ics, .csv, .jsonl), else --format.
      The same file can be imported again and again: each person and event has an id of its own.
      What is not taken is told by line, with the reason. Exit 8 when some failed, 1 when all did.
      Ctrl-C ends it after what was sent, and tells the line from which to go on (--from-line).
      Of a large file 1,000 lines of each kind are told; -o jsonl tells all.

      Examples:
        ctl import contacts.vcf --at 08:30 --zone Europe/Berlin --dry-run
        ctl import team.ics --user ada --default-lead 10m
        ctl import people.csv --map birth=Geburtstag --date-format dd.mm.yyyy
        ctl import people.jsonl
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "A file, or - for standard input.") var file: String
  @Option(help: "What the file is: vcard, ical, csv or jsonl.") var format: ImportFormat?
  @Option(help: "Local time of day of birthdays, anniversaries and all-day events.") var at = "09:00"
  @Option(
    name: [.customLong("zone"), .customLong("time-zone")],
    help: "Zone of people who name none, and of events without one.")
  var zone = ""
  @Flag(help: "People without schedules.") var noSchedules = false
  @Option(help: "Go on from this line of the file: what begins before it was done.") var fromLine = 1
  @Flag(help: "Only say what would happen.") var dryRun = false
  @OptionGroup(title: "Calendars") var calendar: CalendarOptions
  @OptionGroup(title: "Tables") var table: TableOptions

  func validate() throws {
    let parts = at.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard at.utf8.count == 5, parts.count == 2, 0..<24 ~= parts[0], 0..<60 ~= parts[1] else {
      throw ValidationError("--at: must be a time of day such as 09:00")
    }
    guard fromLine >= 1 else { throw ValidationError("--from-line: must be 1 or more") }
  }

  func perform(_ session: Session) async throws {
    var input = try ImportInput(file, surroundings: session.around)
    let format = try detect(&input)
    try checkFlags(format)
    let source = try source(format, &input, session)
    let reading = input
    let report = ImportReport(printer: session.printer, isDryRun: dryRun)
    do {
      try await StopRequest.heeded { stop in
        let importer = Importer(
          format: format, namespace: session.namespace, isDryRun: dryRun, report: report,
          progress: Progress(format.noun, around: session.around), fromLine: fromLine, stop: stop)
        try await importer.run(source, reading, over: session.client)
      }
    } catch {
      // What was done until then is part of the answer.
      try report.finish()
      throw error
    }
    try report.finish()
    try Self.judge(report.summary, format)
  }

  private func detect(_ input: inout ImportInput) throws(CtlError) -> ImportFormat {
    if let format { return format }
    let head = try input.peek(ImportFormat.headBytes)
    guard let found = ImportFormat.detect(head, name: input.name, mapsColumns: !table.map.isEmpty) else {
      throw CtlError(
        .failed, head.isEmpty ? "\(input.name) is empty" : "cannot tell what \(input.name) is",
        hint: "say --format vcard, ical, csv or jsonl; a table needs a header with names that are known, or --map")
    }
    return found
  }

  /// A flag that would do nothing is a mistake that is better told.
  private func checkFlags(_ format: ImportFormat) throws(CtlError) {
    let foreign = (format == .ical ? [] : calendar.given) + (format == .csv ? [] : table.given)
    if let flag = foreign.first { throw .invalid(flag, "is not for \(format.rawValue) files") }
  }

  private func source(
    _ format: ImportFormat, _ input: inout ImportInput, _ session: Session
  ) throws(CtlError) -> any ImportSource {
    var items = ImportItems(namespace: session.namespace, zone: zone, at: noSchedules ? nil : at)
    switch format {
    case .vcard: return VCardSource(items: items)
    case .csv: return CSVSource(items: items, settings: try table.settings(), name: input.name)
    case .jsonl: return JSONLinesSource(namespace: session.namespace)
    case .ical:
      if let user = calendar.user {
        items.user = ResourceName.id(try ResourceKind.users.name(user, namespace: session.namespace))
      }
      let now = session.around.now()
      var index = CalendarIndex(now: now)
      let folder = session.around.environment["TMPDIR"] ?? "/tmp"
      try input.readAhead(temporary: folder) { piece throws(CtlError) in try index.consume(piece) }
      let settings = calendar.settings(at: at, zone: zone, user: items.user, now: now)
      return ICalendarSource(items: items, index: index, settings: settings)
    }
  }

  /// The exit status that the sums deserve.
  static func judge(_ summary: ImportReport.Summary, _ format: ImportFormat) throws(CtlError) {
    guard summary.failed > 0 else { return }
    let hint = "correct them, then run the same import again: what was taken stays as it is"
    if summary.taken > 0 {
      let all = summary.failed + summary.taken
      throw CtlError(.partial, "\(summary.failed) of \(all) \(format.noun) failed", hint: hint)
    }
    throw CtlError(.failed, "all \(summary.failed) \(format.noun) failed", hint: hint)
  }
}
