import EventModel
import Store

/// Where somebody who reads domain events stands in each of the three tables that they are read from.
struct ChangeCursor: Hashable {
  /// The last row of `domain_event` that was read.
  var users = WatchPlace()
  /// The bucket to be read next.
  var begun = WatchPlace()
  /// The last row of it that was read; -1 when it was not begun.
  var begunRow: Int64 = -1
  /// The last receipt that was read.
  var ended = WatchPlace()

  init() {}

  /// - Throws: `.invalid` for a text that is no cursor.
  init(_ text: String) throws(StoreError) {
    guard let numbers = try Paging.numbers(text, count: 7, field: "cursor") else { return }
    users = WatchPlace(transaction: numbers[0], number: numbers[1])
    begun = WatchPlace(transaction: numbers[2], number: numbers[3])
    begunRow = numbers[4]
    ended = WatchPlace(transaction: numbers[5], number: numbers[6])
  }

  var text: String {
    Paging.token(
      users.transaction, users.number, begun.transaction, begun.number, begunRow, ended.transaction, ended.number)
  }
}

extension Session {
  /// What happens from now on comes after it.
  func endCursor() throws -> ChangeCursor {
    var cursor = ChangeCursor()
    cursor.users = try endPlace { try query("SELECT max(id) FROM domain_event").first { $0.int64(0) } ?? 0 }
    let buckets = WatchOrder("b", number: dialect.order(ofBucket: "b.id"), dialect)
    cursor.begun = try endPlace {
      try (query("SELECT max(\(buckets.number)) FROM bucket b").first { $0.int64(0) } ?? 0) + 1
    }
    cursor.ended = try endPlace { try maximumReceipt() }
    return cursor
  }
}
