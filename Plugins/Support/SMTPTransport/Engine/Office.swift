import CCurl

/// Where mails wait for a courier, and the couriers' threads.
final class Office: Sendable {
  private struct State {
    var waiting: [SMTPMail] = []
    /// Where `waiting` begins.
    var head = 0
    var underWay: [UInt64: StopSign] = [:]
    var open = 0
    var openBytes = 0
    var threads: [WorkerThread] = []
    var isClosed = false

    var waitingCount: Int { waiting.count - head }
    /// Couriers with nothing to do.
    var idleThreads: Int { threads.count - underWay.count }

    mutating func next() -> (SMTPMail, StopSign)? {
      guard head < waiting.count else { return nil }
      let mail = waiting[head]
      head += 1
      if head * 2 > waiting.count {
        waiting.removeFirst(head)
        head = 0
      }
      let stop = StopSign()
      underWay[mail.token] = stop
      return (mail, stop)
    }
  }

  private enum Turn {
    case mail(SMTPMail, StopSign)
    case end
  }

  // `curl_global_init` is needed once; libcurl 7.84 and later makes it safe beside other users in the process.
  static let libcurlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let server: Server
  private let limits: SMTPSession.Limits
  private let handler: @Sendable (SMTPCompletion) -> Void
  private let state = Monitor(State())

  init(_ server: Server, _ limits: SMTPSession.Limits, _ handler: @escaping @Sendable (SMTPCompletion) -> Void) {
    self.server = server
    self.limits = limits
    self.handler = handler
  }

  var openCount: Int { state.withLock { $0.open } }

  func submit(_ mails: [SMTPMail]) throws(SMTPError) {
    let bytes = mails.reduce(0) { $0 + $1.content.count }
    let problem = state.withLock { state -> SMTPError? in
      guard !state.isClosed else { return SMTPError(.closed, "the session is closed") }
      guard mails.count <= limits.maximumOpen - state.open,
        state.openBytes == 0 || bytes <= limits.maximumOpenBytes - state.openBytes
      else { return SMTPError(.full, "\(state.open) mails are open, and there is no room for more") }
      if let problem = hire(for: mails.count, &state) { return problem }
      state.open += mails.count
      state.openBytes += bytes
      state.waiting += mails
      return nil
    }
    if let problem { throw problem }
  }

  func cancel(_ tokens: Set<UInt64>) {
    let cancelled = state.withLock { state -> [SMTPMail] in
      for (token, stop) in state.underWay where tokens.contains(token) { stop.cancel() }
      return Self.takeOut(&state) { tokens.contains($0.token) }
    }
    complete(cancelled)
  }

  func waitUntilIdle(_ timeout: Duration) -> Bool {
    state.wait(untilNanoseconds: MonotonicTime.after(timeout)) { $0.open == 0 ? true : nil } ?? false
  }

  func close() {
    let (cancelled, threads) = state.withLock { state -> ([SMTPMail], [WorkerThread]) in
      state.isClosed = true
      for stop in state.underWay.values { stop.abandon() }
      return (Self.takeOut(&state) { _ in true }, state.threads)
    }
    complete(cancelled)
    for thread in threads { thread.join() }
  }

  private static func takeOut(_ state: inout State, where matches: (SMTPMail) -> Bool) -> [SMTPMail] {
    let taken = state.waiting[state.head...].filter(matches)
    guard !taken.isEmpty else { return [] }
    state.waiting = state.waiting[state.head...].filter { !matches($0) }
    state.head = 0
    return taken
  }

  /// Those that waited and were given up.
  private func complete(_ mails: [SMTPMail]) {
    let now = MonotonicTime.now
    for mail in mails {
      complete(mail, .failure(SMTPFailure(mail.deadlineNanoseconds <= now ? .deadline : .cancelled)))
    }
  }

  private func complete(_ mail: SMTPMail, _ result: SMTPResult) {
    handler(SMTPCompletion(token: mail.token, result: result))
    state.withLock { state in
      state.underWay[mail.token] = nil
      state.open -= 1
      state.openBytes -= mail.content.count
    }
  }

  /// Threads for so many more mails, as far as there may be any.
  private func hire(for count: Int, _ state: inout State) -> SMTPError? {
    let wanted = min(
      server.settings.maximumConnections - state.threads.count, state.waitingCount + count - state.idleThreads)
    for _ in 0..<max(0, wanted) {
      do throws(SMTPError) {
        state.threads.append(try WorkerThread { [self] in work() })
      } catch {
        // With one courier the rest waits a little longer.
        return state.threads.isEmpty ? error : nil
      }
    }
    return nil
  }

  /// On a courier's thread, until the session is closed.
  private func work() {
    var courier: Courier?
    while true {
      let idleUntil = courier == nil ? .max : MonotonicTime.after(.milliseconds(limits.idleMilliseconds))
      switch turn(until: idleUntil) {
      case nil: courier = nil
      case .end?: return
      case .mail(let mail, let stop)?:
        guard mail.deadlineNanoseconds > MonotonicTime.now else {
          complete(mail, .failure(SMTPFailure(.deadline)))
          continue
        }
        courier = courier ?? Courier(server)
        complete(mail, courier?.send(mail, stop) ?? .failure(SMTPFailure(.internal, detail: "libcurl has no memory")))
        if courier?.isWornOut == true { courier = nil }
      }
    }
  }

  /// What to do next; nil when nothing came in time.
  private func turn(until deadline: Int64) -> Turn? {
    state.wait(untilNanoseconds: deadline) { state in
      if let (mail, stop) = state.next() { return .mail(mail, stop) }
      return state.isClosed ? .end : nil
    }
  }
}
