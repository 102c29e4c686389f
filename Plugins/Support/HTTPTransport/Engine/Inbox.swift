import CCurl
import Glibc
import Synchronization

/// A request and whose it is.
struct Submission {
  let session: HTTPSession
  let request: HTTPRequest
  /// How often it was started again, because the server had refused it unread.
  var refusals = 0
}

/// What to give up.
enum Cancellation: Sendable {
  /// Those not sent in full.
  case some(session: Int, tokens: Set<UInt64>)
  /// Sent or not.
  case all(session: Int)

  var sparesSent: Bool { if case .some = self { true } else { false } }

  func matches(_ submission: Submission) -> Bool {
    switch self {
    case .some(let session, let tokens): submission.session.id == session && tokens.contains(submission.request.token)
    case .all(let session): submission.session.id == session
    }
  }
}

/// What other threads tell the I/O thread, in the order they said it.
final class Inbox: Sendable {
  enum Command: Sendable {
    case submit([Submission])
    case cancel(Cancellation)
    /// A session that has nothing open and submits no more.
    case forget(session: Int)
  }

  private struct State {
    var commands: [Command] = []
    var open = 0
    var isClosed = false
    var isAwake = false
  }

  let wakeDescriptor: Int32
  private let maximumOpen: Int
  private let state = Mutex(State())

  init(maximumOpen: Int) throws(HTTPTransportError) {
    self.maximumOpen = maximumOpen
    wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeDescriptor >= 0 else { throw HTTPTransportError(.system, "no eventfd: error \(errno)") }
  }

  deinit { Glibc.close(wakeDescriptor) }

  func submit(_ submissions: [Submission]) throws(HTTPTransportError) {
    let result = state.withLock { state -> Result<Bool, HTTPTransportError> in
      guard !state.isClosed else { return .failure(HTTPTransportError(.closed, "the transport is shut down")) }
      guard submissions.count <= maximumOpen - state.open else {
        return .failure(HTTPTransportError(.full, "\(state.open) requests are open, and at most \(maximumOpen) may be"))
      }
      state.open += submissions.count
      return .success(Self.post(.submit(submissions), to: &state))
    }
    if try result.get() { wake() }
  }

  func cancel(_ cancellation: Cancellation) { post(.cancel(cancellation)) }

  func forget(session: Int) { post(.forget(session: session)) }

  private func post(_ command: Command) {
    if state.withLock({ Self.post(command, to: &$0) }) { wake() }
  }

  /// Nothing more is taken.
  func close() {
    state.withLock { $0.isClosed = true }
    wake()
  }

  /// What came since the last call; and whether the inbox is closed, so that nothing will follow.
  func take() -> (commands: [Command], isClosed: Bool) {
    state.withLock { state in
      state.isAwake = false
      defer { state.commands = [] }
      return (state.commands, state.isClosed)
    }
  }

  /// So many requests were completed.
  func release(_ count: Int) { state.withLock { $0.open -= count } }

  /// True when the I/O thread must be woken.
  private static func post(_ command: Command, to state: inout State) -> Bool {
    state.commands.append(command)
    defer { state.isAwake = true }
    return !state.isAwake
  }

  /// Makes the descriptor quiet; before ``take()``.
  func drainWake() {
    var value: eventfd_t = 0
    eventfd_read(wakeDescriptor, &value)
  }

  private func wake() { eventfd_write(wakeDescriptor, 1) }
}
