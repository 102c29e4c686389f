import CCurl
import Glibc
import Synchronization

/// Many HTTP exchanges at a time on one I/O thread.
///
/// ```swift
/// let transport = try HTTPTransport()
/// let session = try transport.session(HTTPSessionSettings()) { completions in … }
/// try session.submit([HTTPRequest(token: 1, url: url, body: bytes)])
/// ```
public final class HTTPTransport: Sendable {
  /// At most so much of an answer's body is kept; a longer one ends the exchange, and its status counts.
  public static let maximumAnswerBytes = 65_536
  /// An answer's header block beyond this ends the exchange without an answer.
  public static let maximumHeaderBytes = 65_536

  /// How long a body may take once its header block came, counted coarsely; the status is what matters, and a place is
  /// worth more than the rest of a text.
  public static let bodyTimeoutMilliseconds: Int64 = 2_000

  /// Bounds on the whole transport.
  public struct Limits: Sendable, Hashable {
    /// Exchanges on the wire; lowered to half of what the process may open files.
    public var maximumActive = 4_096
    /// Requests taken and not completed, waiting ones included.
    public var maximumOpen = 65_536
    /// Connections, idle ones included.
    public var maximumConnections = 4_096
    /// Easy handles kept for use again; each holds some 15 KiB.
    public var maximumSpareHandles = 256

    /// The defaults.
    public init() {}
  }

  private let inbox: Inbox
  private let thread: IOThread
  private let nextSession = Atomic<Int>(1)

  /// Starts the I/O thread.
  ///
  /// - Throws: `system` when libcurl, epoll or the thread cannot be had.
  public init(limits: Limits = Limits()) throws(HTTPTransportError) {
    guard Self.libcurlIsReady else { throw HTTPTransportError(.system, "libcurl cannot be initialised") }
    var limits = limits
    limits.maximumActive = max(1, min(limits.maximumActive, Self.openFileLimit / 2))
    limits.maximumConnections = max(1, min(limits.maximumConnections, Self.openFileLimit / 2))
    inbox = try Inbox(maximumOpen: max(1, limits.maximumOpen))
    thread = try IOThread(EventLoop(inbox: inbox, limits: limits))
  }

  /// A group of requests with settings of their own.
  ///
  /// - Parameter handler: called on the I/O thread with those that ended together. It must not block, and must not
  ///   call ``shutdown()`` or ``HTTPSession/close()``.
  /// - Throws: `invalidSetting`, which names it.
  public func session(
    _ settings: HTTPSessionSettings, handler: @escaping @Sendable ([HTTPCompletion]) -> Void
  ) throws(HTTPTransportError) -> HTTPSession {
    try settings.validate()
    let id = nextSession.wrappingAdd(1, ordering: .relaxed).oldValue
    return HTTPSession(id: id, settings: settings, inbox: inbox, handler: handler)
  }

  /// Completes every open request as cancelled, ends the I/O thread and waits for it. Again: does nothing.
  public func shutdown() {
    inbox.close()
    thread.join()
  }

  deinit { shutdown() }

  // `curl_global_init` is needed once; libcurl 7.84 and later makes it safe beside other users in the process.
  private static let libcurlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private static var openFileLimit: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    return Int(clamping: limit.rlim_cur)
  }
}
