import EventModel
import Pipeline
import PluginHost
import Synchronization

/// An event type of the plugin host, as the pipeline wants it.
struct EventTypeAdapter: EventTypePort {
  let registry: PluginRegistry
  let instance: EventTypeInstance
  let wording: BuiltInWording

  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    await ask { await $0.next(requests) }
  }

  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    await ask { await $0.render(events) }
  }

  /// Asks the instance; where that one was replaced meanwhile, and takes no calls any more, the one in its place.
  private func ask<Answer>(
    _ body: (EventTypeInstance) async -> [Result<Answer, PluginHostError>]
  ) async -> [Result<Answer, PortError>] {
    var answers = await body(instance)
    if answers.contains(where: \.isBusy), let current = registry.eventType(named: instance.name), current !== instance {
      answers = await body(current)
    }
    return answers.map { $0.mapError(PortError.init) }
  }
}

extension Result where Failure == PluginHostError {
  fileprivate var isBusy: Bool {
    if case .failure(let error) = self { error.code == .busy } else { false }
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
    // A receipt is one line.
    self.init(code, error.description.replacing("\n  ", with: "; "))
  }
}

/// Makes sinks when the pipeline first asks, keeps them by revision, and retires what a newer revision replaces.
final class PluginDirectoryAdapter: PluginDirectory {
  typealias Made = Result<SinkSlot, PortError>

  /// One instance, made once however many ask for it at the same time.
  struct Kept: Sendable {
    var sink: Sink
    var making: Task<Made, Never>
  }

  /// How long a replaced instance may take to finish what it has.
  static let retireLimit = Duration.seconds(150)

  private let registry: PluginRegistry
  private let secrets: SecretResolver
  private let kept = Mutex<[SinkNumber: Kept]>([:])
  private let reloads = Atomic<Int>(0)

  init(_ registry: PluginRegistry, secrets: SecretResolver) {
    self.registry = registry
    self.secrets = secrets
  }

  func eventType(named name: String) -> (any EventTypePort)? {
    registry.eventType(named: name).map { instance in
      let manifest = registry.plugin(named: name)?.manifest
      return EventTypeAdapter(
        registry: registry, instance: instance, wording: manifest.map(BuiltInWording.init) ?? .none)
    }
  }

  func sink(_ sink: Sink) async -> Result<any SinkPort, PortError> {
    let (making, replaced) = kept.withLock { kept -> (Task<Made, Never>, Kept?) in
      if let found = kept[sink.number], found.sink.revision >= sink.revision { return (found.making, nil) }
      let making = Task { await self.make(sink) }
      defer { kept[sink.number] = Kept(sink: sink, making: making) }
      return (making, kept[sink.number])
    }
    let made = await making.value
    if case .failure = made { forget(making, sink.number) }
    if let replaced { Task { await Self.retire(replaced) } }
    return made.map { $0 }
  }

  /// What failed is made anew when it is asked for again.
  private func forget(_ making: Task<Made, Never>, _ number: SinkNumber) {
    kept.withLock { kept in
      if kept[number]?.making == making { kept[number] = nil }
    }
  }

  private func make(_ sink: Sink) async -> Made {
    do throws(PluginHostError) {
      return .success(SinkSlot(try await instance(sink, name: Self.instanceName(sink))))
    } catch {
      return .failure(PortError(error))
    }
  }

  /// Its secrets are read before it reads them: what changes in between is seen as changed by the next reload.
  func instance(
    _ sink: Sink, name: String, of version: LoadedPlugin? = nil
  ) async throws(PluginHostError) -> SinkSlot.Current {
    let fingerprint = fingerprint(sink)
    let instance =
      if let version {
        try await registry.makeSink(of: version, name: name, configurationJSON: sink.configurationJSON)
      } else {
        try await registry.makeSink(plugin: sink.plugin, name: name, configurationJSON: sink.configurationJSON)
      }
    do throws(PluginHostError) {
      try await instance.activate()
    } catch {
      await instance.destroy()
      throw error
    }
    return SinkSlot.Current(instance: instance, fingerprint: fingerprint)
  }

  /// What the secrets that a sink names are now. One that cannot be read counts as it is: the plugin will say so.
  private func fingerprint(_ sink: Sink) -> String {
    let references = (try? SecretResolver.references(in: sink.configurationJSON)) ?? []
    return Fingerprint.of(
      references.flatMap { reference -> [[UInt8]] in
        do throws(PluginHostError) {
          return [Array(reference.utf8), try secrets.bytes(reference)]
        } catch {
          return [Array(reference.utf8), Array(error.message.utf8)]
        }
      })
  }

  /// Unique in the agent: revisions of one sink live side by side while the older one drains.
  static func instanceName(_ sink: Sink) -> String {
    "\(sink.namespace)/\(sink.name)#\(sink.revision)"
  }

  /// The sinks that there are of a plugin.
  func current(of plugin: String) -> [Kept] {
    kept.withLock { kept in
      kept.values.filter { $0.sink.plugin == plugin }.sorted { $0.sink.number.rawValue < $1.sink.number.rawValue }
    }
  }

  /// A number that no exchange of instances had before.
  func nextNumber() -> Int { reloads.add(1, ordering: .relaxed).newValue }

  /// New work goes to the newer instance already; the old one finishes what it has.
  private static func retire(_ replaced: Kept) async {
    guard case .success(let slot) = await replaced.making.value else { return }
    await SinkSlot.retire(slot.current.instance)
  }
}

/// Secrets that change while sinks run.
extension PluginDirectoryAdapter {
  /// Makes new instances of the sinks whose secrets are no longer what they were; the pipeline gets them all at once.
  /// - Throws: for a sink that does not take its new secrets; then all of them go on with the old ones.
  func prepareReload() async throws(ConfigurationError) -> PreparedReload {
    let number = nextNumber()
    var ready: [(kept: Kept, slot: SinkSlot, new: SinkSlot.Current)] = []
    var changed: [String] = []
    var faults: [ConfigurationError.Fault] = []
    for kept in kept.withLock({ $0.values.sorted { $0.sink.number.rawValue < $1.sink.number.rawValue } }) {
      guard case .success(let slot) = await kept.making.value, slot.current.fingerprint != fingerprint(kept.sink)
      else { continue }
      let name = "namespaces/\(kept.sink.namespace)/sinks/\(kept.sink.name)"
      do throws(PluginHostError) {
        ready.append((kept, slot, try await instance(kept.sink, name: "\(Self.instanceName(kept.sink)).\(number)")))
        changed.append(name)
      } catch {
        faults.append(.init(name, "\(name): its new secrets cannot be used: \(error.message)"))
      }
    }
    let made = ready
    guard faults.isEmpty else {
      for one in made { await one.new.instance.destroy() }
      throw ConfigurationError(faults: faults)
    }
    return PreparedReload(
      changed: changed,
      commit: {
        for one in made {
          // Meanwhile a newer revision may have come, which has read the new secrets by itself.
          if self.isKept(one.kept) { one.slot.replace(with: one.new) } else { await one.new.instance.destroy() }
        }
      },
      abandon: { for one in made { await one.new.instance.destroy() } })
  }

  private func isKept(_ kept: Kept) -> Bool {
    self.kept.withLock { $0[kept.sink.number]?.making == kept.making }
  }
}
