/// Limits of a trial, and the one way to wait: everything happens in other processes, which tell nobody.
enum HostWait {
  /// How long the agent may take to be ready, with a plugin that hangs at each step of its loading.
  static let ready = Duration.seconds(40)
  /// How long deliveries, plans and refusals may take, a call over its limit among them.
  static let outcome = Duration.seconds(45)
  /// How long the agent may take to end, when nobody says: its drain, and the limits of the calls that end a plugin.
  static let endSeconds: Int64 = 60
  /// How often it is looked.
  private static let period = Duration.milliseconds(25)

  /// Waits until `condition` answers a value; nil when the time is over.
  static func value<Value: Sendable>(
    within limit: Duration, _ condition: () async throws -> Value?
  ) async throws -> Value? {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while true {
      if let value = try await condition() { return value }
      guard clock.now < deadline else { return nil }
      try await clock.sleep(for: period)
    }
  }

  /// Waits until `condition` is so; answers whether it became so.
  static func until(within limit: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
    try await value(within: limit) { try await condition() ? true : nil } ?? false
  }
}
