import EventModel
import Logging
import Synchronization

/// A file or folder that could not be used. The others are.
public struct PluginProblem: Sendable, CustomStringConvertible {
  /// The file or folder.
  public var file: String
  /// What kind of problem it is.
  public var code: PluginHostError.Code
  /// What is wrong, for people.
  public var message: String

  /// Makes a problem.
  public init(file: String, code: PluginHostError.Code, message: String) {
    self.file = file
    self.code = code
    self.message = message
  }

  init(_ file: String, _ error: PluginHostError) {
    let faults = error.violations.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
    self.init(file: file, code: error.code, message: faults.isEmpty ? error.message : "\(error.message): \(faults)")
  }

  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// Every plugin of the agent. Made once, started once, stopped once.
public final class PluginRegistry: Sendable {
  struct State {
    var plugins: [LoadedPlugin] = []
    var eventTypes: [String: EventTypeInstance] = [:]
    var sinks: [SinkInstance] = []
    var problems: [PluginProblem] = []
    var localReloads = 0
    /// Versions that wait for the end of the work that they have.
    var retiring = 0
    var configurations: [String: String] = [:]
    var isStarted = false
    var isStopped = false
  }

  let options: PluginHostOptions
  let services: HostServices
  let watchdog = Watchdog()
  let control = CallExecutor(name: "plugin-control", threads: 1)
  let state = Mutex(State())

  /// Makes a registry; loads nothing.
  public init(options: PluginHostOptions, services: HostServices) {
    self.options = options
    self.services = services
  }

  /// The plugins that were loaded, in the order of their folders and files.
  public var plugins: [LoadedPlugin] { state.withLock { $0.plugins } }

  /// What could not be loaded, and why.
  public var problems: [PluginProblem] { state.withLock { $0.problems } }

  /// Names of the event types, sorted.
  public var eventTypeNames: [String] { state.withLock { $0.eventTypes.keys.sorted() } }

  /// An event type.
  public func eventType(named name: String) -> EventTypeInstance? { state.withLock { $0.eventTypes[name] } }

  /// A plugin.
  public func plugin(named name: String) -> LoadedPlugin? { plugins.first { $0.manifest.name == name } }

  /// Loads and starts what is in the folders. One bad plugin, or folder, stops nothing but itself.
  /// - Throws: `.illegalState` when it was started before; `.busy` when the system gives no thread.
  public func start() async throws(PluginHostError) {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { throw PluginHostError(.illegalState, "the plugin registry was started before") }
    try watchdog.add(control)
    var seen: Set<String> = []
    for folder in options.folders {
      do throws(PluginHostError) {
        let canonical = try FileRules.checkFolder(folder, allowsUnsafe: options.allowsUnsafeFiles)
        guard seen.insert(canonical).inserted else { continue }
        for file in try PluginFolder.libraries(in: canonical) { await loadOrNote(file) }
      } catch {
        note(folder, error)
      }
    }
  }

  /// Makes a sink; it is not active yet.
  /// - Parameters:
  ///   - plugin: the plugin's name.
  ///   - name: the instance's name, for messages, and for the secrets it may ask for: unique in the agent.
  ///   - configurationJSON: its configuration.
  /// - Throws: `.notFound`, `.invalidDocument` with all violations, or what the plugin's `create` answered.
  public func makeSink(
    plugin name: String, name instance: String, configurationJSON: String
  ) async throws(PluginHostError) -> SinkInstance {
    try await makeSink(of: try sinkPlugin(name), name: instance, configurationJSON: configurationJSON)
  }

  /// Makes a sink of one version of a plugin.
  /// - Throws: as `makeSink(plugin:name:configurationJSON:)`.
  public func makeSink(
    of plugin: LoadedPlugin, name instance: String, configurationJSON: String
  ) async throws(PluginHostError) -> SinkInstance {
    let sink = try await SinkInstance.make(plugin, name: instance, configuration: configurationJSON)
    let isTaken = state.withLock { state in
      if !state.isStopped {
        // Those that their owner destroyed are of no interest any more.
        state.sinks.removeAll { $0.lifecycle == .destroyed }
        state.sinks.append(sink)
      }
      return !state.isStopped
    }
    guard isTaken else {
      await sink.destroy()
      throw PluginHostError(.illegalState, "the plugin registry is stopped")
    }
    return sink
  }

  /// Checks a sink's configuration, without making the sink.
  /// - Throws: `.notFound`, or `.invalidDocument` with all violations.
  public func validateSink(plugin name: String, configurationJSON: String) throws(PluginHostError) {
    try sinkPlugin(name).validateConfiguration(configurationJSON)
  }

  /// Checks a schedule's definition: by the schema, then by the plugin.
  /// - Throws: `.notFound`, `.invalidDocument` with all violations, or why the plugin could not be asked.
  public func validateDefinition(eventType name: String, definitionJSON: String) async throws(PluginHostError) {
    guard let instance = eventType(named: name) else { throw unknown("event type", name, eventTypeNames) }
    try await instance.validate(definitionJSON: definitionJSON)
  }

  /// Ends every instance, then every plugin. The libraries stay loaded.
  public func stop() async {
    let (plugins, eventTypes, sinks) = state.withLock { state in
      defer { (state.isStopped, state.eventTypes, state.sinks) = (true, [:], []) }
      return state.isStopped ? ([], [], []) : (state.plugins, Array(state.eventTypes.values), state.sinks)
    }
    for sink in sinks where sink.lifecycle != .destroyed { await sink.destroy() }
    for eventType in eventTypes { await eventType.stop() }
    for plugin in plugins.reversed() { await plugin.stop() }
    _ = await control.close()
    watchdog.stop()
  }

  private func sinkPlugin(_ name: String) throws(PluginHostError) -> LoadedPlugin {
    guard let plugin = plugin(named: name), plugin.manifest.isSink else {
      throw unknown("sink plugin", name, plugins.filter(\.manifest.isSink).map(\.manifest.name).sorted())
    }
    return plugin
  }

  func unknown(_ what: String, _ name: String, _ known: [String]) -> PluginHostError {
    let nearest = NearestName.nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
    let list = known.isEmpty ? "none are loaded" : "loaded are \(known.joined(separator: ", "))"
    return PluginHostError(.notFound, "there is no \(what) \"\(name)\"; \(list)\(nearest)")
  }

  private func loadOrNote(_ file: String) async {
    do throws(PluginHostError) {
      let plugin = try await open(file, isolation: nil) { name in
        // One of this name in an earlier folder, or file, is used.
        guard let first = self.plugin(named: name) else { return nil }
        return PluginHostError(
          .duplicateName, "\(file) is not used: the plugin \"\(name)\" is loaded from \(first.file)")
      }
      state.withLock { $0.plugins.append(plugin) }
      if plugin.manifest.isEventType {
        let instance = try await makeEventType(of: plugin)
        state.withLock { $0.eventTypes[plugin.manifest.name] = instance }
      }
    } catch {
      note(file, error)
    }
  }

  func note(_ file: String, _ error: PluginHostError) {
    let problem = PluginProblem(file, error)
    state.withLock { $0.problems.append(problem) }
    let level: Logger.Level = error.code == .duplicateName || error.code.isByChoice ? .notice : .error
    services.logger.log(level: level, "plugin not used", metadata: ["file": "\(file)", "problem": "\(problem)"])
  }
}
