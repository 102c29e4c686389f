import ControlAPI
import GRPCCore
import SwiftProtobuf

extension Queues {
  /// - Parameter only: full names; empty: all queues.
  static func stream(only: Set<String>) -> RowStream<Carillon_V1_Queue>? {
    RowStream { session, feed in
      let cursor = Cursor()
      try await Reconnecting.run(session, noting: feed) {
        let request = Carillon_V1_WatchQueuesRequest.with { $0.cursor = cursor.text }
        try await session.client.queues.watchQueues(request, options: session.client.streamOptions) { response in
          for try await answer in response.messages {
            let changes = answer.changes.filter { only.isEmpty || only.contains($0.queue.name) }
            try feed.take(
              changes.filter { !$0.deleted }.map(\.queue), gone: changes.filter(\.deleted).map(\.queue.name))
            cursor.move(to: answer.cursor)
            if feed.isDone { return }
          }
        }
      }
    }
  }
}
