package import EventModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Timestamp {
  /// For messages: `2027-01-15T08:00:00Z`.
  package var text: String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }
}
