import EventModel
import Store

/// One step of a walk through open rows, which does the same about each that fits.
///
/// Buckets are locked before their rows are read, so that what is read of them stays so; in the order of their numbers, as
/// everybody does. Rows that nobody owns are changed at once, the others by asking their owner, as with single events.
/// Buckets are written once each, and the rows that moved ones become go into new buckets together.
struct BulkWalk {
  /// The most buckets that one step looks at: their owners wait for it.
  private static let bucketsPerStep = 64

  let filter: BulkFilter
  let limit: Int
  let now: Timestamp
  let session: Session
  private var step = BulkStep()
  private var place: BulkPlace
  private var newRows = NewRows()

  init(_ filter: BulkFilter, from cursor: String, limit: Int, now: Timestamp, in session: Session) throws {
    guard (1...Session.rowsPerUpkeep).contains(limit) else {
      throw StoreError(ModelError(field: "limit", "must be 1 to \(Session.rowsPerUpkeep), not \(limit)"))
    }
    self.filter = filter
    self.limit = limit
    self.now = now
    self.session = session
    place = try BulkPlace(cursor: cursor)
  }

  /// Does the step.
  /// - Parameter wish: what is to become of a row: cancelled or moved.
  mutating func run(_ wish: (LedgerRow) -> Wish) throws -> BulkStep {
    try session.endSilentAgents(now: now)
    let buckets = try filter.buckets(from: place, limit: Self.bucketsPerStep, in: session)
    try session.lock(buckets.map(\.bucket))
    for bucket in buckets where step.matched < limit {
      if bucket.bucket != place.bucket { place = bucket }
      try lookAt(bucket, wish)
    }
    _ = try session.insert(newRows, now: now)
    step.next = buckets.isEmpty ? "" : place.cursor
    return step
  }

  private mutating func lookAt(_ next: BulkPlace, _ wish: (LedgerRow) -> Wish) throws {
    guard var bucket = try session.bucket(next.bucket), !bucket.isClosed, bucket.queue == next.queue else {
      place.row = .max
      return
    }
    let room = limit - step.matched
    let rows = try filter.rows(of: bucket.id, after: place.row, limit: room, in: session)
    step.matched += rows.count
    var receipts: [ReceiptRow] = []
    let commands = try Dictionary(grouping: session.openCommands(inBucket: bucket.id), by: \.ref)
    for row in rows {
      let wanted = wish(row)
      guard row.allows(wanted) else {
        step.refused += 1
        continue
      }
      if row.isOwned {
        let asked = try session.ask(wanted, row.ref, open: commands[row.ref] ?? [], request: nil, now: now)
        step.commands.append(asked.command)
      } else {
        try bucket.close(row.ref.sequence)
        receipts.append(try fulfil(wanted, row))
        step.changed += 1
      }
    }
    if !receipts.isEmpty { try session.dialect.insert(receipts, in: session) }
    try session.save(bucket, now: now)
    place.row = rows.count < room ? .max : rows.last?.ref.sequence ?? .max
  }

  /// The receipt that closes a row; of a moved one, the row that stands for it is kept for later.
  private mutating func fulfil(_ wish: Wish, _ row: LedgerRow) throws -> ReceiptRow {
    var receipt = ReceiptRow(
      ref: row.ref, sink: row.sink, outcome: .cancelled, closes: true, code: WishCode.cancelled, detail: "", doneAt: now
    )
    switch wish {
    case .cancel(let reason): receipt.detail = reason
    case .withdraw(let reason):
      receipt.code = WishCode.withdrawn
      receipt.detail = reason
      try session.outdatePlans(of: row.identity.schedule)
    case .move(let dueAt, let queue, let timeZone):
      receipt.outcome = .moved
      receipt.code = WishCode.moved
      newRows.add(row.following(dueAt: dueAt, timeZone: timeZone, now: now), shard: row.shard, queue: queue)
    }
    return receipt
  }
}

extension Session {
  /// Keeps buckets from changing until the transaction ends.
  fileprivate func lock(_ buckets: [BucketID]) throws {
    guard !buckets.isEmpty, !dialect.forUpdate.isEmpty else { return }
    try query(
      "SELECT b.id FROM \(dialect.integers) j CROSS JOIN bucket b ON b.id = j.value ORDER BY b.id\(dialect.forUpdate(of: "b"))"
    ).forEach(JSONText.list(buckets.map(\.rawValue))) { _ in }
  }
}
