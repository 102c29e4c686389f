import EventModel
import FoundationEssentials

extension Date {
  /// The same instant.
  init(_ timestamp: Timestamp) { self.init(timeIntervalSince1970: Double(timestamp.microseconds) / 1_000_000) }
}

extension Timestamp {
  /// The same instant; certificates count whole seconds.
  init(_ date: Date) { self.init(seconds: Int64(date.timeIntervalSince1970.rounded())) }
}
