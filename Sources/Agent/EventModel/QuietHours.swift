/// The part of the day in which a subscription holds deliveries back, in the local time of the person they are for (of the
/// event, where there is no person). What falls due within goes out at its end.
public struct QuietHours: Hashable, Sendable, Codable {
  /// Minutes of a day.
  public static let minutesPerDay = 1_440

  /// When they begin, in minutes after midnight.
  public var from: Int32
  /// When they end; before ``from`` when they reach over midnight.
  public var until: Int32

  /// Makes quiet hours.
  public init(from: Int32, until: Int32) {
    self.from = from
    self.until = until
  }

  /// Reads two local times, `22:00` and `07:30`.
  /// - Throws: `ModelError` of `quiet_hours.from` or `.until`.
  public init(from: String, until: String) throws(ModelError) {
    self.init(
      from: try Self.minute(of: from, field: "quiet_hours.from"),
      until: try Self.minute(of: until, field: "quiet_hours.until"))
    guard self.from != self.until else {
      throw ModelError(field: "quiet_hours.until", "must not be the same as from: a whole day would be quiet")
    }
  }

  /// Whether a local time of day is within.
  public func contains(minuteOfDay minute: Int32) -> Bool {
    from < until ? (from..<until).contains(minute) : minute >= from || minute < until
  }

  /// Whether they end on the day after that of a minute within.
  public func endsTomorrow(minuteOfDay minute: Int32) -> Bool { minute >= until }

  /// `22:00`.
  public static func text(ofMinute minute: Int32) -> String {
    let (hour, rest) = (minute / 60, minute % 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func minute(of text: String, field: String) throws(ModelError) -> Int32 {
    let bytes = Array(text.utf8)
    let digits = bytes.enumerated().allSatisfy { place, byte in
      place == 2 ? byte == UInt8(ascii: ":") : (0x30...0x39).contains(byte)
    }
    guard bytes.count == 5, digits else { throw ModelError(field: field, "must be a local time such as 22:00") }
    let values = bytes.map { Int32($0) - 0x30 }
    let (hour, minute) = (values[0] * 10 + values[1], values[3] * 10 + values[4])
    guard hour < 24, minute < 60 else { throw ModelError(field: field, "must be 00:00 to 23:59") }
    return hour * 60 + minute
  }
}
