/// Waits until `condition` answers a value, asking again every `interval`.
///
/// The only place where a test lets time pass: everything it waits for happens in another process.
/// - Throws: `.timedOut` naming `what`; what `condition` throws ends the wait at once.
@discardableResult
public func eventually<Value>(
  _ what: @autoclosure () -> String, within limit: Duration, every interval: Duration = .milliseconds(20),
  _ condition: () async throws -> Value?
) async throws -> Value {
  let clock = ContinuousClock()
  let deadline = clock.now + limit
  while true {
    if let value = try await condition() { return value }
    guard clock.now < deadline else { throw HarnessError(.timedOut, "\(what()) did not happen within \(limit)") }
    try await clock.sleep(for: interval)
  }
}

/// The same for a condition that is true or not.
public func eventually(
  _ what: @autoclosure () -> String, within limit: Duration, every interval: Duration = .milliseconds(20),
  holds condition: () async throws -> Bool
) async throws {
  try await eventually(what(), within: limit, every: interval) { try await condition() ? () : nil }
}
