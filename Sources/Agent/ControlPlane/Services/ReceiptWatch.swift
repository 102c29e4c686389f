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
  /// Longest cursor, in bytes.
  private static let maximumCursorBytes = 256

  let environment: Environment
  let namespace: String
  let cancellation: ServerContext.RPCCancellationHandle

  /// Goes on until the client ends it, or the server stops.
  func run(
    from cursor: String, into response: RPCWriter<Carillon_V1_WatchReceiptsResponse>
  ) async throws {
    guard cursor.utf8.count <= Self.maximumCursorBytes else { throw Failure.invalid("cursor", "is no cursor") }
    var cursor = cursor.isEmpty ? Self.latest : cursor == Self.oldest ? "" : cursor
    var silence: Duration?
    let limits = environment.limits
    while !cancellation.isCancelled, !environment.shutdown.isSet {
      let page = try await next(cursor)
      cursor = page.next
      // The first answer comes at once, so that the client has a cursor before anything happens.
      if !page.items.isEmpty || silence.map({ $0 >= limits.watchHeartbeat }) ?? true {
        try await response.write(
          .with {
            $0.receipts = page.items.map { Carillon_V1_ReceiptChange($0) }
            $0.cursor = cursor
          })
        silence = .zero
      }
      if page.items.count < limits.watchBatch {
        try await environment.clock.sleep(for: limits.watchPause)
        silence = (silence ?? .zero) + limits.watchPause
      }
    }
    // The transport cancels open calls too when it stops, so that the reason is asked for here.
    if environment.shutdown.isSet {
      throw Failure.make(.unavailable, "SHUTTING_DOWN", "the agent stops; watch again from the last cursor")
    }
    throw CancellationError()
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
