import ArgumentParser
import EventModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A moment on the command line (RFC 3339, in UTC).
struct MovingTime: ExpressibleByArgument {
  let moment: Timestamp

  init?(argument: String) {
    guard let date = try? Date(argument, strategy: .iso8601) else { return nil }
    moment = Timestamp(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
  }
}
