import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A new file that only its owner can read. It is there as a whole or not at all.
final class PrivateFile: TextSink {
  /// Bytes gathered before they are written.
  static let flushBytes = 64 * 1024

  private struct State {
    var descriptor: Int32
    var pending: [UInt8] = []
    /// The first failure, told at the end.
    var failure: Int32?
  }

  private let path: String
  private let state: Mutex<State>

  /// - Throws: when the file is there already, or cannot be made.
  init(_ path: String) throws(CtlError) {
    self.path = path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let number = errno
    state = Mutex(State(descriptor: descriptor))
    guard descriptor >= 0 else {
      throw CtlError(
        number == EEXIST ? .conflict : .invalidArgument,
        "cannot make \(Excerpt.of(path)): \(String(cString: strerror(number)))",
        hint: number == EEXIST ? "choose another file, or remove that one" : nil)
    }
  }

  func write(_ text: String) {
    state.withLock { state in
      state.pending.append(contentsOf: text.utf8)
      if state.pending.count >= Self.flushBytes { Self.drain(&state) }
    }
  }

  func flush() { state.withLock { Self.drain(&$0) } }

  /// Writes the rest; the file is durable when this returns.
  func close() throws(CtlError) {
    let failure: Int32? = state.withLock { state in
      Self.drain(&state)
      if state.failure == nil, fsync(state.descriptor) != 0 { state.failure = errno }
      Self.end(&state)
      return state.failure
    }
    guard let failure else { return }
    unlink(path)
    throw CtlError(.failed, "cannot write \(Excerpt.of(path)): \(String(cString: strerror(failure)))")
  }

  /// Takes the file away again.
  func discard() {
    state.withLock { state in
      guard state.descriptor >= 0 else { return }
      Self.end(&state)
      unlink(path)
    }
  }

  private static func end(_ state: inout State) {
    SystemCalls.end(state.descriptor)
    state.descriptor = -1
  }

  private static func drain(_ state: inout State) {
    var start = 0
    while start < state.pending.count, state.failure == nil {
      let written = state.pending[start...].withUnsafeBytes { bytes in
        SystemCalls.output(state.descriptor, bytes)
      }
      if written > 0 { start += written } else if errno != EINTR { state.failure = errno }
    }
    state.pending.removeAll(keepingCapacity: true)
  }
}
