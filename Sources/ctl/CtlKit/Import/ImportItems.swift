import ControlAPI
import SwiftProtobuf

/// Makes items of the API of what the readers found.
struct ImportItems: Sendable {
  static let birthdayType = "birthday"
  static let anniversaryType = "anniversary"
  static let reminderType = "reminder"

  /// Whose a calendar's reminders are; nil: broadcasts.
  var user: String?
  private let namespace: String
  private let zone: String
  /// What the schedules of all people say; made once.
  private let definition: Google_Protobuf_Struct?

  /// - Parameters:
  ///   - zone: for people whose card names no zone; empty: the agent's standard.
  ///   - at: local time of day of the events of a person's dates; nil: people are imported without schedules.
  init(namespace: String, zone: String = "", at: String? = nil) {
    self.namespace = namespace
    self.zone = zone
    definition = at.map { ["at": .init(stringValue: $0)] }
  }

  // MARK: people

  /// A person with a schedule for the birthday and for each other date, where one is known.
  func entry(_ person: ImportedPerson) -> ImportEntry {
    var item = Carillon_V1_ImportItem()
    item.tag = Int64(person.line)
    item.user = user(person)
    if let definition { item.schedules = schedules(person, definition) }
    let texts = person.addresses.values.reduce(0) { $0 + $1.utf8.count }
    let bytes = person.attributes.values.reduce(texts) { $0 + $1.utf8.count }
    return ImportEntry(line: person.line, label: person.name.display, item: item, bytes: 1_024 + bytes)
  }

  private func user(_ person: ImportedPerson) -> Carillon_V1_User {
    var user = Carillon_V1_User()
    user.name = "namespaces/\(namespace)/users/\(person.id)"
    user.displayName = person.name.display
    user.givenName = person.name.given
    user.familyName = person.name.family
    user.nickname = person.name.nickname
    user.locale = person.locale ?? ""
    user.timeZone = person.timeZone ?? zone
    user.dates = person.dates.mapValues(\.description)
    user.dates["birth"] = person.birth?.description
    user.dates["anniversary"] = person.anniversary?.description
    user.addresses = person.addresses
    user.addresses["email"] = person.emails.first
    user.addresses["webhook"] = person.webhook
    user.attributes = person.attributes
    if let uid = person.sourceUID { user.attributes["uid"] = uid }
    return user
  }

  private func schedules(
    _ person: ImportedPerson, _ definition: Google_Protobuf_Struct
  ) -> [Carillon_V1_Schedule] {
    var schedules: [Carillon_V1_Schedule] = []
    if person.birth != nil { schedules.append(schedule(person, type: Self.birthdayType, definition)) }
    if person.anniversary != nil { schedules.append(schedule(person, type: Self.anniversaryType, definition)) }
    for name in person.dates.keys.sorted() {
      var schedule = schedule(person, type: Self.anniversaryType, of: name, definition)
      schedule.definition.fields["of"] = .init(stringValue: name)
      schedules.append(schedule)
    }
    return schedules
  }

  private func schedule(
    _ person: ImportedPerson, type: String, of date: String? = nil, _ definition: Google_Protobuf_Struct
  ) -> Carillon_V1_Schedule {
    var schedule = Carillon_V1_Schedule()
    let stem = date.map { "\(type)-\($0)" } ?? type
    schedule.name = "namespaces/\(namespace)/schedules/\(Self.scheduleID(stem, person.id))"
    schedule.user = "namespaces/\(namespace)/users/\(person.id)"
    schedule.eventType = type
    schedule.definition = definition
    return schedule
  }

  /// The user's id with what the schedule is, or a digest where that would be too long.
  static func scheduleID(_ stem: String, _ user: String) -> String {
    let id = "\(stem)-\(user)"
    return PersonIdentity.isValid(id) ? id : "\(stem.prefix(80))-" + PersonIdentity.digest(id)
  }

  // MARK: events

  /// An event with a schedule for each of its alarms.
  func entry(_ event: ImportedEvent) -> ImportEntry {
    var item = Carillon_V1_ImportItem()
    item.tag = Int64(event.line)
    item.schedules = event.reminders.map(schedule)
    let bytes = event.reminders.reduce(0) { sum, reminder in
      sum + 512 + reminder.title.utf8.count + reminder.text.utf8.count + (reminder.rule?.utf8.count ?? 0)
        + (reminder.added.count + reminder.excluded.count) * 48
    }
    return ImportEntry(line: event.line, label: event.title, item: item, bytes: bytes)
  }

  private func schedule(_ reminder: ImportedReminder) -> Carillon_V1_Schedule {
    var schedule = Carillon_V1_Schedule()
    schedule.name = "namespaces/\(namespace)/schedules/\(reminder.id)"
    if let user { schedule.user = "namespaces/\(namespace)/users/\(user)" }
    schedule.eventType = Self.reminderType
    schedule.timeZone = reminder.timeZone
    var fields: [String: Google_Protobuf_Value] = [:]
    fields["title"] = .init(stringValue: reminder.title)
    fields["text"] = reminder.text.isEmpty ? nil : .init(stringValue: reminder.text)
    fields["start"] = .init(stringValue: reminder.start)
    fields["at"] = reminder.at.map { .init(stringValue: $0) }
    fields["repeat"] = reminder.rule.map { .init(stringValue: $0) }
    fields["rdate"] = Self.list(reminder.added)
    fields["exdate"] = Self.list(reminder.excluded)
    if reminder.leadMinutes != 0 { fields["lead_minutes"] = .init(numberValue: Double(reminder.leadMinutes)) }
    schedule.definition.fields = fields
    return schedule
  }

  private static func list(_ texts: [String]) -> Google_Protobuf_Value? {
    guard !texts.isEmpty else { return nil }
    return .init(listValue: .with { $0.values = texts.map { .init(stringValue: $0) } })
  }
}
