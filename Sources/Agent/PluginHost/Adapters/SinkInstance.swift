import CPluginAPI
import EventModel
import Logging

/// A configured instance of a sink plugin, as the dispatcher uses it.
///
/// Every delivery that `deliver` is handed ends exactly once, whatever the plugin does. Life: `activate`, `deliver` …,
/// `drain`, `deactivate`, `destroy`.
public final class SinkInstance: Sendable {
  /// Deliveries that cross the boundary in one call.
  public static let maximumBatch = 1_000
  /// How long to wait when the plugin, or its queue, has no room.
  static let busyWait = TimeSpan.seconds(1)
  /// How long a call of `cancel`, which must not block, may take.
  static let cancelLimit = Duration.seconds(2)

  /// The plugin it belongs to.
  public let plugin: LoadedPlugin
  /// Its name, as given when it was made.
  public let name: String

  let functions: any SinkFunctions
  let configuration: String
  let handle: InstanceHandle
  let executor: CallExecutor
  let cancelExecutor: CallExecutor
  /// Held while a lost instance is made anew.
  let reviving = Monitor(())
  private let references: Set<String>

  /// Makes an instance; opens no connection.
  static func make(
    _ plugin: LoadedPlugin, name: String, configuration: String
  ) async throws(PluginHostError) -> SinkInstance {
    guard let functions = plugin.sink else {
      throw PluginHostError(.notFound, "plugin \(plugin.manifest.name) is no sink")
    }
    let document = try plugin.manifest.configuration.check(configuration, what: "configuration")
    let sink = SinkInstance(plugin, functions, name, configuration, document)
    try plugin.watchdog.add(sink.executor)
    try plugin.watchdog.add(sink.cancelExecutor)
    do throws(PluginHostError) {
      _ = try await sink.call("create") { () throws(PluginHostError) in try sink.create() }
    } catch {
      await sink.destroy()
      throw error
    }
    return sink
  }

  private init(
    _ plugin: LoadedPlugin, _ functions: any SinkFunctions, _ name: String, _ configuration: String,
    _ document: JSONValue
  ) {
    self.plugin = plugin
    self.functions = functions
    self.name = name
    self.configuration = configuration
    let isParallel = functions.threadModel == CARILLON_PARALLEL
    handle = InstanceHandle(isParallel: isParallel)
    executor = CallExecutor(name: name, threads: isParallel ? plugin.options.parallelThreads : 1)
    cancelExecutor = CallExecutor(name: name, threads: 1)
    references = plugin.secrets.allow(name, configuration: document)
    plugin.track(handle)
  }

  /// Where it is in its life.
  public var lifecycle: InstanceLifecycle { handle.lifecycle }

  /// Deliveries under way in the plugin.
  public var openDeliveries: Int { plugin.tickets.count(of: self) }

  /// Makes it ready to deliver. After an error it may be tried again.
  public func activate() async throws(PluginHostError) {
    try await call("activate") { () throws(PluginHostError) in
      var after = self.handle.lifecycle
      try after.apply(.activate)
      try self.activate(try self.create())
    }
  }

  /// Takes nothing new, and waits for what is under way.
  /// - Returns: whether all of it has ended.
  public func drain(timeout: Duration) async throws(PluginHostError) -> Bool {
    try handle.apply(.drain)
    let end = MonotonicClock.adding(timeout.nanoseconds, to: MonotonicClock.now)
    let milliseconds = UInt64(clamping: timeout.nanoseconds / 1_000_000)
    let limit = timeout + plugin.options.callLimit
    let isDrained = try await call("drain", limit: limit) { () throws(PluginHostError) in
      guard let pointer = self.handle.pointer else { return false }
      return self.functions.drain(pointer.raw, milliseconds) == CARILLON_OK
    }
    guard isDrained else { return false }
    // A plugin whose threads are about to complete may say so a moment too early.
    while openDeliveries > 0, MonotonicClock.now < end { try? await Task.sleep(for: .milliseconds(2)) }
    return openDeliveries == 0
  }

  /// Undoes `activate`. What is still under way afterwards is declared unknown.
  public func deactivate() async throws(PluginHostError) {
    var after = handle.lifecycle
    try after.apply(.deactivate)
    defer { plugin.tickets.closeAll(of: self) { ResultReader.unanswered($0) } }
    try await call("deactivate") { () throws(PluginHostError) in
      if let pointer = self.handle.pointer { self.functions.deactivate(pointer.raw) }
      try self.handle.apply(.deactivate)
    }
  }

  /// Ends it; drains and deactivates nothing by itself but what is still active. Can be called in any state.
  public func destroy() async {
    if [.active, .draining].contains(handle.lifecycle) {
      do throws(PluginHostError) { try await deactivate() } catch {
        plugin.logger.warning("a sink did not deactivate", metadata: ["sink": "\(name)", "error": "\(error.message)"])
      }
    }
    let isClean = await executor.close()
    // `cancel` may overlap anything but this.
    let isIdle = await cancelExecutor.close()
    plugin.watchdog.remove(executor)
    plugin.watchdog.remove(cancelExecutor)
    plugin.tickets.closeAll(of: self) { ResultReader.unanswered($0) }
    plugin.secrets.forget(name, references)
    guard let pointer = handle.end(), isClean, isIdle else { return }
    do throws(PluginHostError) {
      try await plugin.control.call("destroy of \(name)", limit: plugin.options.callLimit, health: plugin.health) {
        self.functions.destroy(pointer.raw)
      }
    } catch {
      plugin.logger.warning("a sink did not end", metadata: ["sink": "\(name)", "error": "\(error.message)"])
    }
  }

  /// The plugin's object; makes it if there is none yet.
  func create() throws(PluginHostError) -> InstanceHandle.Pointer {
    if handle.lifecycle == .failed { try handle.apply(.replace) }
    if let pointer = handle.pointer { return pointer }
    guard handle.lifecycle != .destroyed else {
      throw PluginHostError(.illegalState, "the sink \(name) is destroyed")
    }
    let functions = functions
    let pointer = try InstanceMaker.make(
      plugin: plugin.manifest.name, name: name, configuration: configuration
    ) { functions.create($0, $1, &$2, $3) }
    handle.put(pointer)
    return pointer
  }

  /// Calls `activate`, and notes that it went well.
  func activate(_ pointer: InstanceHandle.Pointer) throws(PluginHostError) {
    try ErrorCollector.check(plugin.manifest.name, "activate") { functions.activate(pointer.raw, $0) }
    try handle.apply(.activate)
  }

  private func call<Value: Sendable>(
    _ what: String, limit: Duration? = nil, _ body: @escaping @Sendable () throws(PluginHostError) -> Value
  ) async throws(PluginHostError) -> Value {
    try await executor.call(
      "plugin \(plugin.manifest.name), sink \(name), \(what)", limit: limit ?? plugin.options.callLimit,
      health: plugin.health, onAbandon: { [handle] in handle.lostCall() }, body)
  }
}
