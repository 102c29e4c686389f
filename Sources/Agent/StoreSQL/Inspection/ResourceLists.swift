import EventModel
import Store

extension Session {
  /// A namespace's number by its name, within the statement that needs it: one round trip to the database, not two.
  static let named = "(SELECT id FROM namespace WHERE name = ?)"

  func user(_ namespace: String, _ id: String) throws -> User {
    let user = try query("SELECT \(Self.userColumns) FROM user u WHERE u.namespace = \(Self.named) AND u.name = ?")
      .first(namespace, id) { try readUser($0, namespace: namespace) }
    guard let user else { throw StoreError.missing("user", id) }
    return user
  }

  func users(_ namespace: String, _ page: PageRequest) throws -> Page<User> {
    try Paging.check(page)
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    let users = try query(
      "SELECT \(Self.userColumns) FROM user u WHERE u.namespace = ? AND u.name > ? ORDER BY u.name LIMIT ?"
    ).all(number, page.token, page.size + 1) { try readUser($0, namespace: namespace) }
    return Paging.page(users, page, token: \.id)
  }

  func schedule(_ namespace: String, _ id: String) throws -> Schedule {
    let schedule = try query(
      """
      SELECT \(Self.scheduleColumns) FROM \(Self.scheduleTables)
      WHERE s.namespace = \(Self.named) AND s.name = ? AND s.state <> 3
      """
    ).first(namespace, id) { try readSchedule($0, namespace: namespace) }
    guard var schedule else { throw StoreError.missing("schedule", id) }
    schedule.exceptions = try exceptions(of: [schedule.number])[schedule.number] ?? []
    return schedule
  }

  func schedules(_ namespace: String, _ filter: ScheduleFilter, _ page: PageRequest) throws -> Page<Schedule> {
    try Paging.check(page)
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    // Shells of deleted schedules may share a name with a living one, so that they have a listing of their own.
    if filter.state == .deleted { return try deletedSchedules(namespace, number, filter, page) }
    let schedules = try query(
      """
      SELECT \(Self.scheduleColumns) FROM \(Self.scheduleTables)
      WHERE s.namespace = ?1 AND s.name > ?2 AND s.state <> 3 AND (s.state = ?3 OR ?3 IS NULL)
        AND (u.name = ?4 OR ?4 IS NULL) AND (s.event_type = ?5 OR ?5 IS NULL)
      ORDER BY s.name LIMIT ?6
      """
    ).all(
      number, page.token, filter.state?.code, filter.userID, filter.eventType, page.size + 1
    ) { try readSchedule($0, namespace: namespace) }
    var answer = Paging.page(schedules, page, token: \.id)
    try addExceptions(&answer.items)
    return answer
  }

  private func deletedSchedules(
    _ namespace: String, _ number: Int64, _ filter: ScheduleFilter, _ page: PageRequest
  ) throws -> Page<Schedule> {
    let after = try Paging.numbers(page.token, count: 1)?[0] ?? 0
    let schedules = try query(
      """
      SELECT \(Self.scheduleColumns) FROM \(Self.scheduleTables)
      WHERE s.namespace = ?1 AND s.number > ?2 AND s.state = 3 AND (s.event_type = ?3 OR ?3 IS NULL)
      ORDER BY s.number LIMIT ?4
      """
    ).all(number, after, filter.eventType, page.size + 1) {
      try readSchedule($0, namespace: namespace)
    }
    return Paging.page(schedules, page) { Paging.token($0.number.rawValue) }
  }

  func sink(_ namespace: String, _ name: String) throws -> Sink {
    let sink = try self.namespace(namespace).flatMap { try findSink($0, namespace, name) }
    guard let sink else { throw StoreError.missing("sink", name) }
    return sink
  }

  func sinks(_ namespace: String, _ page: PageRequest) throws -> Page<Sink> {
    try Paging.check(page)
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    let sinks = try query(
      """
      SELECT \(Self.sinkColumns) FROM sink k WHERE k.namespace = ? AND k.name > ? AND k.is_deleted = 0
      ORDER BY k.name LIMIT ?
      """
    ).all(number, page.token, page.size + 1) { try readSink($0, namespace: namespace) }
    return Paging.page(sinks, page, token: \.name)
  }

  func subscription(_ namespace: String, _ id: String) throws -> Subscription {
    let subscription = try query(
      """
      SELECT \(Self.subscriptionColumns) FROM \(Self.subscriptionTables)
      WHERE t.namespace = \(Self.named) AND t.name = ? AND t.until IS NULL
      """
    ).first(namespace, id) { try readSubscription($0, namespace: namespace) }
    guard let subscription else { throw StoreError.missing("subscription", id) }
    return subscription
  }

  func subscriptions(_ namespace: String, _ page: PageRequest) throws -> Page<Subscription> {
    try Paging.check(page)
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    let subscriptions = try query(
      """
      SELECT \(Self.subscriptionColumns) FROM \(Self.subscriptionTables)
      WHERE t.namespace = ? AND t.name > ? AND t.until IS NULL ORDER BY t.name LIMIT ?
      """
    ).all(number, page.token, page.size + 1) { try readSubscription($0, namespace: namespace) }
    return Paging.page(subscriptions, page, token: \.id)
  }
}
