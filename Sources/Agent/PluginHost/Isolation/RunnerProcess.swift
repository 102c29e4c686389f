import CPluginAPI
import RunnerProtocol
import SwiftProtobuf

/// The process that one plugin runs in, from its start to its end. Calls wait for their replies on the caller's thread,
/// which is a thread of the host's; one thread reads what comes.
final class RunnerProcess: Sendable {
  typealias Reply = Carillon_Runner_V1_Reply

  /// One call that waits.
  private final class Waiting: Sendable {
    let answer = Monitor<Reply??>(nil)

    func finish(_ reply: Reply?) {
      answer.withLock { if $0 == nil { $0 = .some(reply) } }
      answer.broadcast()
    }

    func wait() -> Reply? { answer.wait { $0 } }

    /// Whether there is no reply at a moment; waits for it until then.
    func isLate(_ moment: Int64) -> Bool { answer.wait(until: moment, { $0 }) == nil }
  }

  private struct State {
    var next: UInt64 = 1
    var waiting: [UInt64: Waiting] = [:]
    var isEnded = false
    var reason = ""
  }

  /// Which of the plugin's processes it is, from 1.
  let generation: UInt32
  /// The process's number.
  let pid: Int32
  private let socket: FrameSocket
  private let state = Monitor(State())
  private let loaded = Monitor<Carillon_Runner_V1_Loaded??>(nil)

  /// Starts the program; nothing was said yet.
  init(_ image: PluginImage, options: IsolationOptions, generation: UInt32, output: PluginLog)
    throws(PluginHostError)
  {
    let folder = image.file.lastIndex(of: "/").map { String(image.file[..<$0]) } ?? "."
    let child = try ProcessSpawn.start(options.runner, image: image.descriptor, libraries: folder)
    self.generation = generation
    pid = child.pid
    socket = FrameSocket(child.socket)
    OutputReader.start(child.output, into: output)
  }

  /// Reads what comes, until the process ends, on a thread of its own.
  /// - Parameters:
  ///   - desk: answers what the plugin asks.
  ///   - onEnd: told why it ended; once, when no call waits any more.
  /// - Throws: `.busy` when the system gives no thread; then it is to be abandoned.
  func run(_ desk: RunnerDesk, onEnd: @escaping @Sendable (String) -> Void) throws(PluginHostError) {
    let isRunning = HostThread.start("plugin-runner") { [self] in
      let fault = readAll(desk)
      let end = ProcessSpawn.end(pid)
      let reason = state.withLock { state in state.reason.isEmpty ? fault ?? end : state.reason }
      release(reason)
      onEnd(reason)
    }
    guard isRunning else { throw PluginHostError(.busy, "the system gives no thread for a plugin's process") }
  }

  /// Ends one that was never run: nobody reads what it says, and nobody else waits for its end.
  func abandon() {
    socket.shutDown()
    _ = ProcessSpawn.end(pid)
  }

  /// Why it ended; nil while it runs.
  var endReason: String? { state.withLock { $0.isEnded ? $0.reason : nil } }

  /// Ends it, whatever it is doing.
  func end(_ reason: String) {
    state.withLock { if $0.reason.isEmpty { $0.reason = reason } }
    socket.shutDown()
  }

  /// Sends the setup, and waits for what the plugin says of itself.
  /// - Throws: `.failed` when the process ended, or did not answer in time.
  func setUp(_ setup: Carillon_Runner_V1_Setup, until: Int64) throws(PluginHostError) -> Carillon_Runner_V1_Loaded {
    send(.with { $0.setup = setup })
    guard let answer = loaded.wait(until: until, { $0 }) else {
      end("it was not loaded in time")
      throw PluginHostError(.timeLimit, "the plugin was not loaded in time: its constructors take too long")
    }
    guard let answer else {
      throw PluginHostError(.failed, "the plugin's process ended while it was loaded: \(endReason ?? "")")
    }
    return answer
  }

  /// Makes a call, and waits for its reply; nil when the process ended first.
  /// - Parameter limit: after it the process is ended; nil: the caller's own limit ends it.
  func call(
    _ instance: UInt64, _ kind: Carillon_Runner_V1_Call.OneOf_Kind, limit: (name: String, until: Int64)? = nil
  ) -> Reply? {
    let waiting = Waiting()
    let id = state.withLock { state -> UInt64? in
      guard !state.isEnded else { return nil }
      defer { state.next += 1 }
      state.waiting[state.next] = waiting
      return state.next
    }
    guard let id else { return nil }
    send(
      .with { message in
        message.call = .with { call in
          call.id = id
          call.instance = instance
          call.kind = kind
        }
      })
    if let limit, waiting.isLate(limit.until) { end("\(limit.name) took too long") }
    return waiting.wait()
  }

  /// Sends a message; a connection that is broken ends the process, and with it all that waits.
  func send(_ message: Carillon_Runner_V1_ToRunner) {
    do throws(FrameSocket.Failure) {
      try socket.write(message)
    } catch {
      if case .broken(let what) = error { end(what) }
      socket.shutDown()
    }
  }

  private func readAll(_ desk: RunnerDesk) -> String? {
    while true {
      do throws(FrameSocket.Failure) {
        let message = try socket.read(Carillon_Runner_V1_FromRunner.self)
        if let fault = take(message, desk) { return fault }
      } catch {
        if case .broken(let what) = error { return what }
        return nil
      }
    }
  }

  private func take(_ message: Carillon_Runner_V1_FromRunner, _ desk: RunnerDesk) -> String? {
    switch message.kind {
    case .loaded(let value):
      loaded.withLock { if $0 == nil { $0 = .some(value) } }
      loaded.broadcast()
    case .reply(let reply):
      guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: reply.id) }) else {
        return "it answered a call that was not made"
      }
      // What was completed inside `deliver` counts before the call does.
      if reply.hasComplete { desk.complete(reply.complete) }
      waiting.finish(reply)
    case .complete(let results): desk.complete(results)
    case .log(let line): desk.log(line)
    case .ask(let ask): send(.with { $0.answer = desk.answer(ask) })
    case .metric(let metric): desk.change(metric)
    case nil: return "it sent an empty message"
    }
    return nil
  }

  /// Nobody waits for a process that has ended.
  private func release(_ reason: String) {
    let waiting = state.withLock { state in
      state.isEnded = true
      state.reason = reason
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for call in waiting { call.finish(nil) }
    loaded.withLock { if $0 == nil { $0 = .some(nil) } }
    loaded.broadcast()
  }
}
