import EventModel
import Store

extension Session {
  /// The place after which a page of stored messages begins: `schedule.bucket.row.key`.
  private struct MessagePlace {
    var schedule: Int64 = 0
    var key = ""
    var bucket: Int64 = 0
    var row: Int64 = 0

    init(_ token: String) throws(StoreError) {
      if token.isEmpty { return }
      let parts = token.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, let schedule = Int64(parts[0]), let bucket = Int64(parts[1]), let row = Int64(parts[2])
      else {
        throw StoreError(ModelError(field: "page_token", "must be the token of the page before, as it was answered"))
      }
      (self.schedule, self.bucket, self.row, key) = (schedule, bucket, row, String(parts[3]))
    }
  }

  func storedMessages(_ namespace: String, user: String, _ page: PageRequest) throws -> Page<StoredMessage> {
    try Paging.check(page)
    let after = try MessagePlace(page.token)
    guard let home = try self.namespace(namespace), let person = try userNumber(home, user) else {
      return Page(items: [], next: "")
    }
    let found = try query(
      """
      SELECT e.schedule, e.key, coalesce(k.name, ''), e.rendered, e.bucket, e.seq
      FROM schedule s CROSS JOIN event e INDEXED BY event_rendered ON e.schedule = s.number AND e.rendered IS NOT NULL
        LEFT JOIN sink k ON k.number = e.sink
      WHERE s.user = ? AND (e.schedule, e.key, e.bucket, e.seq) > (?, ?, ?, ?) AND NOT EXISTS (
        SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND r.closes = 1)
      ORDER BY e.schedule, e.key, e.bucket, e.seq LIMIT ?
      """
    ).all(person, after.schedule, after.key, after.bucket, after.row, page.size + 1) { columns in
      let stored = StoredMessage(
        identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(0)), key: columns.text(1)),
        sink: columns.text(2), message: try JSONText.value(Message.self, columns.text(3)))
      let place = "\(columns.int64(0)).\(columns.int64(4)).\(columns.int64(5)).\(columns.text(1))"
      return (stored: stored, place: place)
    }
    let answer = Paging.page(found, page, token: \.place)
    return Page(items: answer.items.map(\.stored), next: answer.next)
  }
}
