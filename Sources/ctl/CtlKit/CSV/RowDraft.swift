/// Makes a person of one row.
struct RowDraft {
  /// Why a row gives no person.
  struct Refusal: Error {
    var reason: String
  }

  private let row: CSVRow
  private let dates: TableDate
  private(set) var notes: [ImportNote] = []
  private var name = PersonName()
  private var organisation = ""
  private var id: String?
  private var found: [String: PartialDate] = [:]
  private var birthParts: [ColumnTarget: String] = [:]
  private var emails = Preferred()
  private var timeZone: String?
  private var locale: String?
  private var webhook: String?
  private var addresses: [String: String] = [:]
  private var attributes: [String: String] = [:]
  private var eventLabels: [Int: String] = [:]

  init(_ row: CSVRow, dates: TableDate) {
    self.row = row
    self.dates = dates
  }

  private mutating func skip(_ column: String, _ reason: String) {
    guard notes.count < CSVLimits.maxNotesPerRow else { return }
    notes.append(ImportNote(kind: .propertySkipped, line: row.line, property: column, reason: reason))
  }

  /// The person of the row.
  mutating func person(_ header: CSVHeader) throws(Refusal) -> ImportedPerson {
    if let fault = row.fault { throw Refusal(reason: fault) }
    guard row.fields.dropFirst(header.names.count).allSatisfy({ $0.isEmpty }) else {
      throw Refusal(reason: "it has \(row.fields.count) columns where the header has \(header.names.count)")
    }
    var events: [(number: Int, column: String, text: String)] = []
    for ((field, target), column) in zip(zip(row.fields, header.targets), header.names) {
      guard let target, !field.isEmpty else { continue }
      let text = try text(field, column)
      guard !text.isEmpty else { continue }
      if case .eventValue(let number) = target { events.append((number, column, text)) }
      try take(text, target, column)
    }
    for event in events { try takeEvent(event.text, label: eventLabels[event.number], event.column) }
    try takeBirthParts()
    return try finish()
  }

  private func text(_ field: [UInt8], _ column: String) throws(Refusal) -> String {
    let isASCII = field.allSatisfy { $0 < 0x80 }
    guard let text = String(validating: field, as: UTF8.self),
      isASCII || !text.unicodeScalars.contains("\u{FFFD}")
    else {
      throw Refusal(
        reason: "\(Excerpt.of(column)) is not valid in its encoding; a table of Outlook or Excel may need "
          + "--encoding windows-1252")
    }
    return TextValue.singleLine(text, maxLength: .max)
  }

  private mutating func take(_ text: String, _ target: ColumnTarget, _ column: String) throws(Refusal) {
    guard text.utf8.count <= CSVLimits.maxValueBytes else {
      return skip(column, "is longer than \(CSVLimits.maxValueBytes) bytes")
    }
    switch target {
    case .id: id = id ?? text
    case .date(let key): try takeDate(text, key, column)
    case .birthYear, .birthMonth, .birthDay: birthParts[target] = text
    case .eventLabel(let number): eventLabels[number] = text
    case .eventValue: break
    case .email: takeEmails(text, column)
    case .timeZone: takeZone(text, column)
    case .locale:
      guard PersonFields.isLocale(text) else {
        return skip(column, "\(Excerpt.of(text)) is no language tag such as pt-BR")
      }
      locale = locale ?? text
    case .webhook:
      guard PersonFields.isWebhook(text) else { return skip(column, "is no http or https URL: \(Excerpt.of(text))") }
      webhook = webhook ?? text
    case .address(let kind): addresses[kind] = addresses[kind] ?? text
    case .attribute(let key): attributes[key] = attributes[key] ?? text
    default: takeName(text, target)
    }
  }

