/// How far a drain is, while one call waits for its end: what is in flight is looked at beside it.
enum DrainProgress {
  /// Between two looks.
  static let pause = Duration.milliseconds(250)

  /// Runs a drain, and tells on standard error how many sends are done of those that were in flight.
  /// - Parameter inFlight: what is in flight now.
  static func told<Result: Sendable>(
    _ session: Session, inFlight: @Sendable @escaping () async throws -> Int64,
    drain: @Sendable @escaping () async throws -> Result
  ) async throws -> Result {
    let place = session.connection.isFleet ? " at \(session.agent)" : ""
    let bar = Progress("sends finished" + place, around: session.around)
    defer { bar.finish() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await drain() }
      group.addTask {
        var most: Int64 = 0
        // A look that fails tells nothing; whether the drain fails, its own call says.
        while let left = try? await inFlight() {
          most = max(most, left)
          bar.update(done: most - left, of: most > 0 ? most : nil, count: Int(most - left))
          try await ContinuousClock().sleep(for: pause)
        }
        return nil
      }
      defer { group.cancelAll() }
      while let next = try await group.next() {
        if let result = next { return result }
      }
      throw CtlError(.failed, "interrupted")
    }
  }
}
