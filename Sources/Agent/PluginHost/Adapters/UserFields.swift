import CPluginAPI
import EventModel

/// The fields of a user that a plugin gets: its manifest's `reads`. All others are withheld.
struct UserFields: OptionSet, Sendable {
  let rawValue: UInt8
  static let names = UserFields(rawValue: 1)
  static let locale = UserFields(rawValue: 2)
  static let dates = UserFields(rawValue: 4)
  static let addresses = UserFields(rawValue: 8)
  static let attributes = UserFields(rawValue: 16)

  /// As the manifest writes them.
  static let all: [(name: String, field: UserFields)] = [
    ("names", .names), ("locale", .locale), ("dates", .dates), ("addresses", .addresses), ("attributes", .attributes),
  ]
}

/// A user as the JSON that crosses the boundary, written straight into an arena.
struct UserWriter {
  private static let empty: StaticString = "{}"

  let fields: UserFields
  private var last: UserSnapshot?
  private var lastText = carillon_str()

  init(fields: UserFields) { self.fields = fields }

  /// The user's JSON; `{}` for nobody. Events of one user that follow each other share it.
  mutating func write(_ user: UserSnapshot?, in arena: Arena) -> carillon_str {
    guard let user else { return Self.literal(Self.empty) }
    if last === user { return lastText }
    lastText = text(user, in: arena)
    last = user
    return lastText
  }

  /// A text that lives for ever.
  static func literal(_ text: StaticString) -> carillon_str {
    carillon_str(ptr: UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self), len: text.utf8CodeUnitCount)
  }

  private func text(_ user: UserSnapshot, in arena: Arena) -> carillon_str {
    let start = arena.reserve(bound(user))
    var end = TextWriter.append(literal: "{\"id\":", at: start)
    end = TextWriter.appendQuoted(user.id, at: end)
    end = TextWriter.append(literal: ",\"time_zone\":", at: end)
    end = TextWriter.appendQuoted(user.timeZone, at: end)
    if fields.contains(.names) {
      end = TextWriter.append(literal: ",\"display_name\":", at: end)
      end = TextWriter.appendQuoted(user.displayName, at: end)
      end = TextWriter.append(literal: ",\"given_name\":", at: end)
      end = TextWriter.appendQuoted(user.givenName, at: end)
      end = TextWriter.append(literal: ",\"family_name\":", at: end)
      end = TextWriter.appendQuoted(user.familyName, at: end)
      end = TextWriter.append(literal: ",\"nickname\":", at: end)
      end = TextWriter.appendQuoted(user.nickname, at: end)
    }
    if fields.contains(.locale) {
      end = TextWriter.append(literal: ",\"locale\":", at: end)
      end = TextWriter.appendQuoted(user.locale, at: end)
    }
    if fields.contains(.dates) { end = Self.map(",\"dates\":", user.datesJSON, at: end) }
    if fields.contains(.addresses) { end = Self.map(",\"addresses\":", user.addressesJSON, at: end) }
    if fields.contains(.attributes) { end = Self.map(",\"attributes\":", user.attributesJSON, at: end) }
    end = TextWriter.append(literal: "}", at: end)
    arena.keep(end - start)
    return carillon_str(ptr: start.assumingMemoryBound(to: CChar.self), len: end - start)
  }

  /// The store's maps are JSON already.
  private static func map(
    _ name: StaticString, _ json: String, at end: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    let end = TextWriter.append(literal: name, at: end)
    return json.isEmpty ? TextWriter.append(literal: empty, at: end) : TextWriter.append(json, at: end)
  }

  /// The most bytes that the text can take.
  private func bound(_ user: UserSnapshot) -> Int {
    let names = 160  // all member names, quotes and commas
    let quoted =
      user.id.utf8.count + user.timeZone.utf8.count + user.displayName.utf8.count + user.givenName.utf8.count
      + user.familyName.utf8.count + user.nickname.utf8.count + user.locale.utf8.count
    let maps = user.datesJSON.utf8.count + user.addressesJSON.utf8.count + user.attributesJSON.utf8.count
    return names + quoted * 6 + maps + 6
  }
}
