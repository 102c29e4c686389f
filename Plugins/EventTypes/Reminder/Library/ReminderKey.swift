import PluginKit0
import Recurrence

/// The identity of an occurrence: its own time, plus the lead. Written `2026-11-23T09:30` (seconds only when there are
/// some) for a local time, `2026-11-23T09:30:00Z` for an instant, each with `-15m` or `+15m` behind it where the event
/// is so long before it or after it.
struct ReminderKey: Sendable, Hashable, CustomStringConvertible {
  enum Time: Sendable, Hashable {
    case local(Civil)
    /// Seconds since 1970-01-01T00:00:00Z.
    case instant(Int64)
  }

  let time: Time
  /// Minutes before the occurrence; negative for after it.
  let leadMinutes: Int

  /// Nil for a time beyond the calendar.
  init?(time: RecurrenceSeries.Occasion.Time, leadMinutes: Int) {
    switch time {
    case .local(let local):
      guard let civil = local.civil else { return nil }
      self.time = .local(civil)
    case .instant(let seconds): self.time = .instant(Int64(seconds))
    }
    self.leadMinutes = leadMinutes
  }

  /// Reads what ``description`` writes, and nothing else.
  init?(_ text: String) {
    var rest = text[...]
    var lead = 0
    if rest.utf8.last == UInt8(ascii: "m"), let sign = rest.lastIndex(where: { $0 == "-" || $0 == "+" }) {
      guard let number = Int(rest[rest.index(after: sign)...].dropLast()), number > 0 else { return nil }
      lead = rest[sign] == "-" ? number : -number
      rest = rest[..<sign]
    }
    guard ReminderDefinition.leads ~= lead, rest.utf8.count <= 20 else { return nil }
    switch SeriesTime(String(rest)) {
    case .local(let local): self.init(time: .local(local), leadMinutes: lead)
    case .utc(let seconds): self.init(time: .instant(seconds), leadMinutes: lead)
    default: return nil
    }
    guard description == text else { return nil }
  }

  /// The occurrence's own time.
  var timeText: String {
    switch time {
    case .local(let civil): return civil.time.second == 0 ? "\(civil.date)T\(civil.time.short)" : civil.description
    case .instant(let seconds): return (LocalTime(seconds: Int(seconds)).civil?.description ?? "") + "Z"
    }
  }

  var description: String {
    leadMinutes == 0 ? timeText : timeText + (leadMinutes > 0 ? "-" : "+") + "\(abs(leadMinutes))m"
  }
}

extension CivilTimeOfDay {
  /// `09:30`, and `09:30:15` only when there are seconds.
  var short: String { second == 0 ? String(description.prefix(5)) : description }
}
