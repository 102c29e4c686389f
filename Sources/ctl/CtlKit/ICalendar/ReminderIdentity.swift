/// The ids of the schedules that a calendar's event becomes. The same event gives the same ids at every import.
enum ReminderIdentity {
  /// Leaves room for what follows the stem: an occurrence, and the number of an alarm.
  private static let maxStemBytes = 100

  /// `reminder-UID`, or a digest where that would be no id or too long; with the user's id in between, so that two
  /// people can import the same calendar.
  static func stem(uid: String, user: String?) -> String {
    let stem = "reminder-" + (user.map { "\($0)-" } ?? "") + uid
    if PersonIdentity.isValid(stem), stem.utf8.count <= maxStemBytes { return stem }
    return "reminder-u-" + PersonIdentity.digest([uid, user ?? ""].joined(separator: "\n"))
  }

  /// The id of the nth schedule of an event, from 0.
  static func id(stem: String, occurrence: String?, index: Int) -> String {
    stem + (occurrence.map { "-\($0)" } ?? "") + (index > 0 ? "-\(index + 1)" : "")
  }
}
