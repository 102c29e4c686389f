/// The occurrences of series that a calendar describes apart (RECURRENCE-ID, RFC 5545 section 3.8.4.4). The series must
/// leave them out.
struct OverrideTable {
  /// An occurrence as RECURRENCE-ID names it.
  struct Occurrence: Hashable {
    var time: CalendarTime
    var zone: String?
  }

  private var occurrences: [DigestKey: [Occurrence]] = [:]
  private(set) var count = 0

  /// False when there are more than are kept.
  mutating func add(_ occurrence: Occurrence, of uid: String) -> Bool {
    guard count < ICalendarLimits.maxOverrides else { return false }
    count += 1
    occurrences[DigestKey(uid), default: []].append(occurrence)
    return true
  }

  func of(_ uid: String) -> [Occurrence] { occurrences[DigestKey(uid)] ?? [] }
}
