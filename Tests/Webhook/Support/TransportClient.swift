import HTTPTransport
import Testing

/// A transport with one session whose completions are kept.
final class TransportClient: Sendable {
  static let patience = Duration.seconds(60)

  let transport: HTTPTransport
  let session: HTTPSession
  let log: CompletionLog

  var completions: [HTTPCompletion] { log.completions }

  init(_ transport: HTTPTransport? = nil, _ change: (inout HTTPSessionSettings) throws -> Void = { _ in }) throws {
    var settings = HTTPSessionSettings()
    settings.addresses = try AddressPolicy(allowing: [AddressRange("127.0.0.0/8")])
    try change(&settings)
    let log = CompletionLog()
    self.log = log
    self.transport = try transport ?? HTTPTransport()
    session = try self.transport.session(settings) { log.add($0) }
  }

  deinit { session.close() }

  /// Sends one request and waits for its end.
  func send(_ url: String, headers: [HTTPHeader] = [], body: String = "{}", deadline: Int64? = nil) throws -> HTTPResult
  {
    let token = UInt64(log.count + 1)
    try session.submit([
      HTTPRequest(
        token: token, url: HTTPURL(url), headers: headers, body: Array(body.utf8), deadlineNanoseconds: deadline)
    ])
    #expect(session.waitUntilIdle(timeout: Self.patience))
    return try #require(completions.last { $0.token == token }).result
  }

  func answer(_ url: String) throws -> HTTPAnswer {
    let result = try send(url)
    guard case .answer(let answer) = result else { throw ServerError(what: "no answer: \(result)") }
    return answer
  }

  func failure(_ url: String) throws -> HTTPFailure {
    let result = try send(url)
    guard case .failure(let failure) = result else { throw ServerError(what: "no failure: \(result)") }
    return failure
  }
}

final class CompletionLog: Sendable {
  private let state = Watched([HTTPCompletion]())
  var completions: [HTTPCompletion] { state.current }
  /// Blocks until there are so many; false after a minute.
  func wait(for count: Int) -> Bool { state.wait { $0.count >= count } }
  var count: Int { state.current.count }
  func add(_ completions: [HTTPCompletion]) { state.change { $0 += completions } }
}
