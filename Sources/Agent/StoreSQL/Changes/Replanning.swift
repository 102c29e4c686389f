import EventModel
import Store

extension Session {
  /// Active series of a namespace after one, by number.
  ///
  /// What is not asked for is no condition at all, so that the indexes of names and of users serve.
  private func series(
    _ namespace: Int64, _ filter: ReplanFilter, after: Int64, limit: Int
  ) throws -> [ScheduleNumber] {
    let zone = "coalesce(s.time_zone, nullif(u.time_zone, ''), 'UTC')"
    func condition(_ clause: String, _ value: String?, _ parameter: String) -> String {
      value == nil ? "CAST(\(parameter) AS TEXT) IS NULL" : clause
    }
    let user = "s.user = (SELECT x.id FROM user x WHERE x.namespace = ?1 AND x.name = ?4)"
    return try query(
      """
      SELECT s.number FROM schedule s LEFT JOIN user u ON u.id = s.user
      WHERE s.namespace = ?1 AND s.number > ?2 AND s.is_one_off = 0
        AND s.state IN (\(Schedule.State.active.code), \(Schedule.State.ended.code))
        AND \(condition("s.name = ?3", filter.scheduleID, "?3"))
        AND \(condition(user, filter.userID, "?4"))
        AND \(condition("\(zone) = ?5", filter.timeZone, "?5"))
      ORDER BY s.number LIMIT ?6
      """
    ).all(namespace, after, filter.scheduleID, filter.userID, filter.timeZone, limit) {
      ScheduleNumber(rawValue: $0.int64(0))
    }
  }

  func schedulesToReplan(
    _ namespace: String, _ filter: ReplanFilter, _ page: PageRequest
  ) throws -> Page<PlanningItem> {
    try Paging.check(page)
    let after = try Paging.numbers(page.token, count: 1)?[0] ?? 0
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    let found = Paging.page(try series(number, filter, after: after, limit: page.size + 1), page) {
      Paging.token($0.rawValue)
    }
    return Page(items: try planningItems(found.items), next: found.next)
  }

  /// Asks for a re-plan of the next series after one; answers how many were asked for, and the last of them when there may
  /// be more.
  func markForReplan(
    _ namespace: String, _ filter: ReplanFilter, after: Int64, limit: Int, now: Timestamp
  ) throws -> (marked: Int, last: Int64?) {
    guard let number = try self.namespace(namespace) else { return (0, nil) }
    let found = try series(number, filter, after: after, limit: limit)
    for schedule in found { try markForReplan(schedule, now: now) }
    return (found.count, found.count == limit ? found.last?.rawValue : nil)
  }
}
