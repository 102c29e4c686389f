import EventModel
import Pipeline
import PluginHost
import Synchronization

/// An event type of the plugin host, as the pipeline wants it.
struct EventTypeAdapter: EventTypePort {
  let instance: EventTypeInstance
  let wording: BuiltInWording

  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    await instance.next(requests).map { $0.mapError(PortError.init) }
  }

  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    await instance.render(events).map { $0.mapError(PortError.init) }
  }
}

/// A sink of the plugin host, as the pipeline wants it.
struct SinkAdapter: SinkPort {
  let instance: SinkInstance

  func deliver(_ deliveries: [Delivery], completion: @escaping @Sendable ([DeliveryResult]) -> Void) {
    instance.deliver(deliveries, completion: completion)
  }

  func cancel(ids: [UInt64]) {
    instance.cancel(Set(ids))
  }
}

extension PortError {
  init(_ error: PluginHostError) {
    let code: Code =
      switch error.code {
      case .timeLimit: .timedOut
      case .failed: .failed
      case .pluginDisabled, .busy, .illegalState, .notFound, .secret: .unavailable
      default: .invalid
      }
    self.init(code, error.description)
  }
}

/// Makes sinks when the pipeline first asks, keeps them by revision, and retires what a newer revision replaces.
final class PluginDirectoryAdapter: PluginDirectory {
  private typealias Made = Result<SinkInstance, PortError>

  /// One instance, made once however many ask for it at the same time.
  private struct Kept: Sendable {
    var revision: Int64
    var making: Task<Made, Never>
  }

  /// How long a replaced instance may take to finish what it has.
  static let retireLimit = Duration.seconds(150)

  private let registry: PluginRegistry
  private let kept = Mutex<[SinkNumber: Kept]>([:])

  init(_ registry: PluginRegistry) {
    self.registry = registry
  }

  func eventType(named name: String) -> (any EventTypePort)? {
    registry.eventType(named: name).map { instance in
      let manifest = registry.plugin(named: name)?.manifest
      return EventTypeAdapter(instance: instance, wording: manifest.map(BuiltInWording.init) ?? .none)
    }
  }

  func sink(_ sink: Sink) async -> Result<any SinkPort, PortError> {
    let (making, replaced) = kept.withLock { kept -> (Task<Made, Never>, Kept?) in
      if let found = kept[sink.number], found.revision >= sink.revision { return (found.making, nil) }
      let making = Task { await self.make(sink) }
      defer { kept[sink.number] = Kept(revision: sink.revision, making: making) }
      return (making, kept[sink.number])
    }
    let made = await making.value
    if case .failure = made { forget(making, sink.number) }
    if let replaced { Task { await Self.retire(replaced) } }
    return made.map { SinkAdapter(instance: $0) }
  }

  /// What failed is made anew when it is asked for again.
  private func forget(_ making: Task<Made, Never>, _ number: SinkNumber) {
    kept.withLock { kept in
      if kept[number]?.making == making { kept[number] = nil }
    }
  }

  private func make(_ sink: Sink) async -> Made {
    do throws(PluginHostError) {
      let instance = try await registry.makeSink(
        plugin: sink.plugin, name: Self.instanceName(sink), configurationJSON: sink.configurationJSON)
      try await activate(instance)
      return .success(instance)
    } catch {
      return .failure(PortError(error))
    }
  }

  private func activate(_ instance: SinkInstance) async throws(PluginHostError) {
    do throws(PluginHostError) {
      try await instance.activate()
    } catch {
      await instance.destroy()
      throw error
    }
  }

  /// Unique in the agent: revisions of one sink live side by side while the older one drains.
  private static func instanceName(_ sink: Sink) -> String {
    "\(sink.namespace)/\(sink.name)#\(sink.revision)"
  }

  /// New work goes to the newer instance already; the old one finishes what it has. `destroy` completes what it leaves.
  private static func retire(_ replaced: Kept) async {
    guard case .success(let instance) = await replaced.making.value else { return }
    // What is not finished by then is completed by `destroy`.
    _ = try? await instance.drain(timeout: retireLimit)
    await instance.destroy()
  }
}
