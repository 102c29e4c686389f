import EventModel
import Store

extension Session {
  static let userColumns = """
    u.name, u.display_name, u.given_name, u.family_name, u.nickname, u.locale, u.time_zone, u.dates, u.addresses,
    u.attributes, u.paused, u.revision, u.created_at, u.updated_at
    """

  func readUser(_ columns: Columns, namespace: String) throws -> User {
    User(
      namespace: namespace, id: columns.text(0), displayName: columns.text(1), givenName: columns.text(2),
      familyName: columns.text(3), nickname: columns.text(4), locale: columns.text(5), timeZone: columns.text(6),
      dates: try JSONText.map(columns.text(7)), addresses: try JSONText.map(columns.text(8)),
      attributes: try JSONText.map(columns.text(9)), paused: columns.bool(10), revision: columns.int64(11),
      createdAt: columns.time(12), updatedAt: columns.time(13))
  }

  func userNumber(_ namespace: Int64, _ id: String) throws -> Int64? {
    try query("SELECT id FROM user WHERE namespace = ? AND name = ?").first(namespace, id) { $0.int64(0) }
  }

  private func find(_ namespace: Int64, _ name: String, _ id: String) throws -> (number: Int64, user: User)? {
    try query("SELECT \(Self.userColumns), u.id FROM user u WHERE u.namespace = ? AND u.name = ?")
      .first(namespace, id) { ($0.int64(14), try readUser($0, namespace: name)) }
  }

  /// - Parameter keepsPause: who is paused stays so, whatever the draft says.
  func put(
    _ draft: User, _ precondition: Precondition, keepsPause: Bool = false, now: Timestamp
  ) throws -> (result: ChangeResult, number: Int64) {
    try draft.check()
    let namespace = try makeNamespace(draft.namespace)
    let found = try find(namespace, draft.namespace, draft.id)
    try precondition.check(put: found?.user.revision, "user \"\(draft.id)\"")
    guard let found else {
      let number = try insert(draft, namespace, now)
      try note(.userCreated, namespace: namespace, user: number, now: now)
      return (ChangeResult(effect: .created, revision: 1), number)
    }
    var wanted = draft
    wanted.revision = found.user.revision
    wanted.paused = draft.paused || keepsPause && found.user.paused
    wanted.createdAt = found.user.createdAt
    wanted.updatedAt = found.user.updatedAt
    guard wanted != found.user else {
      return (ChangeResult(effect: .unchanged, revision: found.user.revision), found.number)
    }
    wanted.revision += 1
    try update(wanted, found.number, now)
    let old = found.user
    try noteChange(of: old, to: wanted, namespace: namespace, number: found.number, now: now)
    if wanted.timeZone != old.timeZone || wanted.dates != old.dates || wanted.paused != old.paused {
      for schedule in try schedules(ofUser: found.number) {
        if old.paused, !wanted.paused { try resume(schedule.number, now: now) }
        if !schedule.isOneOff { try markForReplan(schedule.number, now: now) }
      }
    }
    return (ChangeResult(effect: .updated, revision: wanted.revision), found.number)
  }

  private func insert(_ user: User, _ namespace: Int64, _ now: Timestamp) throws -> Int64 {
    try query(
      """
      INSERT INTO user (namespace, name, display_name, given_name, family_name, nickname, locale, time_zone, dates,
        addresses, attributes, paused, revision, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) RETURNING id
      """
    ).only(
      namespace, user.id, user.displayName, user.givenName, user.familyName, user.nickname, user.locale, user.timeZone,
      try JSONText.map(user.dates), try JSONText.map(user.addresses), try JSONText.map(user.attributes),
      user.paused, now, now
    ) { $0.int64(0) }
  }

  private func update(_ user: User, _ number: Int64, _ now: Timestamp) throws {
    try query(
      """
      UPDATE user SET display_name = ?, given_name = ?, family_name = ?, nickname = ?, locale = ?, time_zone = ?,
        dates = ?, addresses = ?, attributes = ?, paused = ?, revision = ?, updated_at = ? WHERE id = ?
      """
    ).run(
      user.displayName, user.givenName, user.familyName, user.nickname, user.locale, user.timeZone,
      try JSONText.map(user.dates), try JSONText.map(user.addresses), try JSONText.map(user.attributes),
      user.paused, user.revision, now, number)
  }

  /// The person's row goes; so do the messages that were rendered for it, wherever they wait. What the ledger keeps
  /// refers to the schedules, which stay as shells until their history is dropped. Erasing goes further: here ids, what
  /// receipts quote, idempotency keys and commands' reasons stay for as long as the history does.
  func deleteUser(_ namespace: String, _ id: String, _ precondition: Precondition, now: Timestamp) throws
    -> (result: ChangeResult, number: Int64)
  {
    let found = try self.namespace(namespace).flatMap { try find($0, namespace, id) }
    let revision = try precondition.check(delete: found?.user.revision, "user \"\(id)\"")
    guard let found else { throw StoreError.missing("user", id) }
    let blank = try JSONText.text(Message(title: "", text: ""))
    for schedule in try schedulesEver(ofUser: found.number) {
      try query("UPDATE event SET rendered = NULL WHERE schedule = ? AND rendered IS NOT NULL").run(schedule)
      try query("UPDATE dead_letter SET message = ? WHERE schedule = ?").run(blank, schedule)
    }
    for schedule in try schedules(ofUser: found.number) { try deleteSchedule(schedule.number, now: now) }
    try query("UPDATE schedule SET user = NULL WHERE user = ?").run(found.number)
    try forget(user: found.number)
    try query("DELETE FROM user WHERE id = ?").run(found.number)
    return (ChangeResult(effect: .deleted, revision: revision), found.number)
  }
}