  private mutating func takeName(_ text: String, _ target: ColumnTarget) {
    let value = TextValue.singleLine(text)
    switch target {
    case .name: Self.fill(&name.display, value)
    case .given: Self.fill(&name.given, value)
    case .middle: Self.fill(&name.additional, value)
    case .family: Self.fill(&name.family, value)
    case .prefix: Self.fill(&name.prefix, value)
    case .suffix: Self.fill(&name.suffix, value)
    case .nickname: Self.fill(&name.nickname, value)
    case .organisation: Self.fill(&organisation, value)
    default: break
    }
  }

  /// The first of several columns counts.
  private static func fill(_ field: inout String, _ value: String) {
    if field.isEmpty { field = value }
  }

  private mutating func takeDate(_ text: String, _ key: String, _ column: String) throws(Refusal) {
    do {
      guard let date = try dates.parse(text) else { return }
      found[key] = found[key] ?? date
    } catch {
      guard !error.isAmbiguous else { throw Refusal(reason: "\(column) \(error.reason)") }
      skip(column, error.reason)
    }
  }

  /// A date of Google's export under its label, such as `Anniversary`.
  private mutating func takeEvent(_ text: String, label: String?, _ column: String) throws(Refusal) {
    // The most common one has a star before it.
    guard let key = label.flatMap(PersonFields.key) else {
      return skip(column, "the date has no label: \(Excerpt.of(text))")
    }
    try takeDate(text, key == "birthday" ? "birth" : key, column)
  }

  /// Several addresses stand together as `one@example.org ::: two@example.org` in Google's export.
  private mutating func takeEmails(_ text: String, _ column: String) {
    let parts =
      text.utf8.contains(UInt8(ascii: ":"))
      ? text.replacing(":::", with: "\n").split(separator: "\n").map(String.init) : [text]
    for part in parts {
      let address = TextValue.singleLine(part, maxLength: .max)
      guard PersonFields.isEmail(address) else {
        skip(column, "\(Excerpt.of(address)) is no address (name@domain)")
        continue
      }
      if emails.count < VCardLimits.maxEmails { emails.add(address, 1) }
    }
  }

  private mutating func takeZone(_ text: String, _ column: String) {
    // No name of Windows has a stroke.
    if !text.utf8.contains(UInt8(ascii: "/")), let zone = WindowsZones.zone(text) {
      timeZone = timeZone ?? zone
    } else if CardZone.isZoneName(text) {
      timeZone = timeZone ?? text
    } else {
      skip(column, "\(Excerpt.of(text)) is no IANA zone name such as Europe/Paris")
    }
  }

  private mutating func takeBirthParts() throws(Refusal) {
    guard found["birth"] == nil, let month = birthParts[.birthMonth].flatMap({ Int($0) }),
      let day = birthParts[.birthDay].flatMap({ Int($0) })
    else { return }
    guard let date = PartialDate(year: birthParts[.birthYear].flatMap { Int($0) }, month: month, day: day) else {
      return skip("Birth Day", "is no day of the calendar")
    }
    found["birth"] = date
  }

  private mutating func finish() throws(Refusal) -> ImportedPerson {
    let emails = emails.sorted
    if name.display.isEmpty {
      let parts = [name.prefix, name.given, name.additional, name.family, name.suffix].filter { !$0.isEmpty }
      let candidates = [parts.joined(separator: " "), name.nickname, organisation, emails.first ?? ""]
      name.display = candidates.first { !$0.isEmpty } ?? ""
    }
    guard !name.display.isEmpty else { throw Refusal(reason: "it has no name") }
    let birth = found.removeValue(forKey: "birth")
    let anniversary = found.removeValue(forKey: "anniversary")
    let identity =
      id.map(PersonIdentity.id(ofUID:))
      ?? PersonIdentity.id(name: name.display, birth: birth, email: emails.first)
    return ImportedPerson(
      id: identity, sourceUID: id == identity ? nil : id, line: row.line, name: name, birth: birth,
      anniversary: anniversary, timeZone: timeZone, locale: locale, emails: emails, webhook: webhook, dates: found,
      addresses: addresses, attributes: attributes)
  }
}
