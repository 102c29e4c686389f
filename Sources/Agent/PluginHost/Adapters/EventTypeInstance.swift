import CPluginAPI
public import EventModel
import Logging

/// An event type, as the planner and the dispatcher use it.
public final class EventTypeInstance: Sendable {
  /// Requests or events that cross the boundary in one call.
  public static let maximumBatch = 256

  /// The plugin it belongs to.
  public let plugin: LoadedPlugin
  /// The event type's name.
  public var name: String { plugin.manifest.name }

  let table: EventTypeTable
  private let configuration: String
  private let handle: InstanceHandle
  private let executor: CallExecutor
  private let references: Set<String>

  /// Makes the instance of an event type.
  /// - Throws: `.invalidDocument` when the configuration breaks the schema, or what the plugin's `create` answered.
  static func make(_ plugin: LoadedPlugin, configuration: String) async throws(PluginHostError) -> EventTypeInstance {
    guard let functions = plugin.eventType else {
      throw PluginHostError(.notFound, "plugin \(plugin.manifest.name) is no event type")
    }
    let document = try plugin.manifest.configuration.check(configuration, what: "configuration")
    let instance = EventTypeInstance(plugin, EventTypeTable(functions: functions), configuration, document)
    try plugin.watchdog.add(instance.executor)
    do throws(PluginHostError) {
      _ = try await instance.call("create") { _ throws(PluginHostError) in }
      try instance.handle.apply(.activate)
    } catch {
      await instance.stop()
      throw error
    }
    return instance
  }

  private init(_ plugin: LoadedPlugin, _ table: EventTypeTable, _ configuration: String, _ document: JSONValue) {
    self.plugin = plugin
    self.table = table
    self.configuration = configuration
    let isParallel = table.functions.threadModel == CARILLON_PARALLEL
    handle = InstanceHandle(isParallel: isParallel)
    executor = CallExecutor(
      name: plugin.manifest.name, threads: isParallel ? plugin.options.parallelThreads : 1)
    references = plugin.secrets.allow(plugin.manifest.name, configuration: document)
    plugin.track(handle)
  }

  /// Checks a schedule's definition: by the manifest's schema, then by the plugin.
  /// - Throws: `.invalidDocument` with all violations, `.malformedJSON`, `.refused`, or why the call failed.
  public func validate(definitionJSON: String) async throws(PluginHostError) {
    _ = try plugin.manifest.definition.check(definitionJSON, what: "definition")
    let (table, name) = (table, name)
    try await call("validate") { pointer throws(PluginHostError) in
      try ErrorCollector.check(name, "validate") { error in
        carillon_str.with(definitionJSON) { table.functions.validate(pointer.raw, $0, error) }
      }
    }
  }

  /// The occurrences after each request's cursor; fewer than its maximum means that the series has ended.
  ///
  /// One bad schedule fails alone: when the plugin refuses a batch, or breaks its contract, it is asked one by one.
  public func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PluginHostError>] {
    let (table, plugin) = (table, plugin)
    return await inBatches(requests, "next") { pointer, requests throws(PluginHostError) in
      try table.next(plugin.manifest, pointer, requests)
    }
  }

  /// What each event says.
  public func render(_ events: [EventFacts]) async -> [Result<Message, PluginHostError>] {
    let (table, plugin) = (table, plugin)
    return await inBatches(events, "render") { pointer, events throws(PluginHostError) in
      try table.render(plugin.manifest, pointer, events)
    }
  }

  /// Ends the instance.
  func stop() async {
    let isClean = await executor.close()
    plugin.watchdog.remove(executor)
    plugin.secrets.forget(name, references)
    if handle.lifecycle == .active { try? handle.apply(.deactivate) }
    guard let pointer = handle.end(), isClean else { return }
    let table = table
    do throws(PluginHostError) {
      try await plugin.control.call("destroy", limit: plugin.options.callLimit, health: plugin.health) {
        table.functions.destroy(pointer.raw)
      }
    } catch {
      plugin.logger.warning("an event type did not end", metadata: ["error": "\(error.message)"])
    }
  }

  private typealias Ask<Item, Answer> =
    @Sendable (InstanceHandle.Pointer, ArraySlice<Item>) throws(PluginHostError) ->
    [Result<Answer, PluginHostError>]

  private func inBatches<Item: Sendable, Answer: Sendable>(
    _ items: [Item], _ name: String, _ ask: @escaping Ask<Item, Answer>
  ) async -> [Result<Answer, PluginHostError>] {
    if items.count <= Self.maximumBatch { return await inOneBatch(items[...], name, ask) }
    var results: [Result<Answer, PluginHostError>] = []
    results.reserveCapacity(items.count)
    for start in stride(from: 0, to: items.count, by: Self.maximumBatch) {
      results += await inOneBatch(items[start..<min(start + Self.maximumBatch, items.count)], name, ask)
    }
    return results
  }

  private func inOneBatch<Item: Sendable, Answer: Sendable>(
    _ batch: ArraySlice<Item>, _ name: String, _ ask: @escaping Ask<Item, Answer>
  ) async -> [Result<Answer, PluginHostError>] {
    guard !batch.isEmpty else { return [] }
    do throws(PluginHostError) {
      let answers = try await call(name) { pointer throws(PluginHostError) in Self.answer(batch, pointer, ask) }
      let bad = answers.count { if case .failure = $0 { true } else { false } }
      plugin.tally.add(good: answers.count - bad, bad: bad)
      return answers
    } catch {
      plugin.tally.add(good: 0, bad: batch.count)
      return batch.map { _ in .failure(error) }
    }
  }

  /// Asks for a whole batch, and one by one where that fails.
  private static func answer<Item, Answer>(
    _ batch: ArraySlice<Item>, _ pointer: InstanceHandle.Pointer, _ ask: Ask<Item, Answer>
  ) -> [Result<Answer, PluginHostError>] {
    do throws(PluginHostError) { return try ask(pointer, batch) } catch {
      guard batch.count > 1 else { return [.failure(error)] }
    }
    return batch.indices.map { index in
      do throws(PluginHostError) { return try ask(pointer, batch[index...index])[0] } catch { return .failure(error) }
    }
  }

  /// Calls the instance on its thread; makes it first where there is none, or the last one lost a call.
  func call<Value: Sendable>(
    _ what: String, _ body: @escaping @Sendable (InstanceHandle.Pointer) throws(PluginHostError) -> Value
  ) async throws(PluginHostError) -> Value {
    let (plugin, table, handle, configuration) = (plugin, table, handle, configuration)
    let name = "plugin \(plugin.manifest.name), \(what)"
    let lostCall: @Sendable () -> Void = { handle.lostCall() }
    return try await executor.call(
      name, limit: plugin.options.callLimit, health: plugin.health, onAbandon: lostCall
    ) { () throws(PluginHostError) -> Value in
      if let pointer = handle.pointer { return try body(pointer) }
      if handle.lifecycle == .failed {
        try handle.apply(.replace)
        try handle.apply(.activate)
      }
      let pointer = try table.create(plugin.manifest.name, configuration)
      handle.put(pointer)
      return try body(pointer)
    }
  }
}
