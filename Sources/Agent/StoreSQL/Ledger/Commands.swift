import EventModel
import Store

/// A command that is not answered yet.
struct StoredCommand {
  var id: Int64
  var ref: EventRef
  var wish: Wish
}

/// What somebody wants to become of a row.
enum Wish: Hashable {
  /// A person's: for good.
  case cancel(reason: String)
  /// The planner's: until it is wanted again.
  case withdraw(reason: String)
  case move(dueAt: Timestamp, queue: String, timeZone: String)

  /// What several wishes about one row come to: a cancel beats all else, and of withdrawals and moves the last counts.
  static func sum(_ wishes: [Wish]) -> Wish? {
    wishes.first { if case .cancel = $0 { true } else { false } } ?? wishes.last
  }
}

extension Wish {
  var kind: CommandKind {
    switch self {
    case .cancel: .cancel
    case .withdraw: .withdraw
    case .move: .move
    }
  }
}

/// The receipt's codes of what people and the planner ask for.
enum WishCode {
  static let cancelled = SkipReason.requested.rawValue
  static let withdrawn = SkipReason.withdrawn.rawValue
  static let moved = "moved"
}

extension Session {
  private static let columns = "c.id, c.bucket, c.seq, c.kind, c.reason, c.due_at, c.queue, c.time_zone"

  private func read(_ columns: Columns) throws -> StoredCommand {
    let wish: Wish
    switch CommandKind(rawValue: columns.int64(3)) {
    case .cancel: wish = .cancel(reason: columns.text(4))
    case .withdraw: wish = .withdraw(reason: columns.text(4))
    case .move: wish = .move(dueAt: columns.time(5), queue: columns.text(6), timeZone: columns.text(7))
    case nil: throw StoreError(.corrupt, "command \(columns.int64(0)) is of an unknown kind")
    }
    let ref = EventRef(bucket: BucketID(rawValue: columns.int64(1)), sequence: columns.int32(2))
    return StoredCommand(id: columns.int64(0), ref: ref, wish: wish)
  }

  /// Open commands about the rows of a bucket.
  func openCommands(inBucket bucket: BucketID) throws -> [StoredCommand] {
    try query("SELECT \(Self.columns) FROM command c WHERE c.state = 0 AND c.bucket = ? ORDER BY c.id")
      .all(bucket) { try read($0) }
  }

  /// The same of several buckets.
  func openCommands(inBuckets buckets: [BucketID]) throws -> [StoredCommand] {
    guard !buckets.isEmpty else { return [] }
    return try query(
      """
      SELECT \(Self.columns) FROM \(dialect.integers) j CROSS JOIN command c INDEXED BY command_open ON c.bucket = j.value
      WHERE c.state = 0 ORDER BY c.id\(dialect.forUpdate(of: "c"))
      """
    ).all(JSONText.list(buckets.map(\.rawValue))) { try read($0) }
  }

  /// The schedules about whose rows in some buckets something is asked.
  func schedulesAsked(inBuckets buckets: [BucketID]) throws -> [ScheduleNumber] {
    guard !buckets.isEmpty else { return [] }
    return try query(
      """
      SELECT DISTINCT e.schedule FROM \(dialect.integers) j
        CROSS JOIN command c INDEXED BY command_open ON c.bucket = j.value
        CROSS JOIN event e ON e.bucket = c.bucket AND e.seq = c.seq
      WHERE c.state = 0
      """
    ).all(JSONText.list(buckets.map(\.rawValue))) { ScheduleNumber(rawValue: $0.int64(0)) }
  }

  /// Open commands for an owner. The join's order is fixed: commands are few, the buckets of an owner are not.
  func openCommands(of lease: AgentLease) throws -> [Command] {
    try query(
      """
      SELECT \(Self.columns) FROM command c INDEXED BY command_open CROSS JOIN bucket b ON b.id = c.bucket
      WHERE c.state = 0 AND b.owner = ? AND b.epoch = ? ORDER BY c.id
      """
    ).all(lease.agent, lease.epoch) { columns in
      let stored = try read(columns)
      let kind: Command.Kind =
        switch stored.wish {
        case .cancel(let reason): .cancel(reason: reason)
        case .withdraw(let reason): .withdraw(reason: reason)
        case .move(let dueAt, let queue, _): .move(dueAt: dueAt, queue: queue)
        }
      return Command(id: stored.id, ref: stored.ref, kind: kind)
    }
  }

  /// Asks the owner of a row; the same wish is not asked twice. A withdrawal that is still open is taken back: a later
  /// wish counts more, and an owner that has done it already is told so by its receipt (see `Recording`).
  func ask(_ wish: Wish, _ ref: EventRef, request: Int64?, now: Timestamp) throws -> Int64 {
    let open = try openCommands(inBucket: ref.bucket).filter { $0.ref == ref }
    return try ask(wish, ref, open: open, request: request, now: now).request
  }

