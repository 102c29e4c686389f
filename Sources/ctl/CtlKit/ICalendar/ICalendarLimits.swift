/// Bounds of the iCalendar reader. Real calendars stay far below them; hostile input stops here.
enum ICalendarLimits {
  /// Events and tasks read from one input.
  static let maxComponents = 2_000_000
  /// Unfolded lines of one event, task or time zone, with what is nested in it.
  static let maxComponentLines = 20_000
  /// Bytes kept of one event, task or time zone: the properties that are used.
  static let maxComponentBytes = 1024 * 1024
  /// How deep components nest; an alarm in an event is 2.
  static let maxDepth = 4
  /// Time zones that one input defines, and rules of one of them.
  static let maxZones = 1_000
  static let maxObservances = 500
  /// Changed or cancelled occurrences (RECURRENCE-ID) of all series of one input.
  static let maxOverrides = 200_000
  /// Alarms taken of one event: each becomes a schedule of one import item, which takes 100.
  static let maxAlarms = 50
  /// Dates in RDATE and in EXDATE of one event, as many as the event type `reminder` takes.
  static let maxDates = 500
  /// The years that the event type `reminder` takes.
  static let years: ClosedRange<Int64> = 1_700...2_260
  /// Bytes of a UID; longer ones are refused.
  static let maxUIDBytes = 2_048
  /// Bytes of an RRULE.
  static let maxRuleBytes = 1_024
  /// Bytes of a TZID.
  static let maxZoneNameBytes = 256
  /// Bytes taken of a title, and of a text.
  static let maxTitleBytes = 512
  static let maxTextBytes = 8_192
  /// Report lines about the properties of one event; what exceeds them is counted, not told.
  static let maxNotesPerComponent = 20
  /// Minutes that an alarm may ring before, and after (then negative), as the event type `reminder` takes them.
  static let leadMinutes: ClosedRange<Int64> = -40_320...525_600
}
