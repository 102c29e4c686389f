/// The store's number of a schedule. Numbers of one store start at a random multiple of 2³², so that the events of two
/// stores have different ids.
public struct ScheduleNumber: RawRepresentable, Hashable, Sendable, Codable {
  /// The number, positive.
  public let rawValue: Int64
  /// Makes a number.
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The store's number of a sink; `all` stands for every sink that the routing names.
public struct SinkNumber: RawRepresentable, Hashable, Sendable, Codable {
  /// The number, 0 or positive.
  public let rawValue: Int64
  /// Makes a number.
  public init(rawValue: Int64) { self.rawValue = rawValue }
  /// An event row that goes to all sinks its routing names.
  public static let all = SinkNumber(rawValue: 0)
}

/// The store's number of a bucket.
public struct BucketID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
  /// The number, positive.
  public let rawValue: Int64
  /// Makes a number.
  public init(rawValue: Int64) { self.rawValue = rawValue }
  /// The older bucket comes first.
  public static func < (a: BucketID, b: BucketID) -> Bool { a.rawValue < b.rawValue }
}

/// One row of the event table: a first attempt, a retry, or a deferral.
public struct EventRef: Hashable, Sendable, Codable {
  /// The bucket it is in.
  public var bucket: BucketID
  /// Its place in the bucket, from 0.
  public var sequence: Int32

  /// Makes a reference.
  public init(bucket: BucketID, sequence: Int32) {
    self.bucket = bucket
    self.sequence = sequence
  }
}

/// What an event *is*: one occurrence of one schedule. The same through every attempt, re-plan and restart.
public struct EventIdentity: Hashable, Sendable, Codable {
  /// The schedule that yields it.
  public var schedule: ScheduleNumber
  /// The occurrence key within that schedule.
  public var key: String

  /// Makes an identity.
  public init(schedule: ScheduleNumber, key: String) {
    self.schedule = schedule
    self.key = key
  }
}

extension EventIdentity {
  private static let prefix = "evt_"
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// The id that people and receivers see: `evt_`, the schedule's number in base 32, `_`, and the key. In the key, every
  /// byte but ASCII letters, digits and `-` stands as `~` and two hexadecimal digits; so there is no `.` in it, which
  /// Standard Webhooks forbids in a message id, and it can be read back exactly.
  public var text: String {
    var bytes = Array(Self.prefix.utf8)
    bytes.append(contentsOf: Self.base32(UInt64(bitPattern: schedule.rawValue)))
    bytes.append(UInt8(ascii: "_"))
    for byte in key.utf8 {
      if Self.isPlain(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "~"))
        bytes.append(Self.hex(byte >> 4))
        bytes.append(Self.hex(byte & 15))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads an id made by ``text``; nil for anything else.
  public init?(text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count <= 700 else { return nil }
    let rest = text.utf8.dropFirst(Self.prefix.utf8.count)
    guard let bar = rest.firstIndex(of: UInt8(ascii: "_")),
      let number = Self.parseBase32(rest[..<bar]),
      let key = Self.unescape(rest[rest.index(after: bar)...])
    else { return nil }
    self.init(schedule: ScheduleNumber(rawValue: number), key: key)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func hex(_ nibble: UInt8) -> UInt8 { digitsHex[Int(nibble)] }
  private static let digitsHex = Array("0123456789abcdef".utf8)

  private static func base32(_ value: UInt64) -> [UInt8] {
    var value = value
    var reversed: [UInt8] = []
    repeat {
      reversed.append(digits[Int(value & 31)])
      value >>= 5
    } while value > 0
    return reversed.reversed()
  }

  private static func parseBase32(_ bytes: Substring.UTF8View) -> Int64? {
    guard !bytes.isEmpty, bytes.count <= 13 else { return nil }
    var value: UInt64 = 0
    for byte in bytes {
      guard let digit = digits.firstIndex(of: byte), value >> 59 == 0 else { return nil }
      value = value << 5 | UInt64(digit)
    }
    return Int64(exactly: value)
  }

  private static func unescape(_ bytes: Substring.UTF8View) -> String? {
    var result: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      if byte == UInt8(ascii: "~") {
        guard let high = iterator.next().flatMap(digitsHex.firstIndex(of:)),
          let low = iterator.next().flatMap(digitsHex.firstIndex(of:))
        else { return nil }
        result.append(UInt8(high << 4 | low))
      } else if isPlain(byte) {
        result.append(byte)
      } else {
        return nil
      }
    }
    return result.isEmpty ? nil : String(validating: result, as: UTF8.self)
  }
}
