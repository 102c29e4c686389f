package import EventModel
package import Store

/// What an audit record says. Users, schedules and events go by the store's numbers: their ids may be somebody's address,
/// and records outlive the person.
package struct AuditRecord: Hashable {
  var action: String
  var resource: String
  /// Why, as a person said; erasing the person whom the record is about empties it.
  var reason = ""
  /// The schedule that the record is about.
  var schedule: ScheduleNumber?
  /// The store's number of the user whom the record is about.
  var person: Int64?
  /// JSON of the fields that changed, as they were.
  var before = ""
  /// The same as they are.
  var after = ""

  package init(
    _ action: String, _ resource: String, reason: String = "", schedule: ScheduleNumber? = nil, person: Int64? = nil
  ) {
    self.action = action
    self.resource = resource
    self.reason = reason
    self.schedule = schedule
    self.person = person
  }

  /// The action of erasing a person.
  static let erasing = "user.erase"

  package static func user(_ namespace: String, _ number: Int64) -> String { "\(namespace)/user#\(number)" }

  package static func schedule(_ namespace: String, _ number: ScheduleNumber) -> String {
    "\(namespace)/schedule#\(number.rawValue)"
  }

  /// Whether it shares one record with others of a batch: what people are, come in the thousands. What agents go by, and
  /// what somebody gave a reason for, has a record of its own.
  var isPooled: Bool {
    reason.isEmpty && ["user.", "schedule.", "exception."].contains { action.hasPrefix($0) }
  }
}

/// A change that was made, and what the audit says of it.
package struct Applied {
  package var result: ChangeResult
  var record: AuditRecord

  package init(_ result: ChangeResult, _ record: AuditRecord) {
    self.result = result
    self.record = record
  }

  var line: String {
    "\(record.action) \(record.resource) \(result.effect.rawValue) \(result.revision)\n"
  }
}
