import EventModel
import Store
import StoreSQL

/// The users of a batch that were there before it, as they are stored. They are compared as bytes, without being read.
struct KnownUsers {
  private let result: PostgresResult
  /// By place.
  var standings: [Standing]
  /// By place; nil where there is no user.
  var numbers: [Int64?]

  /// Looks all of them up. Each goes through the index, whatever the planner thinks of a table that has just begun to
  /// grow.
  init(_ keys: ImportKeys, _ namespaces: Namespaces, _ session: Session) throws {
    result = try session.postgres.execute(
      """
      SELECT x.place, u.id, u.revision, u.paused, u.display_name, u.given_name, u.family_name, u.nickname, u.locale,
        u.time_zone, u.dates, u.addresses, u.attributes
      FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS x (namespace, name, place)
      CROSS JOIN LATERAL (
        SELECT * FROM "user" u WHERE u.namespace = x.namespace AND u.name = x.name COLLATE "C" OFFSET 0) u
      """, [namespaces.numbers(of: keys), .textArray(keys.all.map(\.id))])
    standings = Array(repeating: .absent, count: keys.all.count)
    numbers = Array(repeating: nil, count: keys.all.count)
    for row in 0..<result.rows {
      let place = Int(result.int64(row, 0)) - 1
      standings[place] = .stored(row: row)
      numbers[place] = result.int64(row, 1)
    }
  }

  func revision(_ row: Int) -> Int64 { result.int64(row, 2) }

  /// Whether a draft is surely what is stored. One that is not may still mean the same.
  func isSame(_ user: NewUser, _ row: Int) -> Bool {
    let draft = user.draft
    let isPaused = result.int64(row, 3) != 0
    return (isPaused == draft.paused || user.keepsPause && isPaused) && result.isText(draft.displayName, row, 4)
      && result.isText(draft.givenName, row, 5) && result.isText(draft.familyName, row, 6)
      && result.isText(draft.nickname, row, 7) && result.isText(draft.locale, row, 8)
      && result.isText(draft.timeZone, row, 9) && result.isText(user.dates, row, 10)
      && result.isText(user.addresses, row, 11) && result.isText(user.attributes, row, 12)
  }
}

extension PostgresResult {
  /// Whether a column holds exactly these bytes.
  func isText(_ text: String, _ row: Int, _ column: Int) -> Bool {
    var text = text
    return text.withUTF8 { $0.elementsEqual(bytes(row, column)) }
  }

  /// The same; nil is NULL.
  func isText(_ text: String?, _ row: Int, _ column: Int) -> Bool {
    guard let text else { return isNull(row, column) }
    return !isNull(row, column) && isText(text, row, column)
  }

  /// Whether a column holds an integer; nil is NULL.
  func isInt64(_ value: Int64?, _ row: Int, _ column: Int) -> Bool { optionalInt64(row, column) == value }
}
