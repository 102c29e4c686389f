public import EventModel
import PluginHost
import Synchronization

/// A delivery's end, and how long it took.
public struct DeskOutcome: Sendable {
  /// What the sink said.
  public var result: DeliveryResult
  /// From when the batch was handed over.
  public var elapsed: Duration
}

/// A sink at the desk, active.
public final class SinkDesk: Sendable {
  /// Deliveries that are handed over at once, at most.
  public static let maximumBatch = SinkInstance.maximumBatch
  private let sink: SinkInstance
  private let limit: Duration

  /// Makes a sink of the plugin, and activates it.
  /// - Throws: the faults of its configuration, or what the plugin said.
  public init(_ desk: PluginDesk, name: String) async throws(DeskError) {
    limit = desk.options.limit
    do throws(PluginHostError) {
      sink = try await desk.registry.makeSink(
        plugin: desk.plugin.manifest.name, name: name, configurationJSON: desk.options.configurationJSON)
      try await sink.activate()
    } catch {
      throw DeskError(error)
    }
  }

  /// Hands over a batch, and waits until each delivery has ended: by its time limit, at the latest.
  /// - Parameter deliveries: at most ``maximumBatch``, of different ids.
  /// - Returns: their ends, in the order of `deliveries`.
  public func deliver(_ deliveries: [Delivery]) async -> [DeskOutcome] {
    guard !deliveries.isEmpty else { return [] }
    let gathering = Gathering(count: deliveries.count)
    sink.deliver(deliveries) { gathering.take($0) }
    let ends = await gathering.all()
    return deliveries.compactMap { ends[$0.id] }
  }

  /// Drains and deactivates.
  /// - Throws: when it did not, in its time limit; and when a call before has not returned in its own, since such a sink
  ///   can be asked nothing more.
  public func close() async throws(DeskError) {
    do throws(PluginHostError) {
      let isDrained = try await sink.drain(timeout: limit)
      try await sink.deactivate()
      guard isDrained else {
        throw PluginHostError(.contractBroken, "drain answered that deliveries are under way, though all had ended")
      }
    } catch {
      throw error.code == .illegalState && sink.lifecycle == .failed ? hung : DeskError(error)
    }
  }

  /// What the host says of it then is that a sink that has failed can do nothing.
  private var hung: DeskError {
    let milliseconds = Int(limit / .milliseconds(1))
    return DeskError(
      "a call into the plugin did not return within its limit of \(milliseconds) ms", isTimeLimit: true)
  }
}

/// Waits for the ends of a batch, which come from any thread.
private final class Gathering: Sendable {
  private struct State {
    var ends: [UInt64: DeskOutcome] = [:]
    var waiting: CheckedContinuation<[UInt64: DeskOutcome], Never>?
  }

  private let count: Int
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(count: Int) { self.count = count }

  func take(_ results: [DeliveryResult]) {
    let elapsed = ContinuousClock.now - start
    let ready = state.withLock { state in
      for result in results { state.ends[result.id] = DeskOutcome(result: result, elapsed: elapsed) }
      return Self.ready(&state, count)
    }
    ready?()
  }

  func all() async -> [UInt64: DeskOutcome] {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state in
        state.waiting = continuation
        return Self.ready(&state, count)
      }
      ready?()
    }
  }

  private static func ready(_ state: inout State, _ count: Int) -> (@Sendable () -> Void)? {
    guard state.ends.count == count, let waiting = state.waiting else { return nil }
    state.waiting = nil
    let ends = state.ends
    return { waiting.resume(returning: ends) }
  }
}
