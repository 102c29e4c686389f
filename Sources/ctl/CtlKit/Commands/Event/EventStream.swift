import ControlAPI
import GRPCCore
import SwiftProtobuf

/// Events as they come and as something becomes of them: domain events tell of new ones, receipts of what was done.
struct EventStream: Sendable {
  /// What is listed, and which of them.
  let filter: Carillon_V1_ListEventsRequest
  let list: @Sendable () async throws(CtlError) -> [Carillon_V1_Event]

  var rows: RowStream<Carillon_V1_Event> { RowStream { try await follow($0, $1) } }

  /// The cursors come before the list, so that nothing falls between the two.
  private func follow(_ session: Session, _ feed: RowFeed<Carillon_V1_Event>) async throws {
    let (receipts, changes) = (Cursor(), Cursor())
    try await self.receipts(session, receipts) { _ in true }
    try await self.changes(session, changes) { _ in true }
    try feed.take(all: try await list())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await Reconnecting.run(session, noting: feed) {
          try await self.receipts(session, receipts) { try await take($0, session, feed) }
        }
      }
      group.addTask {
        try await Reconnecting.run(session, noting: feed) {
          try await self.changes(session, changes) { try await take($0, session, feed) }
        }
      }
      // The first that ends is done, or has failed.
      try await group.next()
      group.cancelAll()
    }
  }

  /// - Parameter take: is told the events of each answer; true: it is enough.
  private func receipts(
    _ session: Session, _ cursor: Cursor, _ take: @Sendable @escaping ([String]) async throws -> Bool
  ) async throws {
    let request = Carillon_V1_WatchReceiptsRequest.with {
      $0.parent = filter.parent
      $0.cursor = cursor.text
    }
    try await session.client.events.watchReceipts(request, options: session.client.streamOptions) { response in
      for try await answer in response.messages {
        let isEnough = try await take(answer.receipts.map(\.event))
        cursor.move(to: answer.cursor)
        if isEnough { return }
      }
    }
  }

  private func changes(
    _ session: Session, _ cursor: Cursor, _ take: @Sendable @escaping ([String]) async throws -> Bool
  ) async throws {
    let request = Carillon_V1_WatchChangesRequest.with {
      $0.parent = filter.parent
      $0.cursor = cursor.text
      $0.kinds = ["event.scheduled"]
    }
    try await session.client.events.watchChanges(request, options: session.client.streamOptions) { response in
      for try await answer in response.messages {
        let isEnough = try await take(answer.changes.map(\.event))
        cursor.move(to: answer.cursor)
        if isEnough { return }
      }
    }
  }

  /// Looks at each event as it is now.
  private func take(_ names: [String], _ session: Session, _ feed: RowFeed<Carillon_V1_Event>) async throws -> Bool {
    var seen: Set<String> = []
    for name in names where !name.isEmpty && seen.insert(name).inserted {
      // It may be deleted meanwhile, with its schedule or user.
      guard let event = try await Events.find(session.client, name), matches(event) else {
        try feed.take([], gone: [name])
        continue
      }
      try feed.take([event], gone: [])
    }
    return feed.isDone
  }

  private func matches(_ event: Carillon_V1_Event) -> Bool {
    let due = ValueText.milliseconds(event.dueTime)
    return (filter.states.isEmpty || filter.states.contains(event.state))
      && (filter.user.isEmpty || filter.user == event.user)
      && (filter.schedule.isEmpty || filter.schedule == event.schedule)
      && (filter.eventType.isEmpty || filter.eventType == event.eventType)
      && (!filter.hasDueFrom || due >= ValueText.milliseconds(filter.dueFrom))
      && (!filter.hasDueBefore || due < ValueText.milliseconds(filter.dueBefore))
  }
}
