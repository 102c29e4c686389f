import EventModel
import Store
import StoreSQL

/// A user that a batch brings; its maps as they are stored.
struct NewUser: Sendable {
  let draft: User
  /// Whether it stays paused if it is.
  let keepsPause: Bool
  let dates: String
  let addresses: String
  let attributes: String

  init(_ draft: User, keepsPause: Bool) throws {
    self.draft = draft
    self.keepsPause = keepsPause
    dates = try JSONText.map(draft.dates)
    addresses = try JSONText.map(draft.addresses)
    attributes = try JSONText.map(draft.attributes)
  }

  /// Whether PostgreSQL takes its texts. In JSON the one character that it does not take is escaped.
  var isStorable: Bool {
    [draft.displayName, draft.givenName, draft.familyName, draft.nickname, draft.locale, draft.timeZone]
      .allSatisfy(\.isStorable)
  }
}

extension String {
  /// Whether there is no U+0000 in it.
  var isStorable: Bool { !utf8.contains(0) }
}

/// Rows of a batch that wait to be copied in.
struct NewRows {
  private struct UserRow {
    var number: Int64
    var place: Int
    var namespace: Int64
    var user: NewUser
  }

  private struct ScheduleRow {
    var number: Int64
    var place: Int
    var namespace: Int64
    var owner: (place: Int, number: Int64)?
    var draft: Schedule
  }

  private var users: [UserRow] = []
  private var schedules: [ScheduleRow] = []

  mutating func add(_ user: NewUser, number: Int64, place: Int, namespace: Int64) {
    users.append(UserRow(number: number, place: place, namespace: namespace, user: user))
  }

  mutating func add(
    _ draft: Schedule, number: Int64, place: Int, namespace: Int64, owner: (place: Int, number: Int64)?
  ) {
    schedules.append(ScheduleRow(number: number, place: place, namespace: namespace, owner: owner, draft: draft))
  }

  /// Whether a user at a place, or a schedule of it, waits.
  func has(user place: Int) -> Bool {
    users.contains { $0.place == place } || schedules.contains { $0.owner?.place == place }
  }

  func has(schedule place: Int) -> Bool { schedules.contains { $0.place == place } }

  /// Writes them: users before their schedules, schedules before their plans.
  mutating func flush(now: Timestamp, _ session: Session) throws {
    let database = try session.postgres
    if !users.isEmpty {
      try copyUsers(now, database)
      try copyEvents(now, database)
    }
    if !schedules.isEmpty {
      try copySchedules(now, database)
      try copyPlans(now, database)
    }
    users.removeAll(keepingCapacity: true)
    schedules.removeAll(keepingCapacity: true)
  }

  private func copyUsers(_ now: Timestamp, _ database: PostgresSession) throws {
    try database.copyIn(
      """
      COPY "user" (id, namespace, name, display_name, given_name, family_name, nickname, locale, time_zone, dates,
        addresses, attributes, paused, revision, created_at, updated_at) FROM STDIN (FORMAT binary)
      """
    ) { copy in
      for row in users {
        let draft = row.user.draft
        try copy.row(16)
        try copy.write(row.number)
        try copy.write(row.namespace)
        for text in [
          draft.id, draft.displayName, draft.givenName, draft.familyName, draft.nickname, draft.locale,
          draft.timeZone, row.user.dates, row.user.addresses, row.user.attributes,
        ] { try copy.write(text) }
        try copy.write(Int64(draft.paused ? 1 : 0))
        try copy.write(Int64(1))
        try copy.write(now.microseconds)
        try copy.write(now.microseconds)
      }
    }
  }

  /// That each of them is new.
  private func copyEvents(_ now: Timestamp, _ database: PostgresSession) throws {
    try database.copyIn("COPY domain_event (namespace, kind, \"user\", at) FROM STDIN (FORMAT binary)") { copy in
      for row in users {
        try copy.row(4)
        try copy.write(row.namespace)
        try copy.write(DomainEvent.Kind.userCreated.code)
        try copy.write(row.number)
        try copy.write(now.microseconds)
      }
    }
  }

  private func copySchedules(_ now: Timestamp, _ database: PostgresSession) throws {
    try database.copyIn(
      """
      COPY schedule (number, namespace, name, "user", event_type, definition, queue, time_zone, gap, fold,
        catch_up_mode, catch_up_window, state, is_one_off, start_at, revision, created_at, updated_at, is_test)
        FROM STDIN (FORMAT binary)
      """
    ) { copy in
      for row in schedules {
        let draft = row.draft
        try copy.row(19)
        try copy.write(row.number)
        try copy.write(row.namespace)
        try copy.write(draft.id)
        try copy.write(row.owner?.number)
        try copy.write(draft.eventType)
        try copy.write(draft.definitionJSON)
        try copy.write(draft.queue)
        try copy.write(draft.timeZone)
        try copy.write(draft.gap.code)
        try copy.write(draft.fold.code)
        try copy.write(draft.catchUp?.mode.code)
        try copy.write(draft.catchUp?.window?.microseconds)
        try copy.write(draft.state.code)
        try copy.write(Int64(0))
        try copy.write(draft.startAt.microseconds)
        try copy.write(Int64(1))
        try copy.write(now.microseconds)
        try copy.write(now.microseconds)
        try copy.write(Int64(0))
      }
    }
  }

  private func copyPlans(_ now: Timestamp, _ database: PostgresSession) throws {
    try database.copyIn(
      "COPY plan (schedule, revision, is_replan, look_at, slot, next_key, error) FROM STDIN (FORMAT binary)"
    ) { copy in
      for row in schedules {
        let draft = row.draft
        try copy.row(7)
        try copy.write(row.number)
        try copy.write(Int64(1))
        try copy.write(Int64(0))
        try copy.write(draft.state == .active ? now.microseconds : nil)
        try copy.write(Int64(Shard(timeZone: "UTC", owner: draft.userID ?? draft.id).slot))
        try copy.write("")
        try copy.write("")
      }
    }
  }
}
