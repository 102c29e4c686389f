import CPostgreSQL
import Store

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// One connection of libpq, used on its own thread only. Every wait ends with the answer, at the deadline, or when it is
/// interrupted; after the last two the connection is given up.
final class PostgresSession {
  let configuration: PostgresConfiguration
  private let interrupt: Interrupt
  /// nil once the connection was given up.
  private(set) var raw: OpaquePointer?
  /// When the present wait ends.
  var deadline = ContinuousClock.now
  /// Statements outside a transaction change nothing, so that a lost answer is no doubt.
  var onlyReads = false
  /// Statements as they were prepared, and those that are to be let go.
  var cache: StatementCache
  /// The first value that was read as what it is not, since somebody looked.
  private var misread: String?
  /// What the server's process is known by.
  var incarnation = Incarnation()
  /// Whether a pooler stands between.
  var isPooled = false
  /// The transaction's number, while one is open that has one.
  var transaction: TransactionNumber?
  /// What is there once the transaction is committed; the last one counts.
  var mark: Mark?
  /// Whether the server is asked, at the deadline, to give up what it does, before the connection is given up.
  var cancelsAtDeadline = false
  /// How long an answer may take, in milliseconds.
  var answerTimeoutMilliseconds: Int
  /// Statements that go out together with COMMIT.
  var last: [Pipeline.Item] = []
  /// A transaction that only reads begins with its first statement, in the same round trip.
  var pendingBegin: TransactionOptions?

  /// Whether the transaction only reads.
  var isReading = false
  /// Whether the answer to a COMMIT that nobody waits for is still to be read.
  var isEnding = false

  /// Connects. Blocks, at most `connect_timeout` for each address of each host.
  init(_ configuration: PostgresConfiguration, interrupt: Interrupt) throws(StoreError) {
    self.configuration = configuration
    self.interrupt = interrupt
    cache = StatementCache(capacity: configuration.preparedStatements)
    answerTimeoutMilliseconds = configuration.answerTimeoutMilliseconds
    guard !interrupt.isRaised else { throw Self.interrupted }
    guard
      let raw = Self.connect(configuration.parameters, configuration.hasSeveralHosts && configuration.role == .primary)
    else { throw StoreError(.unavailable, "no memory for a connection to \(configuration.redacted)") }
    self.raw = raw
    guard PQstatus(raw) == CONNECTION_OK else {
      throw StoreError(
        .unavailable, "cannot connect to \(configuration.redacted): \(Self.sentence(PQerrorMessage(raw)))",
        cause: PostgresError.unconnected)
    }
    PQsetNoticeReceiver(raw, { _, _ in }, nil)
    PQsetnonblocking(raw, 1)
    do throws(StoreError) {
      try greet()
    } catch {
      throw StoreError(error.code, error.message, cause: PostgresError.unconnected)
    }
  }

  deinit {
    cache.removeAll()
    PQfinish(raw)
  }

  private static func connect(_ parameters: [String: String], _ looksForPrimary: Bool) -> OpaquePointer? {
    var parameters = parameters
    if looksForPrimary, parameters["target_session_attrs"] ?? "any" == "any" {
      parameters["target_session_attrs"] = "primary"
    }
    let pairs = Array(parameters)
    let keywords = pairs.map { strdup($0.key) }
    let values = pairs.map { strdup($0.value) }
    defer { for text in keywords + values { free(text) } }
    let constantKeywords = keywords.map { UnsafePointer($0) } + [nil]
    let constantValues = values.map { UnsafePointer($0) } + [nil]
    return PQconnectdbParams(constantKeywords, constantValues, 0)
  }

  /// libpq's message in one line.
  static func sentence(_ message: UnsafePointer<CChar>?) -> String {
    guard let message else { return "no reason is known" }
    let lines = String(cString: message).split(whereSeparator: \.isNewline)
    return lines.map { $0.trimmingPrefix(while: \.isWhitespace) }.joined(separator: "; ")
  }

  static let interrupted = StoreError(
    .unavailable, "the connection to the database was closed", cause: PostgresError.lost)

  // MARK: State

  /// Whether it can still be used.
  var isUsable: Bool { raw != nil }

  /// Whether a transaction is open.
  var isInTransaction: Bool {
    pendingBegin != nil || [PQTRANS_ACTIVE, PQTRANS_INTRANS, PQTRANS_INERROR].contains(transactionStatus)
  }

  var transactionStatus: PGTransactionStatusType { raw.map { PQtransactionStatus($0) } ?? PQTRANS_UNKNOWN }

