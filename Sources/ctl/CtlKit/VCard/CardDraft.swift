/// Collects one card line by line, and makes the person at its end.
/// `CardDraftEnd.swift` has what happens at END:VCARD.
struct CardDraft {
  let line: Int
  var lineCount = 0
  var notes: [ImportNote] = []
  var hiddenNotes = 0

  var version: String?
  var kind: String?
  var hasDied = false
  var uid: String?
  var name = PersonName()
  var organisation = ""
  var birth: PartialDate?
  var anniversary: PartialDate?
  var zone: CardZone?
  var emails = Preferred()
  var locales = Preferred()
  var webhook: String?
  var labels: [String: String] = [:]
  var labelledDates: [(group: String, property: ContentLine, line: Int)] = []

  init(line: Int) { self.line = line }

  /// False when the card has more lines than a card may have.
  mutating func countLine() -> Bool {
    lineCount += 1
    return lineCount <= VCardLimits.maxCardLines
  }

  mutating func note(_ kind: ImportNote.Kind, _ line: Int, _ property: String?, _ reason: String) {
    guard notes.count < VCardLimits.maxNotesPerCard else {
      hiddenNotes += 1
      return
    }
    notes.append(ImportNote(kind: kind, line: line, property: property, reason: reason))
  }

  /// Takes a property; what is not used (telephone, photo, address …) passes without a word.
  mutating func take(_ property: ContentLine, line: Int) {
    switch property.name {
    case "BDAY": takeDate(property, line, into: \.birth)
    case "ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY":
      takeDate(property, line, into: \.anniversary)
    case "X-ABDATE": if let group = property.group { labelledDates.append((group, property, line)) }
    case "X-ABLABEL": if let group = property.group { labels[group] = text(property, line) }
    case "TZ": takeZone(property, line)
    default: takeText(property, line)
    }
  }

  private mutating func takeText(_ property: ContentLine, _ line: Int) {
    switch property.name {
    case "VERSION": version = text(property, line)
    case "KIND", "X-ADDRESSBOOKSERVER-KIND": kind = text(property, line)?.lowercased()
    case "DEATHDATE": hasDied = true
    case "UID": takeUID(property, line)
    case "FN": if name.display.isEmpty { name.display = text(property, line) ?? "" }
    case "N": takeName(property, line)
    case "NICKNAME": if name.nickname.isEmpty { name.nickname = list(property, line).first { !$0.isEmpty } ?? "" }
    case "ORG": if organisation.isEmpty { organisation = components(property, line).first ?? "" }
    case "EMAIL": takeEmail(property, line)
    case "LANG": takeLocale(property, line)
    case "X-CARILLON-WEBHOOK": takeWebhook(property, line)
    default: break
    }
  }

  // MARK: values

  private mutating func decoded(_ property: ContentLine, _ line: Int) -> String? {
    do { return try TextValue.decode(property) } catch {
      note(.propertySkipped, line, property.name, error.reason)
      return nil
    }
  }

  private mutating func text(_ property: ContentLine, _ line: Int) -> String? {
    decoded(property, line).map { TextValue.singleLine(TextValue.unescape($0)) }
  }

  /// Text that must not be cut, because it identifies something.
  private mutating func unbounded(_ property: ContentLine, _ line: Int) -> String? {
    decoded(property, line).map { TextValue.singleLine(TextValue.unescape($0), maxLength: .max) }
  }

  private mutating func list(_ property: ContentLine, _ line: Int) -> [String] {
    decoded(property, line).map { TextValue.split($0, at: ",").map { TextValue.singleLine($0) } } ?? []
  }

  private mutating func components(_ property: ContentLine, _ line: Int) -> [String] {
    decoded(property, line).map { TextValue.split($0, at: ";").map { TextValue.singleLine($0) } } ?? []
  }

  private mutating func takeName(_ property: ContentLine, _ line: Int) {
    guard name.family.isEmpty, name.given.isEmpty else { return }
    let parts = components(property, line)
    let fields: [WritableKeyPath<PersonName, String>] = [\.family, \.given, \.additional, \.prefix, \.suffix]
    for (field, part) in zip(fields, parts) { name[keyPath: field] = part }
  }

  mutating func takeDate(
    _ property: ContentLine, _ line: Int, into field: WritableKeyPath<CardDraft, PartialDate?>
  ) {
    let date: PartialDate
    do { date = try CardDate.parse(property) } catch {
      return note(.propertySkipped, line, property.name, error.reason)
    }
    guard let known = self[keyPath: field] else {
      self[keyPath: field] = date
      return
    }
    if known != date { note(.propertySkipped, line, property.name, "\(date) comes after \(known), which is kept") }
  }

  private mutating func takeZone(_ property: ContentLine, _ line: Int) {
    do {
      let found = try CardZone.parse(property)
      if case .fixed(let name, let offset) = found {
        note(.adjusted, line, "TZ", "the offset \(offset) is taken as \(name), which has no daylight saving time")
      }
      // A name says more than an offset, whichever comes first.
      if case .named = zone { return }
      zone = found
    } catch {
      note(.propertySkipped, line, "TZ", error.reason)
    }
  }

  private mutating func takeUID(_ property: ContentLine, _ line: Int) {
    guard uid == nil, let value = unbounded(property, line), !value.isEmpty else { return }
    guard value.utf8.count <= VCardLimits.maxAddressBytes else {
      return note(.propertySkipped, line, "UID", "is longer than \(VCardLimits.maxAddressBytes) bytes")
    }
    uid = value
  }

  private mutating func takeEmail(_ property: ContentLine, _ line: Int) {
    guard var address = unbounded(property, line) else { return }
    if address.lowercased().hasPrefix("mailto:") { address.removeFirst("mailto:".count) }
    guard !address.isEmpty else { return }
    guard PersonFields.isEmail(address) else {
      return note(.propertySkipped, line, "EMAIL", "\(Excerpt.of(address)) is no address (name@domain)")
    }
    guard emails.count < VCardLimits.maxEmails else {
      return note(.propertySkipped, line, "EMAIL", "a card may have \(VCardLimits.maxEmails) addresses at most")
    }
    emails.add(address, property.preference)
  }

  private mutating func takeLocale(_ property: ContentLine, _ line: Int) {
    guard let tag = text(property, line), !tag.isEmpty else { return }
    guard PersonFields.isLocale(tag) else {
      return note(.propertySkipped, line, "LANG", "\(Excerpt.of(tag)) is no language tag such as pt-BR")
    }
    locales.add(tag, property.preference)
  }

  private mutating func takeWebhook(_ property: ContentLine, _ line: Int) {
    guard let url = unbounded(property, line) else { return }
    guard PersonFields.isWebhook(url) else {
      return note(.propertySkipped, line, property.name, "is no http or https URL: \(Excerpt.of(url))")
    }
    webhook = url
  }
}
