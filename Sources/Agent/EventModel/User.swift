/// A person events are for.
public struct User: Hashable, Sendable {
  /// The namespace it belongs to.
  public var namespace: String
  /// Its id, as in `Names.checkID`.
  public var id: String
  /// What it is called where one name is wanted.
  public var displayName: String
  /// Given name; may be empty.
  public var givenName: String
  /// Family name; may be empty.
  public var familyName: String
  /// What friends say; may be empty.
  public var nickname: String
  /// BCP 47; empty when unknown.
  public var locale: String
  /// IANA zone name where the person lives; empty: the schedule's or UTC.
  public var timeZone: String
  /// Named dates, `YYYY-MM-DD` or `--MM-DD`: `birth`, `wedding`.
  public var dates: [String: String]
  /// Where the person is reached, by kind: `email`, `webhook`.
  public var addresses: [String: String]
  /// Anything else, for templates and filters.
  public var attributes: [String: String]
  /// Nothing is sent to a paused person.
  public var paused: Bool
  /// Counts changes; the etag is made of it. 0 in a draft.
  public var revision: Int64
  /// When it was created and last changed; ignored in a draft.
  public var createdAt: Timestamp
  /// When it was last changed; ignored in a draft.
  public var updatedAt: Timestamp

  /// Makes a user.
  public init(
    namespace: String, id: String, displayName: String = "", givenName: String = "", familyName: String = "",
    nickname: String = "", locale: String = "", timeZone: String = "", dates: [String: String] = [:],
    addresses: [String: String] = [:], attributes: [String: String] = [:], paused: Bool = false, revision: Int64 = 0,
    createdAt: Timestamp = Timestamp(microseconds: 0), updatedAt: Timestamp = Timestamp(microseconds: 0)
  ) {
    self.namespace = namespace
    self.id = id
    self.displayName = displayName
    self.givenName = givenName
    self.familyName = familyName
    self.nickname = nickname
    self.locale = locale
    self.timeZone = timeZone
    self.dates = dates
    self.addresses = addresses
    self.attributes = attributes
    self.paused = paused
    self.revision = revision
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// Most entries in `dates`, `addresses` or `attributes`.
  public static let maximumEntries = 64
  /// Longest single text, in bytes.
  public static let maximumTextBytes = 1_024

  /// Checks names, sizes and dates; not the time zone, which only CivilTime knows.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    faults.keep { () throws(ModelError) in try Names.checkID(id, field: "id") }
    let texts = [
      ("display_name", displayName), ("given_name", givenName), ("family_name", familyName), ("nickname", nickname),
      ("locale", locale), ("time_zone", timeZone),
    ]
    for (field, text) in texts where text.utf8.count > Self.maximumTextBytes {
      faults.found.append(.init(field: field, message: "must be at most \(Self.maximumTextBytes) bytes"))
    }
    for (field, map) in [("dates", dates), ("addresses", addresses), ("attributes", attributes)] {
      faults.found += Self.checkMap(map, field)
    }
    for (name, date) in dates.sorted(by: { $0.key < $1.key }) where !PartialDate.isValid(date) {
      faults.found.append(
        .init(field: "dates.\(name)", message: "must be a date that exists, YYYY-MM-DD or --MM-DD, not \"\(date)\""))
    }
    try faults.check()
  }

  private static func checkMap(_ map: [String: String], _ field: String) -> [ModelError.Violation] {
    guard map.count <= maximumEntries else {
      return [.init(field: field, message: "must have at most \(maximumEntries) entries")]
    }
    return map.keys.sorted().compactMap { key in
      guard !key.isEmpty, key.utf8.count <= Names.maximumNameBytes, (map[key]?.utf8.count ?? 0) <= maximumTextBytes
      else {
        return .init(
          field: "\(field).\(key.prefix(63))",
          message:
            "must have a name of 1 to \(Names.maximumNameBytes) bytes and at most \(maximumTextBytes) bytes of text")
      }
      return nil
    }
  }
}

/// A date whose year may be unknown: `YYYY-MM-DD` or `--MM-DD` (RFC 6350, section 4.3.1, in its extended form).
public enum PartialDate {
  /// Whether the text is such a date, and the day exists (29 February does without a year).
  public static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let digits: [UInt8]
    var year: Int?
    if bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") {
      digits = Array(bytes[5...])
      year = number(bytes[0..<4])
      guard let year, year >= 1 else { return false }
    } else if bytes.count == 7, bytes.starts(with: Array("--".utf8)), bytes[4] == UInt8(ascii: "-") {
      digits = Array(bytes[2...])
    } else {
      return false
    }
    guard let month = number(digits[0..<2]), let day = number(digits[3..<5]), (1...12).contains(month) else {
      return false
    }
    return (1...daysIn(month: month, year: year)).contains(day)
  }

  private static func daysIn(month: Int, year: Int?) -> Int {
    switch month {
    case 4, 6, 9, 11: return 30
    case 2:
      guard let year else { return 29 }
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: return 31
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}

/// A user as read for planning or sending. A class, so that many events of one load share it; the three maps stay as
/// the JSON text that the store holds, since most readers only pass them on.
public final class UserSnapshot: Sendable {
  /// Its id.
  public let id: String
  /// What it is called where one name is wanted.
  public let displayName: String
  /// Given name; may be empty.
  public let givenName: String
  /// Family name; may be empty.
  public let familyName: String
  /// What friends say; may be empty.
  public let nickname: String
  /// BCP 47; may be empty.
  public let locale: String
  /// IANA zone name; may be empty.
  public let timeZone: String
  /// `{"birth": "1990-05-04"}`; `{}` when there are none.
  public let datesJSON: String
  /// `{"email": "…"}`; `{}` when there are none.
  public let addressesJSON: String
  /// A flat JSON object of strings.
  public let attributesJSON: String
  /// Whether nothing may be sent to it.
  public let paused: Bool

  /// Makes a snapshot.
  public init(
    id: String, displayName: String, givenName: String, familyName: String, nickname: String, locale: String,
    timeZone: String, datesJSON: String, addressesJSON: String, attributesJSON: String, paused: Bool
  ) {
    self.id = id
    self.displayName = displayName
    self.givenName = givenName
    self.familyName = familyName
    self.nickname = nickname
    self.locale = locale
    self.timeZone = timeZone
    self.datesJSON = datesJSON
    self.addressesJSON = addressesJSON
    self.attributesJSON = attributesJSON
    self.paused = paused
  }
}
