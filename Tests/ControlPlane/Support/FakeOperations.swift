import ControlPlane
import EventModel
import Synchronization

/// Does with the plugins of ``FakePlugins`` what it is told.
final class FakeOperations: PluginOperations {
  private struct State {
    var calls: [String] = []
    var loads: [PluginLoadRequest] = []
    var reloads: [PluginReloadRequest] = []
    var configurations: [String] = []
    var failure: PluginOperationError?
    var lines: [PluginLogLine] = []
  }

  private let plugins: FakePlugins
  private let state = Mutex(State())

  init(_ plugins: FakePlugins) { self.plugins = plugins }

  /// Everything that was asked for, in order: `disable webhook`.
  var calls: [String] { state.withLock { $0.calls } }
  var loads: [PluginLoadRequest] { state.withLock { $0.loads } }
  var reloads: [PluginReloadRequest] { state.withLock { $0.reloads } }
  var configurations: [String] { state.withLock { $0.configurations } }

  /// What every call fails with from now on.
  func fail(with failure: PluginOperationError?) { state.withLock { $0.failure = failure } }

  /// The oldest first.
  func log(_ lines: [PluginLogLine]) { state.withLock { $0.lines = lines } }

  func load(_ request: PluginLoadRequest, dryRun: Bool) async throws(PluginOperationError) -> PluginFacts {
    try begin("load \(request.file)", dryRun) { $0.loads.append(request) }
    let facts = PluginFacts(
      name: String(request.file.prefix { $0 != "." }), id: "org.example.new", version: "1.0.0", file: request.file,
      sha256: request.digest?.hexadecimal ?? "", isolation: request.isolation ?? .process)
    if !dryRun { plugins.put(facts) }
    return facts
  }

  func reload(
    _ request: PluginReloadRequest, on terms: PluginTerms
  ) async throws(PluginOperationError) -> PluginFacts {
    try begin("reload \(request.name)", terms.dryRun) { $0.reloads.append(request) }
    return try change(request.name, terms) { plugin in
      plugin.previousVersion = plugin.version
      plugin.version = "2.0.0"
      plugin.reloads += 1
      plugin.trial = request.trial.map {
        PluginTrial(
          state: .running, version: "2.0.0", startedAt: TestClock.start, wantedDeliveries: $0.deliveries,
          baselineFailureRate: 0.25)
      }
    }
  }

  func rollBack(_ name: String, on terms: PluginTerms) async throws(PluginOperationError) -> PluginFacts {
    try begin("rollBack \(name)", terms.dryRun)
    return try change(name, terms) { plugin throws(PluginOperationError) in
      guard !plugin.previousVersion.isEmpty else {
        throw PluginOperationError(.failedPrecondition(.noPreviousVersion), "\(name) was not reloaded")
      }
      plugin.version = plugin.previousVersion
      plugin.previousVersion = ""
    }
  }

  func disable(
    _ name: String, reason: String, on terms: PluginTerms
  ) async throws(PluginOperationError) -> PluginFacts {
    try begin("disable \(name)", terms.dryRun)
    return try change(name, terms) { ($0.state, $0.problem, $0.disabledBy) = (.disabled, reason, .call) }
  }

  func enable(_ name: String, on terms: PluginTerms) async throws(PluginOperationError) -> PluginFacts {
    try begin("enable \(name)", terms.dryRun)
    return try change(name, terms) { ($0.state, $0.problem, $0.disabledBy) = (.loaded, "", nil) }
  }

  func configure(
    _ name: String, json: String, on terms: PluginTerms
  ) async throws(PluginOperationError) -> PluginFacts {
    try begin("configure \(name)", terms.dryRun)
    guard !json.contains("\"bells\":0") else {
      throw PluginOperationError(ModelError(field: "/bells", "must be at least 1"))
    }
    state.withLock { $0.configurations.append(json) }
    let shown = await plugins.redactedConfiguration(plugin: name, json: json)
    return try change(name, terms) { $0.configurationJSON = shown }
  }

  func logs(_ name: String, limit: Int) async throws(PluginOperationError) -> [PluginLogLine] {
    try begin("logs \(name)")
    return state.withLock { $0.lines.reversed().prefix(limit).map { $0 } }
  }

  private func begin(
    _ call: String, _ dryRun: Bool = false, _ note: (inout State) -> Void = { _ in }
  ) throws(PluginOperationError) {
    let failure = state.withLock { state in
      state.calls.append(dryRun ? "would \(call)" : call)
      note(&state)
      return state.failure
    }
    if let failure { throw failure }
  }

  private func change(
    _ name: String, _ terms: PluginTerms, _ body: (inout PluginFacts) throws(PluginOperationError) -> Void
  ) throws(PluginOperationError) -> PluginFacts {
    guard var plugin = plugins.plugin(name) else { throw PluginOperationError(.notFound, "") }
    guard terms.etag.isEmpty || terms.etag == plugin.etag else { throw PluginOperationError(.etagMismatch, "") }
    try body(&plugin)
    guard !terms.dryRun else { return plugin }
    plugin.etag += "+"
    plugins.put(plugin)
    return plugin
  }
}
