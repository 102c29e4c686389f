import CPluginAPI
import Logging
import RunnerProtocol
import SwiftProtobuf

/// A plugin in a process of its own, over all the processes that it has had: started, brought back when it died, left
/// alone when it died too often.
final class IsolatedPlugin: Watched {
  /// Where its process is.
  enum Phase {
    /// It loads and starts the plugin.
    case starting(RunnerProcess?)
    /// It takes calls.
    case running(RunnerProcess)
    /// It died; the next one starts at this moment.
    case waiting(until: Int64)
    /// It died too often; nobody tries before this moment.
    case quarantined(until: Int64)
    /// It was ended, and stays so until it is asked for again.
    case stopped
  }

  private struct State {
    var phase = Phase.starting(nil)
    var generation: UInt32 = 0
    var instances: UInt32 = 0
    var history = RestartPolicy.History()
    var restarts = 0
    var lastEnd = ""
    var onLoss: [@Sendable (String) -> Void] = []
    var enforced: [String] = []

    /// Notes a death, and when the next process starts.
    mutating func died(_ reason: String, _ policy: RestartPolicy) {
      lastEnd = reason
      switch policy.decide(&history, now: MonotonicClock.now) {
      case .restart(let moment): phase = .waiting(until: moment)
      case .quarantine(let moment): phase = .quarantined(until: moment)
      }
    }
  }

  let image: PluginImage
  let options: IsolationOptions
  let desk: RunnerDesk
  private let startLimit: Duration
  private let state = Monitor(State())

  init(_ image: PluginImage, options: IsolationOptions, desk: RunnerDesk, startLimit: Duration) {
    self.image = image
    self.options = options
    self.desk = desk
    self.startLimit = startLimit
  }

  // This process's loader has not seen the copy, and nobody can start another process from it.
  deinit { image.closeUnseen() }

  /// The process that takes calls; nil while there is none.
  var running: RunnerProcess? {
    state.withLock { if case .running(let process) = $0.phase { process } else { nil } }
  }

  /// Why there is none, for people.
  var whyNotRunning: String {
    state.withLock { state in
      switch state.phase {
      case .quarantined: "the plugin is in quarantine: its process died too often; the last time \(state.lastEnd)"
      case .stopped: "the plugin is stopped"
      case .starting, .waiting, .running:
        state.lastEnd.isEmpty ? "the plugin's process is starting" : state.lastEnd
      }
    }
  }

  /// How it stands, for people.
  var facts: PluginProcessFacts {
    state.withLock { state in
      var facts = PluginProcessFacts(restarts: state.restarts, lastEnd: state.lastEnd, enforced: state.enforced)
      switch state.phase {
      case .running(let process): facts.pid = process.pid
      case .quarantined(let until): facts.quarantineLeft = .nanoseconds(max(0, until - MonotonicClock.now))
      case .starting, .waiting, .stopped: break
      }
      return facts
    }
  }

  /// Told why whenever a process has ended with whatever it had in its hands.
  func onLoss(_ body: @escaping @Sendable (String) -> Void) { state.withLock { $0.onLoss.append(body) } }

  /// A number for a new instance: the process's generation above, a count below.
  func newInstance(in process: RunnerProcess) -> UInt64 {
    state.withLock { state in
      state.instances &+= 1
      return UInt64(process.generation) << 32 | UInt64(state.instances)
    }
  }

  /// Starts a process, and in it the plugin. Blocks: on a thread of the host's.
  /// - Parameter until: when it must have started; after it the process is ended.
  /// - Throws: why it could not be started; then there is no process.
  func start(_ manifest: PluginManifest, until: Int64) throws(PluginHostError) -> RemoteTables {
    let process = try spawn()
    do throws(PluginHostError) {
      let tables = try bringUp(process, manifest, until: until)
      let isWanted = state.withLock { state in
        guard case .starting(let current) = state.phase, current === process else { return false }
        state.phase = .running(process)
        return true
      }
      guard isWanted else { throw PluginHostError(.failed, "the plugin's process ended: \(whyNotRunning)") }
      return tables
    } catch {
      process.end(error.message)
      throw error
    }
  }

  private func spawn() throws(PluginHostError) -> RunnerProcess {
    let generation = state.withLock { state in
      state.generation += 1
      return state.generation
    }
    let process = try RunnerProcess(image, options: options, generation: generation, output: desk.log)
    let isWanted = state.withLock { state in
      // Stopped since somebody decided to start it: a stop must not be overtaken.
      guard case .starting(nil) = state.phase else { return false }
      state.phase = .starting(process)
      return true
    }
    do throws(PluginHostError) {
      guard isWanted else { throw PluginHostError(.failed, "\(image.file) was stopped before it had started") }
      try process.run(desk) { [weak self] reason in self?.ended(process, reason) }
    } catch {
      process.abandon()
      state.withLock { state in
        if case .starting(let current) = state.phase, current === process { state.phase = .starting(nil) }
      }
      throw error
    }
    return process
  }

