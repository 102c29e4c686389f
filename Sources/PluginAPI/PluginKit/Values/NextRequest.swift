/// Where a series stands.
public struct Cursor: Sendable, Hashable {
  /// Nothing was given out yet: an occurrence exactly at `civil` counts. Otherwise only later ones do.
  public var isStart: Bool
  /// Local time, in the schedule's zone, of the last occurrence or of the start.
  public var civil: Civil
  /// The same as nanoseconds since 1970-01-01T00:00:00Z.
  public var instantNanoseconds: Int64
  /// How many occurrences were given out so far.
  public var ordinal: UInt64
  /// Key of the last occurrence; empty at the start.
  public var key: String

  /// A place in a series.
  public init(isStart: Bool, civil: Civil, instantNanoseconds: Int64, ordinal: UInt64 = 0, key: String = "") {
    self.isStart = isStart
    self.civil = civil
    self.instantNanoseconds = instantNanoseconds
    self.ordinal = ordinal
    self.key = key
  }
}

/// Asks an event type for what comes next in one schedule.
public struct NextRequest: Sendable, Hashable {
  /// How many occurrences are wanted at most, 1 or more.
  public var max: Int
  /// The schedule's definition, valid by the manifest's schema.
  public var definition: JSONText
  /// The user, as far as the manifest's `reads` allows; `{}` for a schedule without a user.
  public var user: JSONText
  /// IANA name of the zone that local times are in.
  public var timeZone: String
  /// Answer what comes after this.
  public var after: Cursor

  /// A request.
  public init(max: Int = 1, definition: JSONText, user: JSONText = "{}", timeZone: String, after: Cursor) {
    self.max = max
    self.definition = definition
    self.user = user
    self.timeZone = timeZone
    self.after = after
  }
}

/// One occurrence of a schedule.
public struct Occurrence: Sendable, Hashable {
  /// When it is.
  public enum When: Sendable, Hashable {
    /// A local time in the schedule's zone; the host finds the instant.
    case civil(Civil)
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    case instant(nanoseconds: Int64)
  }

  /// Characters a key may have.
  public static let maxKeyLength = 200

  /// When it is.
  public var when: When
  /// 1 for the first of the series.
  public var ordinal: UInt64
  /// The plugin's name for this occurrence, unique in the series: 1 to 200 printable ASCII characters without
  /// space. It stays the same when the zone or the hour changes.
  public var key: String

  /// An occurrence.
  public init(_ when: When, ordinal: UInt64, key: String) {
    self.when = when
    self.ordinal = ordinal
    self.key = key
  }

  /// Whether a text may be a key.
  public static func isKey(_ text: String) -> Bool {
    1...maxKeyLength ~= text.utf8.count && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
  }
}