  /// The same, where it is known what is asked about the row already.
  func ask(
    _ wish: Wish, _ ref: EventRef, open: [StoredCommand], request: Int64?, now: Timestamp
  ) throws -> (command: Int64, request: Int64) {
    if let last = open.last, last.wish == wish { return (last.id, try self.request(of: last.id)) }
    for command in open where command.wish.kind == .withdraw { try answer(command.id, .tooLate, outcome: nil) }
    var reason = ""
    var target: (dueAt: Timestamp, queue: String, timeZone: String)?
    switch wish {
    case .cancel(let text), .withdraw(let text): reason = text
    case .move(let dueAt, let queue, let timeZone): target = (dueAt, queue, timeZone)
    }
    let id = try query(
      """
      INSERT INTO command (request, bucket, seq, kind, reason, due_at, queue, time_zone, state, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
      """
    ).only(
      request ?? 0, ref.bucket, ref.sequence, wish.kind.rawValue, reason,
      target?.dueAt, target?.queue, target?.timeZone, CommandState.open.rawValue, now
    ) { $0.int64(0) }
    if let request { return (id, request) }
    // The first command of a request gives the request its number.
    try query("UPDATE command SET request = ? WHERE id = ?").run(id, id)
    return (id, id)
  }

  private func request(of command: Int64) throws -> Int64 {
    try query("SELECT request FROM command WHERE id = ?").first(command) { $0.int64(0) } ?? command
  }

  func answer(_ command: Int64, _ state: CommandState, outcome: Outcome?) throws {
    try query("UPDATE command SET state = ?, outcome = ? WHERE id = ? AND state = 0")
      .run(state.rawValue, outcome?.code, command)
  }

  /// Takes back the withdrawals of a schedule's occurrences that no owner has answered, but for these keys.
  func takeBackWithdrawals(of schedule: ScheduleNumber, but withdrawn: Set<String>) throws {
    // From the schedule's own rows: of open commands there may be many, and of schedules to plan anew as well.
    let open = try query(
      """
      SELECT c.id, e.key FROM event e INDEXED BY event_identity
        CROSS JOIN command c INDEXED BY command_open ON c.bucket = e.bucket AND c.seq = e.seq
      WHERE e.schedule = ? AND c.state = 0 AND c.kind = ?
      """
    ).all(schedule, CommandKind.withdraw.rawValue) { (id: $0.int64(0), key: $0.text(1)) }
    for command in open where !withdrawn.contains(command.key) {
      try answer(command.id, .tooLate, outcome: nil)
    }
  }

  /// Fulfils one wish about a row that nobody owns, and that ``LedgerRow/allows(_:)`` it.
  func fulfil(_ wish: Wish, _ row: LedgerRow, now: Timestamp) throws {
    switch wish {
    case .cancel(let reason):
      try close(row, as: .cancelled, code: WishCode.cancelled, detail: reason, now: now)
    case .withdraw(let reason):
      try close(row, as: .cancelled, code: WishCode.withdrawn, detail: reason, now: now)
      try outdatePlans(of: row.identity.schedule)
    case .move(let dueAt, let queue, let timeZone):
      try close(row, as: .moved, code: WishCode.moved, detail: "", now: now)
      var rows = NewRows()
      rows.add(
        row.following(dueAt: dueAt, timeZone: timeZone, now: now), shard: row.shard, queue: try resolve(queue: queue))
      _ = try insert(rows, now: now)
    }
  }

  /// Does what owners were asked and did not answer, when a bucket loses its owner: so that no command is stuck, and
  /// none is lost with the agent that had it.
  func executeCommands(inBucket bucket: BucketID, now: Timestamp) throws {
    let byRow = Dictionary(grouping: try openCommands(inBucket: bucket), by: \.ref)
    for (ref, commands) in byRow {
      guard let row = try row(ref), let wish = Wish.sum(commands.map(\.wish)), row.allows(wish) else {
        for command in commands { try answer(command.id, .tooLate, outcome: nil) }
        continue
      }
      try fulfil(wish, row, now: now)
      for command in commands { try answer(command.id, .done, outcome: nil) }
    }
  }

  /// The same for all open buckets of an agent.
  func executeCommands(inBucketsOf agent: Int64, now: Timestamp) throws {
    let buckets = try query(
      """
      SELECT DISTINCT c.bucket FROM command c INDEXED BY command_open CROSS JOIN bucket b ON b.id = c.bucket
      WHERE c.state = 0 AND b.owner = ? AND b.closed_at IS NULL
      """
    ).all(agent) { BucketID(rawValue: $0.int64(0)) }
    for bucket in buckets { try executeCommands(inBucket: bucket, now: now) }
  }

  func commandAnswer(_ request: Int64) throws -> CommandAnswer {
    let answers = try query("SELECT state, outcome FROM command WHERE request = ? OR id = ?").all(request, request) {
      (state: CommandState(rawValue: $0.int64(0)), outcome: try $0.optionalInt64(1).map(Outcome.init(stored:)))
    }
    guard !answers.isEmpty else { throw StoreError(.notFound, "there is no command \(request)") }
    if let late = answers.first(where: { $0.state == .tooLate }) { return .tooLate(late.outcome) }
    return answers.allSatisfy { $0.state == .done } ? .done : .open
  }
}
