import EventModel
import Store

/// Gives equal texts of one load one `String`: zones, definitions and types repeat from row to row.
///
/// A fixed table without chains: a text that meets another in its place takes the place over. It may miss; it is never
/// wrong, since the bytes are compared.
struct TextPool {
  private static let places = 256
  /// Longer texts are not looked for: hashing them would cost more than it saves.
  private static let longest = 512

  private var table = [String?](repeating: nil, count: places)

  mutating func text(_ columns: Columns, _ column: Int32) -> String {
    let bytes = columns.utf8(column)
    // Up to 15 bytes live inside the `String` itself.
    guard bytes.count > 15, bytes.count <= Self.longest else { return String(decoding: bytes, as: UTF8.self) }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let place = Int((hash ^ (hash >> 32)) % UInt64(Self.places))
    if let known = table[place], known.utf8.count == bytes.count, known.utf8.elementsEqual(bytes) { return known }
    let text = String(decoding: bytes, as: UTF8.self)
    table[place] = text
    return text
  }
}

/// The columns of a user that sending and planning read.
enum UserColumns {
  static let snapshot = """
    u.name, u.display_name, u.given_name, u.family_name, u.nickname, u.locale, u.time_zone, u.dates, u.addresses,
    u.attributes, u.paused
    """

  static func snapshot(_ columns: Columns, from start: Int32, texts: inout TextPool) -> UserSnapshot {
    UserSnapshot(
      id: columns.text(start), displayName: columns.text(start + 1), givenName: columns.text(start + 2),
      familyName: columns.text(start + 3), nickname: columns.text(start + 4), locale: texts.text(columns, start + 5),
      timeZone: texts.text(columns, start + 6), datesJSON: columns.text(start + 7),
      addressesJSON: columns.text(start + 8), attributesJSON: texts.text(columns, start + 9),
      paused: columns.bool(start + 10))
  }
}

extension Columns {
  /// The two columns of a catch-up policy: the mode, NULL for none, and the window, NULL for no bound.
  func catchUp(_ column: Int32) throws -> CatchUp? {
    guard let mode = optionalInt64(column) else { return nil }
    return CatchUp(mode: try CatchUp.Mode(stored: mode), window: isNull(column + 1) ? nil : span(column + 1))
  }
}
