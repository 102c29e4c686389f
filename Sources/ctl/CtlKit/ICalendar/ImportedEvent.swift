/// An event or a task of a calendar, as the reminders that it becomes.
struct ImportedEvent: Sendable, Hashable {
  /// Number of its BEGIN line, from 1.
  var line: Int
  var title: String
  /// One for each alarm; never empty in an event handed out.
  var reminders: [ImportedReminder]
}

/// A schedule of the event type `reminder`, before it has a namespace.
struct ImportedReminder: Sendable, Hashable {
  /// Id in the API.
  var id: String
  var title: String
  var text: String
  /// `2026-11-23`, `2026-11-23T09:30`, or `2026-11-23T09:30Z`.
  var start: String
  /// Local time of a date; nil where `start` has one.
  var at: String?
  /// Text of an RRULE; nil: once.
  var rule: String?
  var added: [String] = []
  var excluded: [String] = []
  /// Minutes before; negative: after.
  var leadMinutes: Int64 = 0
  /// IANA name; empty: the user's.
  var timeZone: String
}

/// What an import makes of the events that it reads.
struct CalendarSettings: Sendable {
  /// Local time at which an all-day event rings.
  var at = "09:00"
  /// Minutes that an event without an alarm rings before its start.
  var defaultLeadMinutes: Int64 = 0
  var takesAlarms = true
  /// Take what is over, too.
  var takesPast = false
  /// Whose reminders they are; nil: broadcasts.
  var user: String?
  /// For times without a zone; empty: the user's.
  var zone = ""
  /// Milliseconds since 1970.
  var now: Int64
}
