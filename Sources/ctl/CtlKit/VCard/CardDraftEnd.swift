extension CardDraft {
  /// Why a complete card gives no person.
  struct Refusal: Error {
    /// On purpose, or because the card is broken.
    var kind = ImportNote.Kind.itemSkipped
    var reason: String
  }

  private static let versions: Set<String> = ["2.1", "3.0", "4.0"]

  /// The person, once END:VCARD was read; adds to `notes`.
  mutating func finish() throws(Refusal) -> ImportedPerson {
    if let version, !Self.versions.contains(version) {
      throw Refusal(kind: .itemRefused, reason: "version \(Excerpt.of(version)) is not 2.1, 3.0 or 4.0")
    }
    if let kind, !kind.isEmpty, kind != "individual" {
      throw Refusal(reason: "it is a \(Excerpt.of(kind)), not a person")
    }
    if hasDied { throw Refusal(reason: "it has a DEATHDATE: nobody is congratulated") }
    takeLabelledDates()
    name.display = shownName()
    guard !name.display.isEmpty else {
      throw Refusal(kind: .itemRefused, reason: "it has no name (FN, N, NICKNAME, ORG or EMAIL)")
    }
    let person = person()
    if hiddenNotes > 0 {
      notes.append(
        ImportNote(kind: .propertySkipped, line: line, property: nil, reason: "\(hiddenNotes) more such lines"))
    }
    return person
  }

  /// Apple's form of an anniversary: a date and a label in the same group.
  private mutating func takeLabelledDates() {
    for date in labelledDates where labels[date.group]?.lowercased().contains("anniversary") == true {
      takeDate(date.property, date.line, into: \.anniversary)
    }
  }

  private func shownName() -> String {
    if !name.display.isEmpty { return name.display }
    let parts = [name.prefix, name.given, name.additional, name.family, name.suffix].filter { !$0.isEmpty }
    let candidates = [parts.joined(separator: " "), name.nickname, organisation, emails.sorted.first ?? ""]
    return candidates.first { !$0.isEmpty } ?? ""
  }

  private mutating func person() -> ImportedPerson {
    let emails = emails.sorted
    let id: String
    if let uid {
      id = PersonIdentity.id(ofUID: uid)
    } else {
      id = PersonIdentity.id(name: name.display, birth: birth, email: emails.first)
      note(.adjusted, line, "UID", "is missing; the id \(id) stands for name, birthday and first email together")
    }
    return ImportedPerson(
      id: id, sourceUID: uid == id ? nil : uid, line: line, name: name, birth: birth, anniversary: anniversary,
      timeZone: zone?.name, locale: locales.sorted.first, emails: emails, webhook: webhook)
  }
}

extension CardZone {
  fileprivate var name: String {
    switch self {
    case .named(let name), .fixed(let name, offset: _): name
    }
  }
}
