import GRPCCore
import GRPCProtobuf

/// What all watches have in common: their number, their pauses, and how they end.
extension Environment {
  /// Longest cursor of the store's, in bytes.
  static let maximumCursorBytes = 256

  /// Runs one watch.
  /// - Throws: RESOURCE_EXHAUSTED when too many are open.
  func watching(_ body: () async throws -> Void) async throws {
    guard watches.enter() else {
      throw Failure.make(
        .resourceExhausted, "TOO_MANY_WATCHES", "\(limits.maximumWatches) watches are open already",
        details: [.retryInfo(delay: .seconds(1))])
    }
    defer { watches.leave() }
    try await body()
  }

  /// Whether a watch goes on, or anything else that takes long.
  func goesOn(_ cancellation: ServerContext.RPCCancellationHandle) -> Bool {
    !cancellation.isCancelled && !shutdown.isSet
  }

  /// Why a watch ended. The transport cancels open calls too when it stops, so that the reason is asked for here.
  var endOfWatch: any Error {
    guard shutdown.isSet else { return CancellationError() }
    return Failure.make(.unavailable, "SHUTTING_DOWN", "the agent stops; watch again from the last cursor")
  }
}

/// When a watch says something although nothing happened.
struct Heartbeat {
  let interval: Duration
  private var silence: Duration?

  init(every interval: Duration) { self.interval = interval }

  /// Whether it is time. The first answer comes at once, so that the client has a cursor before anything happens.
  var isDue: Bool { silence.map { $0 >= interval } ?? true }

  /// Whether anything was said.
  var hasSpoken: Bool { silence != nil }

  /// Something was said.
  mutating func spoke() { silence = .zero }

  /// Nothing was said for so long.
  mutating func waited(_ time: Duration) { silence = (silence ?? .zero) + time }
}
