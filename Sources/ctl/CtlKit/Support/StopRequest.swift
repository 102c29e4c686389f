import Synchronization

/// Whether somebody asked the program to end (SIGINT, SIGTERM) while it does what can stop at a good place. Who asks a
/// second time ends it at once.
final class StopRequest: Sendable {
  private let wasMade = Atomic<Bool>(false)

  var isMade: Bool { wasMade.load(ordering: .relaxed) }

  func make() { wasMade.store(true, ordering: .relaxed) }

  /// Heeds the signals for as long as `body` runs.
  static func heeded<Result>(_ body: (StopRequest) async throws -> Result) async rethrows -> Result {
    let request = StopRequest()
    return try await EndSignals.handled {
      request.make()
      EndSignals.heedAgain()
    } while: {
      try await body(request)
    }
  }
}
