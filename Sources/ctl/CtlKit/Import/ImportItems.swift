import ControlAPI
import SwiftProtobuf

/// What an import makes of the people it reads.
struct ImportSettings: Sendable {
  var namespace: String
  /// For people whose card names no zone; empty: the agent's standard.
  var zone = ""
  /// Local time of day of the birthday's event; nil: people are imported without a schedule.
  var at: String?
  var isDryRun = false
}

extension ImportSettings {
  static let birthdayType = "birthday"
  private static let maxIDBytes = 128

  /// A person with a schedule for the birthday, where one is known.
  func item(_ person: ImportedPerson) -> Carillon_V1_ImportItem {
    .with {
      $0.tag = Int64(person.line)
      $0.user = user(person)
      if let at, person.birth != nil { $0.schedules = [schedule(person, at: at)] }
    }
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
    user.dates["birth"] = person.birth?.description
    user.dates["anniversary"] = person.anniversary?.description
    user.addresses["email"] = person.emails.first
    user.addresses["webhook"] = person.webhook
    user.attributes["uid"] = person.sourceUID
    return user
  }

  private func schedule(_ person: ImportedPerson, at time: String) -> Carillon_V1_Schedule {
    var schedule = Carillon_V1_Schedule()
    schedule.name = "namespaces/\(namespace)/schedules/\(Self.scheduleID(person.id))"
    schedule.user = "namespaces/\(namespace)/users/\(person.id)"
    schedule.eventType = Self.birthdayType
    schedule.definition.fields["at"] = .init(stringValue: time)
    return schedule
  }

  /// The user's id with the event type, or a digest where that would be too long.
  static func scheduleID(_ user: String) -> String {
    let id = "\(birthdayType)-\(user)"
    return id.utf8.count <= maxIDBytes ? id : "\(birthdayType)-" + PersonIdentity.digest(user)
  }
}
