import ControlAPI
import GRPCCore
import Store
import SwiftProtobuf

/// One open watch: receipts in the order of their commits, with a heartbeat when there are none.
struct ReceiptWatch {
  /// What a client says to begin at the oldest receipt kept.
  static let oldest = "oldest"
  /// What the store is told to begin at the end.
  private static let latest = "latest"
  let environment: Environment
  let namespace: String
  let cancellation: ServerContext.RPCCancellationHandle

  /// Goes on until the client ends it, or the server stops.
  func run(
    from cursor: String, into response: RPCWriter<Carillon_V1_WatchReceiptsResponse>
  ) async throws {
    guard cursor.utf8.count <= Environment.maximumCursorBytes else { throw Failure.invalid("cursor", "is no cursor") }
    var cursor = cursor.isEmpty ? Self.latest : cursor == Self.oldest ? "" : cursor
    let limits = environment.limits
    var heartbeat = Heartbeat(every: limits.watchHeartbeat)
    while environment.goesOn(cancellation) {
      let page = try await next(cursor)
      cursor = page.next
      if !page.items.isEmpty || heartbeat.isDue {
        try await response.write(
          .with {
            $0.receipts = page.items.map { Carillon_V1_ReceiptChange($0) }
            $0.cursor = cursor
          })
        heartbeat.spoke()
      }
      if page.items.count < limits.watchBatch {
        try await environment.clock.sleep(for: limits.watchPause)
        heartbeat.waited(limits.watchPause)
      }
    }
    throw environment.endOfWatch
  }

  private func next(_ cursor: String) async throws -> Page<WatchedReceipt> {
    do throws(StoreError) {
      return try await environment.store.watch(
        namespace: namespace, after: cursor, limit: environment.limits.watchBatch)
    } catch {
      throw error.code == .invalid ? Failure.invalid("cursor", "is no cursor of this store") : error as any Error
    }
  }
}
