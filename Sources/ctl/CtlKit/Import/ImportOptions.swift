import ArgumentParser

/// What a calendar's events become.
struct CalendarOptions: ParsableArguments {
  @Option(help: "Calendars: whose reminders they are; without it, broadcasts.") var user: String?
  @Option(help: "Calendars: how long before its start an event without an alarm rings, such as 10m.")
  var defaultLead: String?
  @Flag(help: "Calendars: ring once for each event, whatever its alarms.") var noAlarms = false
  @Flag(help: "Calendars: take what is over, too.") var past = false

  /// The flags that were given.
  var given: [String] {
    [
      (user != nil, "--user"), (defaultLead != nil, "--default-lead"), (noAlarms, "--no-alarms"), (past, "--past"),
    ].filter(\.0).map(\.1)
  }

  func validate() throws {
    guard let defaultLead else { return }
    guard let span = DurationText.milliseconds(defaultLead), span % 60_000 == 0,
      ICalendarLimits.leadMinutes ~= span / 60_000
    else { throw ValidationError("--default-lead: must be a span of whole minutes up to 365d, such as 10m or 1h30m") }
  }

  func settings(at: String, zone: String, user: String?, now: Int64) -> CalendarSettings {
    let lead = defaultLead.flatMap(DurationText.milliseconds) ?? 0
    return CalendarSettings(
      at: at, defaultLeadMinutes: lead / 60_000, takesAlarms: !noAlarms, takesPast: past, user: user, zone: zone,
      now: now)
  }
}

/// How a table is read.
struct TableOptions: ParsableArguments {
  @Option(
    help: """
      Tables: what a column is, such as birth=Geburtstag or date.wedding=#4; repeatable. One of id, name, given_name, \
      family_name, nickname, birth, anniversary, email, time_zone, locale, webhook, date.NAME, address.KIND, \
      attribute.NAME.
      """)
  var map: [String] = []
  @Option(help: "Tables: the order of numbers in dates: dd.mm.yyyy, mm/dd/yyyy or yyyy-mm-dd.") var dateFormat: String?
  @Option(help: "Tables: utf-8, utf-16, windows-1252 or iso-8859-1.") var encoding: String?

  /// The flags that were given.
  var given: [String] {
    [(!map.isEmpty, "--map"), (dateFormat != nil, "--date-format"), (encoding != nil, "--encoding")]
      .filter(\.0).map(\.1)
  }

  func validate() throws {
    do { _ = try settings() } catch { throw ValidationError(error.message) }
  }

  func settings() throws(CtlError) -> CSVSettings {
    var settings = CSVSettings()
    for text in map { settings.mappings.append(try Self.mapping(text)) }
    if let dateFormat {
      guard let order = DateOrder(pattern: dateFormat) else {
        throw .invalid("--date-format", "must be dd.mm.yyyy, mm/dd/yyyy or yyyy-mm-dd, not \(Excerpt.of(dateFormat))")
      }
      settings.dateOrder = order
    }
    if let encoding {
      guard let known = TextEncoding(rawValue: encoding.lowercased()) else {
        let names = TextEncoding.allCases.map(\.rawValue)
        throw .invalid(
          "--encoding", "must be one of \(names.joined(separator: ", "))\(NearestName.suggestion(encoding, in: names))")
      }
      settings.encoding = known
    }
    return settings
  }

  private static func mapping(_ text: String) throws(CtlError) -> CSVHeader.Mapping {
    let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard sides.count == 2 else { throw .invalid("--map", "must be TARGET=COLUMN, such as birth=Birthday") }
    guard let target = ColumnTarget(named: sides[0]) else {
      let known = ColumnTarget.byName.keys.sorted()
      throw .invalid(
        "--map",
        "\(Excerpt.of(sides[0])) is none of \(known.joined(separator: ", ")), date.NAME, address.KIND, "
          + "attribute.NAME\(NearestName.suggestion(sides[0], in: known))")
    }
    return CSVHeader.Mapping(target: target, column: sides[1])
  }
}
