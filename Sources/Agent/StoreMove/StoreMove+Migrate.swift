import EventModel
import Glibc
public import Store
import StoreSQL

extension StoreMove {
  /// Takes a store to another, empty one. No agent may run on either. Before the first row is copied the source is marked, so
  /// that no agent starts on it any more: at no time can both be used.
  /// - Throws: `.locked` or `.failedPrecondition` when an agent runs, the source was moved before, or the target is not
  ///   empty. Then, and after every failure that leaves the target empty for certain, the source is as it was.
  public static func migrate(
    from source: StoreAddress, to target: StoreAddress, version: String, watch: @escaping Watcher = { _ in }
  ) async throws(StoreError) -> Report {
    guard source != target else { throw StoreError(.invalid, "a store cannot be moved to itself") }
    return try await with(source) { from throws(StoreError) in
      try await with(target) { to throws(StoreError) in
        try await requireEmpty(to)
        try await mark(from)
        let report: Report
        do throws(StoreError) {
          report = try await copy(from, to, version, watch)
        } catch {
          throw await unmark(from, after: error)
        }
        let now = try await from.clock()
        try await from.writeAlone { try $0.setMovedMark(.moved(at: now)) }
        return report
      }
    }
  }

  /// Makes a store usable again that was marked by a move.
  /// - Parameter force: also when the move was completed: whatever the other store sent since will be sent again.
  /// - Throws: `.failedPrecondition` when it has no mark, or the move was completed and `force` is false.
  public static func cancel(_ source: StoreAddress, force: Bool) async throws(StoreError) {
    try await with(source) { store throws(StoreError) in
      try await store.writeAlone { session in
        switch try session.movedMark() {
        case nil: throw StoreError(.failedPrecondition, "the store was not moved: agents can use it")
        case .moved(let time) where !force:
          throw StoreError(
            .failedPrecondition,
            "the store was moved at \(time.text): what the other one sent since would be sent again; with --force it is made usable all the same"
          )
        case .moved, .moving: try session.setMovedMark(nil)
        }
      }
    }
  }

  private static func with<Value>(
    _ address: StoreAddress, _ body: (OpenStore) async throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let store = try await OpenStore.open(address)
    do throws(StoreError) {
      let value = try await body(store)
      await store.close()
      return value
    } catch {
      await store.close()
      throw error
    }
  }

  private static func requireEmpty(_ store: OpenStore) async throws(StoreError) {
    try await store.writeAlone { session in
      try session.refuseMoved()
      try Importer(session: session).requireEmpty()
    }
  }

  private static func mark(_ store: OpenStore) async throws(StoreError) {
    let now = try await store.clock()
    try await store.writeAlone { session in
      if case .moved = try session.movedMark() { try session.refuseMoved() }
      try session.setMovedMark(.moving(since: now))
    }
  }

  /// Takes the mark away, unless the copy may be there after all.
  private static func unmark(_ store: OpenStore, after error: StoreError) async -> StoreError {
    let reason: String
    if error.code == .unknown {
      reason = "look into the other store: if it is empty, give the move up with agent migrate-store --cancel"
    } else {
      do throws(StoreError) {
        try await store.writeAlone { try $0.setMovedMark(nil) }
        return error
      } catch {
        reason = "the store stays marked as being moved (\(error.message)); run agent migrate-store --cancel"
      }
    }
    return StoreError(error.code, "\(error.message); \(reason)", cause: error)
  }

  /// One side writes a backup into a socket, and the other one reads it.
  private static func copy(
    _ source: OpenStore, _ target: OpenStore, _ version: String, _ watch: @escaping Watcher
  ) async throws(StoreError) -> Report {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw StoreError(.unavailable, "no socket pair can be made: \(String(cString: strerror(errno)))")
    }
    let (input, output) = (ends[0], ends[1])
    async let sent = send(source, output, version)
    async let taken = receive(target, input, watch)
    switch await (sent, taken) {
    case (.success, .success(let report)): return report
    // The one that ended because the other one did says nothing of the reason.
    case (.failure(let error), .failure(let other)) where error.cause is StreamCut: throw other
    case (.failure(let error), _): throw error
    case (_, .failure(let error)): throw error
    }
  }

  private static func send(
    _ source: OpenStore, _ output: Int32, _ version: String
  ) async -> Result<Report, StoreError> {
    defer { close(output) }
    do throws(StoreError) {
      let now = try await source.clock()
      return .success(
        try await source.snapshot { try export($0, to: output, version: version, takenAt: now) { _ in } })
    } catch {
      return .failure(error)
    }
  }

  private static func receive(
    _ target: OpenStore, _ input: Int32, _ watch: @escaping Watcher
  ) async -> Result<Report, StoreError> {
    defer { close(input) }
    do throws(StoreError) {
      // Its header is waited for on a thread that may block.
      let reader = try await Blocking.run { () throws(StoreError) in LentReader(try BackupReader(input)) }
      return .success(try await take(reader, into: target, as: .moved, watch))
    } catch {
      return .failure(error)
    }
  }
}