  private func bringUp(
    _ process: RunnerProcess, _ manifest: PluginManifest, until: Int64
  ) throws(PluginHostError) -> RemoteTables {
    let loaded = try process.setUp(RunnerSetup.message(manifest, options, desk), until: until)
    let text = try RunnerSetup.manifest(loaded, image)
    guard text == manifest.text else {
      throw PluginHostError(.malformedPlugin, "\(image.file): the manifest is not the one it had before")
    }
    state.withLock { $0.enforced = loaded.enforced }
    let start = Carillon_Runner_V1_Start.with {
      $0.interfaces = manifest.provides.filter { [CARILLON_SINK_1, CARILLON_EVENT_TYPE_1].contains($0) }
    }
    guard let reply = process.call(0, .start(start), limit: ("start", until)) else {
      throw PluginHostError(.failed, "the plugin's process ended during its start: \(process.endReason ?? "")")
    }
    try ErrorCollector.check(manifest.name, "start of \(image.file)") { error in
      if reply.hasFault { reply.fault.report(to: error) }
      return reply.status
    }
    return try RemoteTables(reply.tables, manifest, image.file)
  }

  /// A process has ended, for whatever reason. On its reading thread.
  private func ended(_ process: RunnerProcess, _ reason: String) {
    let news = state.withLock { state -> (bodies: [@Sendable (String) -> Void], isQuarantined: Bool)? in
      switch state.phase {
      case .starting(let current) where current === process: break
      case .running(let current) where current === process: break
      default: return nil
      }
      state.died(reason, options.restart)
      if case .quarantined = state.phase { return (state.onLoss, true) }
      return (state.onLoss, false)
    }
    // One that was stopped, or never came to run, is no loss.
    guard let news else { return }
    desk.log.write(.error, instance: "", "the plugin's process has ended: \(PlainText.oneLine(reason))")
    if news.isQuarantined {
      desk.log.write(.error, instance: "", "the plugin is in quarantine: its process died too often")
    }
    for body in news.bodies { body(reason) }
  }

  /// Starts what is due. Called by the watchdog's thread; must not block.
  func scan(now: Int64) {
    let isDue = state.withLock { state -> Bool in
      switch state.phase {
      case .waiting(let moment) where moment <= now: break
      case .quarantined(let moment) where moment <= now: break
      default: return false
      }
      state.phase = .starting(nil)
      state.restarts += 1
      return true
    }
    guard isDue, let manifest = manifest.withLock({ $0 }) else { return }
    let isRunning = HostThread.start("plugin-restart") { [self] in restart(manifest) }
    if !isRunning { retryLater("the system gives no thread") }
  }

  private func restart(_ manifest: PluginManifest) {
    do throws(PluginHostError) {
      let until = MonotonicClock.adding(startLimit.nanoseconds, to: MonotonicClock.now)
      _ = try desk.metrics.defining { () throws(PluginHostError) in try start(manifest, until: until) }
      desk.log.write(.notice, instance: "", "the plugin runs again in a new process")
    } catch {
      desk.log.write(.error, instance: "", "the plugin could not be started again: \(error.message)")
      retryLater(error.message)
    }
  }

  /// A start that failed before there was a process counts as a death too.
  private func retryLater(_ reason: String) {
    state.withLock { state in
      guard case .starting(nil) = state.phase else { return }
      state.died(reason, options.restart)
    }
  }

  private let manifest = Monitor<PluginManifest?>(nil)

  /// From now on it is brought back when it dies.
  func keep(_ manifest: PluginManifest) { self.manifest.withLock { $0 = manifest } }

  /// Ends the process, because of a call that does not come back: the next one starts as after any death.
  func punish(_ call: String) { running?.end("\(call) took too long") }

  /// Ends a quarantine, and starts what is stopped.
  func release() {
    state.withLock { state in
      switch state.phase {
      case .quarantined, .stopped:
        state.history = RestartPolicy.History()
        state.phase = .waiting(until: MonotonicClock.now)
      case .starting, .running, .waiting: break
      }
    }
  }

  /// Ends the process, and starts none.
  func stop(callingStop: Bool) {
    let process = running
    // Nothing takes calls from here on, and no death is one.
    if callingStop { _ = process?.call(0, .stop(.init())) }
    let last = state.withLock { state -> RunnerProcess? in
      defer { state.phase = .stopped }
      switch state.phase {
      case .running(let process): return process
      case .starting(let process): return process
      case .waiting, .quarantined, .stopped: return nil
      }
    }
    last?.end("the agent stopped it")
  }
}

/// How a plugin's process stands, for people.
public struct PluginProcessFacts: Hashable, Sendable {
  /// The process's number; nil while there is none.
  public var pid: Int32?
  /// How often it was started again.
  public var restarts = 0
  /// How the last one ended; empty when none has.
  public var lastEnd = ""
  /// How much longer it is left alone; nil when it is not in quarantine.
  public var quarantineLeft: Duration?
  /// Memory that it has in use, in bytes; nil when that cannot be told.
  public var residentBytes: Int64? { pid.flatMap(ProcessMemory.resident) }
  /// What holds it: "no-new-privileges", "seccomp", "limits", "user".
  public var enforced: [String] = []
}
