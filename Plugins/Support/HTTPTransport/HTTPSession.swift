/// A group of requests that share settings and a handler. Any thread may call it.
public final class HTTPSession: Sendable {
  let id: Int
  /// What its requests have in common.
  public let settings: HTTPSessionSettings
  let handler: @Sendable ([HTTPCompletion]) -> Void
  let open = OpenCount()
  private let inbox: Inbox

  init(
    id: Int, settings: HTTPSessionSettings, inbox: Inbox, handler: @escaping @Sendable ([HTTPCompletion]) -> Void
  ) {
    self.id = id
    self.settings = settings
    self.inbox = inbox
    self.handler = handler
  }

  // What is open holds the session, so nothing is.
  deinit { inbox.forget(session: id) }

  /// Requests taken and not completed.
  public var openCount: Int { open.count }

  /// Takes requests; each will be completed exactly once.
  ///
  /// - Throws: `full` or `closed`, and then none was taken.
  public func submit(_ requests: [HTTPRequest]) throws(HTTPTransportError) {
    guard !requests.isEmpty else { return }
    guard open.add(requests.count) else { throw HTTPTransportError(.closed, "the session is closed") }
    do {
      try inbox.submit(requests.map { Submission(session: self, request: $0) })
    } catch {
      open.remove(requests.count)
      throw error
    }
  }

  /// Gives these up: what was not sent in full is completed as `cancelled` at once; the other side may act on the
  /// rest, so that is left to its end. Unknown tokens are ignored.
  public func cancel(_ tokens: [UInt64]) {
    if !tokens.isEmpty { inbox.cancel(.some(session: id, tokens: Set(tokens))) }
  }

  /// Completes all that is open at once: with the answer when its status is known, otherwise as `cancelled`.
  public func cancelAll() { inbox.cancel(.all(session: id)) }

  /// Waits until nothing is open. False when something still is at the end of the time.
  public func waitUntilIdle(timeout: Duration) -> Bool { open.waitUntilZero(timeout: timeout) }

  /// Takes no more, cancels what is open, and returns when the handler has been called for the last time.
  /// Not on the I/O thread.
  public func close() {
    open.close()
    cancelAll()
    open.waitUntilZero()
  }
}
