import EventModel
import Store

extension Session {
  /// The most letters that one page looks at; a filter that fits few may answer a short page with a token to go on.
  private static let lettersPerPage = 20_000

  private static let letter = """
    SELECT d.id, d.schedule, d.key, s.name, u.name, s.event_type, coalesce(k.name, ''), d.due_at, d.died_at, d.attempts,
      d.code, d.detail, d.message
    FROM dead_letter d JOIN schedule s ON s.number = d.schedule LEFT JOIN user u ON u.id = s.user
      LEFT JOIN sink k ON k.number = d.sink
    """

  private func readLetter(_ columns: Columns, namespace: String) throws -> DeadLetter {
    DeadLetter(
      id: columns.int64(0),
      identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(1)), key: columns.text(2)),
      namespace: namespace, scheduleID: columns.text(3), userID: columns.optionalText(4), eventType: columns.text(5),
      sink: columns.text(6), dueAt: columns.time(7), diedAt: columns.time(8), attempts: columns.int32(9),
      code: columns.text(10), detail: columns.text(11),
      message: try JSONText.value(Message.self, columns.text(12)))
  }

  func deadLetter(_ namespace: String, _ id: Int64) throws -> DeadLetter {
    let letter = try query("\(Self.letter) WHERE d.id = ? AND d.namespace = \(Self.named)").first(id, namespace) {
      try readLetter($0, namespace: namespace)
    }
    guard let letter else { throw StoreError.missing("dead letter", "\(id)") }
    return letter
  }

  func deadLetters(_ namespace: String, _ filter: DeadLetterFilter, _ page: PageRequest) throws -> Page<DeadLetter> {
    try Paging.check(page)
    let before = try Paging.numbers(page.token, count: 1)?[0] ?? .max
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    let floor = try lowestLetter(number, before: before)
    // A person's letters are few: they are found by schedule, the others by number.
    let isNarrow = filter.userID != nil
    let start =
      isNarrow
      ? """
      WHERE +d.namespace = ?1 AND +d.id < ?2 AND +d.id >= ?3 AND d.schedule IN (
        SELECT number FROM schedule WHERE user = (SELECT id FROM user WHERE namespace = ?1 AND name = ?5))
      """ : "WHERE d.namespace = ?1 AND d.id < ?2 AND d.id >= ?3"
    let letters = try query(
      """
      \(Self.letter)
      \(start) AND (k.name = ?4 OR ?4 IS NULL) AND (u.name = ?5 OR ?5 IS NULL) AND (d.code = ?6 OR ?6 IS NULL)
        AND (d.died_at >= ?7 OR ?7 IS NULL) AND (d.died_at < ?8 OR ?8 IS NULL)
      ORDER BY d.id DESC LIMIT ?9
      """
    ).all(
      number, before, isNarrow ? 0 : floor ?? 0, filter.sink, filter.userID, filter.code, filter.diedFrom,
      filter.diedBefore, page.size + 1
    ) { try readLetter($0, namespace: namespace) }
    let answer = Paging.page(letters, page) { Paging.token($0.id) }
    guard answer.next.isEmpty, !isNarrow, let floor else { return answer }
    return Page(items: answer.items, next: Paging.token(floor))
  }

  /// The lowest number of a page's bound; nil when fewer letters are left.
  private func lowestLetter(_ namespace: Int64, before: Int64) throws -> Int64? {
    try query("SELECT id FROM dead_letter WHERE namespace = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?")
      .first(namespace, before, Self.lettersPerPage - 1) { $0.int64(0) }
  }
}