  /// Whether the server has not closed it meanwhile. Waits only for the end of a transaction that was asked for already.
  var isAlive: Bool {
    takeEnd()
    guard let raw, !interrupt.isRaised else { return false }
    // Nothing is to be read from an idle connection, but the farewell of a server, and then the end.
    for _ in 0..<16 {
      var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, 0) > 0 else { return true }
      if PQconsumeInput(raw) == 0 || PQstatus(raw) != CONNECTION_OK { break }
    }
    giveUp()
    return false
  }

  /// Closes the connection; the server learns at once.
  func giveUp() {
    PQfinish(raw)
    raw = nil
  }

  /// The connection, if it still is one.
  func connected() throws(StoreError) -> OpaquePointer {
    guard let raw else { throw Self.lostConnection }
    return raw
  }

  static let lostConnection = StoreError(
    .unavailable, "the connection to the database was lost", cause: PostgresError.lost)

  // MARK: Reading what is there

  func note(misread text: String) {
    if misread == nil { misread = text }
  }

  /// Fails when a value was read as what it is not: a mistake in the SQL that must not pass for a zero.
  func checkReads() throws(StoreError) {
    guard let text = misread else { return }
    misread = nil
    throw StoreError(.corrupt, "the database answered something else than was expected: \(text)")
  }

  // MARK: Waiting

  /// Starts the time of an answer.
  func startClock() {
    deadline = .now + .milliseconds(answerTimeoutMilliseconds)
  }

  /// Waits until the socket can be read or, if asked for, written; answers what it can.
  func wait(writing: Bool = false) throws(StoreError) -> Int16 {
    if let ready = try waitUntilDeadline(writing: writing) { return ready }
    if cancelsAtDeadline {
      cancelsAtDeadline = false
      requestCancel()
      deadline = .now + .milliseconds(Self.cancelMilliseconds)
      if let ready = try waitUntilDeadline(writing: writing) { return ready }
    }
    giveUp()
    throw StoreError(
      .unavailable, "the database did not answer within \(answerTimeoutMilliseconds) ms", cause: PostgresError.lost)
  }

  /// How long a server may take to give up what it was asked to, in milliseconds.
  private static let cancelMilliseconds = 10_000

  /// Asks the server, on a connection of its own, to end the present statement. Whether it does shows in its answer.
  private func requestCancel() {
    guard let raw, let cancel = PQgetCancel(raw) else { return }
    var message = [CChar](repeating: 0, count: 256)
    PQcancel(cancel, &message, Int32(message.count))
    PQfreeCancel(cancel)
  }

  /// The same; nil at the deadline.
  func waitUntilDeadline(writing: Bool = false) throws(StoreError) -> Int16? {
    let raw = try connected()
    let events = Int16(writing ? POLLIN | POLLOUT : POLLIN)
    while true {
      var descriptors = [
        pollfd(fd: PQsocket(raw), events: events, revents: 0),
        pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&descriptors, 2, deadline.millisecondsLeft)
      if count < 0, errno == EINTR { continue }
      if descriptors[1].revents != 0 {
        giveUp()
        throw Self.interrupted
      }
      return count > 0 ? descriptors[0].revents : nil
    }
  }

  /// Sends everything that is buffered, and takes in what comes meanwhile.
  func flush() throws(StoreError) {
    let raw = try connected()
    while true {
      switch PQflush(raw) {
      case 0: return
      case 1:
        let ready = try wait(writing: true)
        if ready & Int16(POLLIN) != 0, PQconsumeInput(raw) == 0 { throw lose() }
      default: throw lose()
      }
    }
  }

  /// The next result; nil after the last one of a statement.
  func nextResult() throws(StoreError) -> OpaquePointer? {
    let raw = try connected()
    while PQisBusy(raw) == 1 {
      _ = try wait()
      if PQconsumeInput(raw) == 0 { throw lose() }
    }
    return PQgetResult(raw)
  }

  /// The connection is lost: what libpq knows of it.
  func lose() -> StoreError {
    // What came before the end may say why: that a shutdown ended the session, for example.
    var said: PostgresError?
    for _ in 0..<Pipeline.maximumStatements {
      guard let raw, PQstatus(raw) != CONNECTION_OK || PQisBusy(raw) == 0, let result = PQgetResult(raw) else { break }
      if said == nil, PQresultStatus(result) == PGRES_FATAL_ERROR { said = Self.error(of: result) }
      PQclear(result)
    }
    giveUp()
    guard let said, !said.state.isEmpty else { return Self.lostConnection }
    return StoreError(postgres: said)
  }
}

extension ContinuousClock.Instant {
  /// Milliseconds from now for `poll`, rounded up; 0 when it has passed.
  fileprivate var millisecondsLeft: Int32 {
    let left = ContinuousClock.now.duration(to: self)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    return Int32(clamping: seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
