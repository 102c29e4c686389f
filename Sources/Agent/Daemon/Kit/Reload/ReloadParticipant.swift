/// A part of the agent that goes by settings, files or secrets which may change while it runs.
protocol ReloadParticipant: Sendable {
  /// Makes ready to go by a configuration, and changes nothing yet.
  /// - Throws: what is wrong; then nobody goes by it.
  func prepare(_ new: Configuration) async throws(ConfigurationError) -> PreparedReload
}

/// A part that is ready. One of the two is called, once.
struct PreparedReload: Sendable {
  /// What is different beside the settings' own values, as they are: names of settings whose files have another content, or
  /// of sinks whose secrets do.
  var changed: [String] = []
  /// Goes by it. Cannot fail: what might was tried before.
  var commit: @Sendable () async -> Void
  /// Forgets it.
  var abandon: @Sendable () async -> Void = {}
}
