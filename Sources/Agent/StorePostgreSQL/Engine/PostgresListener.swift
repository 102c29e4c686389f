import CPostgreSQL
import Store

/// Listens on channels over a connection of its own, and connects again when it is lost. It needs a direct connection: a
/// pooler in transaction mode forgets LISTEN.
final class PostgresListener: Sendable {
  /// What a listener tells.
  enum Event: Sendable, Equatable {
    /// It listens from now on; what was sent before, it did not hear. So look yourself.
    case listening
    /// Somebody called `NOTIFY`.
    case notification(channel: String, payload: String)
    /// It does not listen any more, and tries again; why.
    case lost(String)
  }

  /// Events that wait for the reader. More push the oldest out: a reader that looks after each misses nothing.
  static let bufferedEvents = 1_024
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(5)

  private let configuration: PostgresConfiguration
  private let channels: [String]

  init(_ configuration: PostgresConfiguration, channels: [String]) {
    self.configuration = configuration
    self.channels = channels
  }

  /// Listens until the reader stops or its task is cancelled.
  func events() -> AsyncStream<Event> {
    AsyncStream(bufferingPolicy: .bufferingNewest(Self.bufferedEvents)) { continuation in
      let task = Task { await listen(continuation) }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func listen(_ continuation: AsyncStream<Event>.Continuation) async {
    var pause = Self.firstPause
    while !Task.isCancelled {
      do throws(StoreError) {
        let connection = try PostgresConnection(configuration)
        let channels = channels
        try await connection.run { session in try session.listen(channels) }
        continuation.yield(.listening)
        pause = Self.firstPause
        try await hear(connection, continuation)
        await connection.close()
      } catch {
        continuation.yield(.lost(error.message))
        try? await Task.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
    continuation.finish()
  }

  /// Hands on what comes, until the task is cancelled.
  private func hear(
    _ connection: PostgresConnection, _ continuation: AsyncStream<Event>.Continuation
  ) async throws(StoreError) {
    while !Task.isCancelled {
      let result = await withTaskCancellationHandler {
        await Self.next(connection)
      } onCancel: {
        connection.cut()
      }
      if Task.isCancelled { return }
      for event in try result.get() { continuation.yield(event) }
    }
  }

  private static func next(_ connection: PostgresConnection) async -> Result<[Event], StoreError> {
    do {
      return .success(try await connection.hear())
    } catch {
      return .failure(error)
    }
  }
}

extension PostgresConnection {
  /// What was notified; waits for it. Fails once the connection is lost, which it never mends by itself.
  fileprivate func hear() throws(StoreError) -> [PostgresListener.Event] {
    guard let session = present else { throw PostgresSession.lostConnection }
    return try session.notifications(waitSeconds: 60)
  }
}

extension PostgresSession {
  fileprivate func listen(_ channels: [String]) throws(StoreError) {
    for channel in channels { _ = try simple("LISTEN \(Self.quoted(channel))") }
  }

  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// Longer payloads are refused by PostgreSQL.
  static let longestPayloadBytes = 7_999

  /// Notifies those who listen, when the transaction commits.
  func notify(_ channel: String, _ payload: String = "") throws(StoreError) {
    guard payload.utf8.count <= Self.longestPayloadBytes else {
      throw StoreError(.invalid, "a notification's payload is longer than \(Self.longestPayloadBytes) bytes")
    }
    try execute("SELECT pg_notify(?, ?)", [.text(channel), .text(payload)])
  }

  /// The notifications that have come; waits for the first. Empty after so many seconds: then the connection was asked
  /// whether it still is one.
  fileprivate func notifications(waitSeconds: Int) throws(StoreError) -> [PostgresListener.Event] {
    let raw = try connected()
    var events = take(raw)
    if !events.isEmpty { return events }
    deadline = .now + .seconds(waitSeconds)
    while events.isEmpty {
      guard try waitUntilDeadline() != nil else {
        _ = try simple("SELECT 1")
        return take(raw)
      }
      guard PQconsumeInput(raw) == 1, PQstatus(raw) == CONNECTION_OK else { throw lose() }
      events = take(raw)
    }
    return events
  }

  private func take(_ raw: OpaquePointer) -> [PostgresListener.Event] {
    var events: [PostgresListener.Event] = []
    while let notification = PQnotifies(raw) {
      events.append(
        .notification(
          channel: String(cString: notification.pointee.relname), payload: String(cString: notification.pointee.extra)))
      PQfreemem(notification)
    }
    return events
  }
}
