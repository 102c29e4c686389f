/// Makes reminders of one event or task.
struct EventDraft {
  /// Why an event gives no reminder.
  struct Refusal: Error {
    var kind = ImportNote.Kind.itemRefused
    var reason: String
  }

  let component: CalendarComponent
  let settings: CalendarSettings
  var zones: ZoneResolver
  private var notes: [ImportNote]
  private var hiddenNotes = 0

  init(_ component: CalendarComponent, settings: CalendarSettings, zones: ZoneResolver) {
    self.component = component
    self.settings = settings
    self.zones = zones
    notes = component.notes
  }

  /// What there is to say besides the result.
  var allNotes: [ImportNote] {
    guard hiddenNotes > 0 else { return notes }
    let rest = "\(hiddenNotes) more such lines"
    return notes + [ImportNote(kind: .propertySkipped, line: component.line, property: nil, reason: rest)]
  }

  mutating func note(_ kind: ImportNote.Kind, _ property: CalendarProperty, _ reason: String) {
    add(ImportNote(kind: kind, line: property.line, property: property.name, reason: reason))
  }

  private mutating func add(_ note: ImportNote) {
    guard notes.count < ICalendarLimits.maxNotesPerComponent else {
      hiddenNotes += 1
      return
    }
    notes.append(note)
  }

  /// The event with its reminders.
  /// - Parameters:
  ///   - overrides: occurrences described apart, which a series leaves out.
  ///   - seen: the events that came before; this one is added.
  mutating func event(
    leavingOut overrides: OverrideTable, unless seen: inout SeenIdentities
  ) throws(Refusal) -> ImportedEvent {
    if let fault = component.fault { throw Refusal(reason: fault) }
    try checkStatus()
    let uid = try uid()
    let occurrence = try occurrence()
    guard seen.insert(uid + "\n" + (occurrence ?? "")) else {
      throw Refusal(kind: .itemSkipped, reason: "the UID \(Excerpt.of(uid)) was on an earlier one")
    }
    let anchor = try anchor()
    var series = try series(anchor, isOverride: occurrence != nil)
    if occurrence == nil, series.isRepeated {
      try leaveOut(overrides.of(uid), of: &series, anchor)
    }
    let rings = try rings(anchor, series)
    let first = series.rule == nil ? anchor : start(anchor)
    let stem = ReminderIdentity.stem(uid: uid, user: settings.user)
    let title = title()
    let text = text()
    let reminders = rings.map { index, ring in
      let id = ReminderIdentity.id(stem: stem, occurrence: occurrence, index: index)
      return ring.reminder(
        id: id, title: title, text: text, start: first, series: series, settings: settings)
    }
    return ImportedEvent(line: component.line, title: title, reminders: reminders)
  }

  private mutating func leaveOut(
    _ occurrences: [OverrideTable.Occurrence], of series: inout EventSeries, _ anchor: ReminderTime
  ) throws(Refusal) {
    guard series.excluded.count + occurrences.count <= ICalendarLimits.maxDates else {
      throw Refusal(reason: "more than \(ICalendarLimits.maxDates) of its occurrences are left out or changed")
    }
    for occurrence in occurrences {
      var zone: String?
      if let name = occurrence.zone, !occurrence.time.isDate, !occurrence.time.isUTC {
        switch resolve(name) {
        case .zone(let known): zone = known
        case .unknown(let reason): throw Refusal(reason: "a RECURRENCE-ID of it: TZID \(reason)")
        }
      }
      let text = ReminderTime(occurrence.time, zone: zone).text(beside: anchor)
      if !series.excluded.contains(text) { series.excluded.append(text) }
    }
  }

  // MARK: what it is

  private func checkStatus() throws(Refusal) {
    let status = component["STATUS"]?.token?.uppercased()
    if status == "CANCELLED" { throw Refusal(kind: .itemSkipped, reason: "it is cancelled (STATUS:CANCELLED)") }
    guard component.name == "VTODO" else { return }
    if status == "COMPLETED" || component["COMPLETED"] != nil || component["PERCENT-COMPLETE"]?.token == "100" {
      throw Refusal(kind: .itemSkipped, reason: "it is done")
    }
  }

  private func uid() throws(Refusal) -> String {
    guard let uid = component["UID"]?.token, !uid.isEmpty else {
      throw Refusal(reason: "it has no UID, so a second import could not find it again")
    }
    guard uid.utf8.count <= ICalendarLimits.maxUIDBytes else {
      throw Refusal(reason: "its UID is longer than \(ICalendarLimits.maxUIDBytes) bytes")
    }
    return uid
  }

  /// The occurrence that it stands for, as a part of an id; nil for a series or a single event.
  private func occurrence() throws(Refusal) -> String? {
    guard let property = component["RECURRENCE-ID"] else { return nil }
    if let range = property.content.parameter("RANGE") {
      let name = Excerpt.of("RANGE=\(range)")
      throw Refusal(
        reason: "it changes all later occurrences too (RECURRENCE-ID;\(name)), which is not taken; "
          + "the series stays as it was: split it in the calendar")
    }
    guard let time = property.token.flatMap(CalendarTime.init) else {
      throw Refusal(reason: "its RECURRENCE-ID is no time: \(Excerpt.of(property.content.value))")
    }
    return time.text.filter { $0 != "-" && $0 != ":" }
  }

  private mutating func title() -> String {
    let title = words("SUMMARY", maxBytes: ICalendarLimits.maxTitleBytes).map { TextValue.singleLine($0) } ?? ""
    return title.isEmpty ? "(no title)" : title
  }

  private mutating func text() -> String {
    let parts = ["DESCRIPTION", "LOCATION"].compactMap { words($0, maxBytes: ICalendarLimits.maxTextBytes) }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The text of a property, its lines kept, without other control characters.
  private mutating func words(_ name: String, maxBytes: Int) -> String? {
    guard let property = component[name] else { return nil }
    guard case .success(let raw) = property.raw else {
      if case .failure(let failure) = property.raw { note(.propertySkipped, property, failure.reason) }
      return nil
    }
    let scalars = TextValue.unescape(raw).unicodeScalars.filter {
      $0.properties.generalCategory != .control || $0 == "\n"
    }
    let text = String(String.UnicodeScalarView(scalars)).trimmingEdges
    let cut = text.bounded(toBytes: maxBytes)
    if property.isCut || cut.utf8.count < text.utf8.count {
      note(.adjusted, property, "is cut after \(maxBytes) bytes")
    }
    guard cut.contains("{{") else { return cut }
    // A reminder's title and text are templates, and nothing in a calendar is meant as one.
    note(.adjusted, property, "{{ is taken with a word joiner (U+2060) between, for it begins a tag of a template")
    return cut.replacing("{{", with: "{\u{2060}{").replacing("{{", with: "{\u{2060}{")
  }

  // MARK: zones

  /// What a TZID means.
  mutating func resolve(_ name: String) -> ZoneResolver.Resolution {
    var found: [ImportNote] = []
    let resolution = zones.resolve(name) { found.append($0) }
    for note in found { add(note) }
    return resolution
  }
}

extension String {
  /// The characters from the start that have at most so many bytes.
  fileprivate func bounded(toBytes most: Int) -> String {
    guard utf8.count > most else { return self }
    var bytes = 0
    return String(
      prefix { character in
        bytes += character.utf8.count
        return bytes <= most
      })
  }

  /// Without white space at its ends.
  fileprivate var trimmingEdges: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}
