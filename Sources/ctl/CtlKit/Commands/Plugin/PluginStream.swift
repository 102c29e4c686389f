import ControlAPI
import GRPCCore
import SwiftProtobuf

extension Plugins {
  /// - Parameter only: full names; empty: all plugins.
  static func stream(only: Set<String>) -> RowStream<Carillon_V1_Plugin>? { stream(only: only, agent: "") }

  /// - Parameter agent: whose plugins they are; empty where there is no fleet.
  static func stream(only: Set<String>, agent: String) -> RowStream<Carillon_V1_Plugin> {
    RowStream { session, feed in
      let cursor = Cursor()
      try await Reconnecting.run(session, noting: feed) {
        let request = Carillon_V1_WatchPluginsRequest.with { $0.cursor = cursor.text }
        try await session.client.plugins.watchPlugins(request, options: session.client.streamOptions) { response in
          for try await answer in response.messages {
            let isWanted = { only.isEmpty || only.contains($0) }
            try feed.take(
              answer.plugins.filter { isWanted($0.name) }, gone: answer.removed.filter(isWanted), agent: agent)
            cursor.move(to: answer.cursor)
            if feed.isDone { return }
          }
        }
      }
    }
  }
}
