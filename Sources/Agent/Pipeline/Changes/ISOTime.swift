import CivilTime
import EventModel

extension Timestamp {
  /// ISO 8601 in UTC, to the second; seconds since 1970 for what no calendar reaches.
  var iso8601: String {
    let day = Int64(86_400)
    let second = ((seconds % day) + day) % day
    do {
      let date = try CivilDate(daysSinceEpoch: Int((seconds - second) / day))
      let time = try CivilTimeOfDay(
        hour: Int(second / 3_600), minute: Int(second / 60 % 60), second: Int(second % 60))
      return "\(CivilDateTime(date, time))Z"
    } catch {
      return "\(seconds)"
    }
  }
}
