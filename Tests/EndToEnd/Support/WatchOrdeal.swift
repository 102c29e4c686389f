import AgentHarness
import ControlAPI
import GRPCCore
import SwiftProtobuf

/// Follows everything that happens in a burst, by streams that are cut again and again.
struct WatchOrdeal: Sendable {
  let events: Int
  /// A stream is given up after so many entries; the next one goes on from its cursor.
  let entriesPerStream: Int

  struct Outcome: Sendable {
    /// The events of receipts, and of domain events, as they came.
    var delivered: [String]
    var completed: [String]
    var streams: Int
  }

  /// What one watch has told so far.
  private struct Told: Sendable {
    var names: [String] = []
    var cursor = ""
    var streams = 0
  }

  func run() async throws -> Outcome {
    try await Nginx.with { nginx in
      try await AgentHome.with { home in
        try await home.runReady { agent in
          try await agent.control { control in
            try await Seed.webhook(control, home: home, port: nginx.port, connections: 256)
            // Importing and planning must be over, and the watches open, before they are due.
            let due = Seed.now() + Int64(10_000_000 + events * 700)
            try await Seed.notifications(control, count: events) { _ in due }
            async let delivered = follow { told in try await receipts(control, told) }
            async let completed = follow { told in try await changes(control, told) }
            let (sent, ended) = try await (delivered, completed)
            return Outcome(
              delivered: sent.names, completed: ended.names, streams: sent.streams + ended.streams)
          }
        }
      }
    }
  }

  /// Opens stream after stream until all events were told of.
  private func follow(_ next: @Sendable (Told) async throws -> Told) async throws -> Told {
    var told = Told()
    while told.names.count < events { told = try await next(told) }
    return told
  }

  private func receipts(_ control: Control, _ told: Told) async throws -> Told {
    let request = Carillon_V1_WatchReceiptsRequest.with {
      $0.parent = Control.namespace
      $0.cursor = told.cursor
    }
    return try await control.events.watchReceipts(request) { response in
      try await read(response.messages, told) { message in
        (message.cursor, message.receipts.filter { $0.outcome == "delivered" }.map(\.event))
      }
    }
  }

  private func changes(_ control: Control, _ told: Told) async throws -> Told {
    let request = Carillon_V1_WatchChangesRequest.with {
      $0.parent = Control.namespace
      $0.cursor = told.cursor
      $0.kinds = ["event.completed"]
    }
    return try await control.events.watchChanges(request) { response in
      try await read(response.messages, told) { message in (message.cursor, message.changes.map(\.event)) }
    }
  }

  /// Reads one stream until it has told enough, or all.
  private func read<Message: Sendable, Failure: Error>(
    _ messages: RPCAsyncSequence<Message, Failure>, _ before: Told, _ entries: (Message) -> (String, [String])
  ) async throws -> Told {
    var told = before
    told.streams += 1
    for try await message in messages {
      let (cursor, names) = entries(message)
      told.cursor = cursor
      told.names += names
      if told.names.count - before.names.count >= entriesPerStream || told.names.count >= events { break }
    }
    return told
  }
}
