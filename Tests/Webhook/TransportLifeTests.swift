import HTTPTransport
import Synchronization
import Testing

@Suite("The transport's guards and its end")
struct TransportLifeTests {
  private static let empty204 = "HTTP/1.1 204 No Content\r\n\r\n"

  /// Takes requests and never answers.
  private func silentServer() throws -> LoopbackServer {
    try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.waitForClose()
    }
  }

  @Test(
    "an address that is not allowed is not connected to, in whatever form it is written",
    arguments: [
      "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0",
    ])
  func refused(host: String) throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let client = try TransportClient { $0.addresses = .publicOnly }
    let failure = try client.failure("http://\(host):\(server.port)/")
    #expect(failure.reason == .addressRefused && !failure.requestSent)
    #expect(failure.detail.contains("must not be reached"))
    #expect(server.connectionCount == 0)
  }

  @Test("an open connection of another session is no way round the address check, and is left alone")
  func reusedConnection() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let transport = try HTTPTransport()
    let allowed = try TransportClient(transport)
    let guarded = try TransportClient(transport) { $0.addresses = .publicOnly }
    #expect(try allowed.answer(server.url).status == 204)
    #expect(try guarded.failure(server.url).reason == .addressRefused)
    #expect(server.requests.map(\.line) == ["POST /hook HTTP/1.1"])
    #expect(server.connectionCount == 1)
    #expect(try allowed.answer(server.url).status == 204)
  }

  @Test("a refused request that was never sent leaves other sessions alone")
  func manySessions() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let transport = try HTTPTransport()
    let url = try HTTPURL(server.url)
    let allowed = try TransportClient(transport)
    let guarded = try TransportClient(transport) { $0.addresses = .publicOnly }
    for round in 0..<50 {
      try allowed.session.submit((0..<10).map { HTTPRequest(token: UInt64(round * 10 + $0), url: url, body: [1]) })
      try guarded.session.submit((0..<10).map { HTTPRequest(token: UInt64(round * 10 + $0), url: url, body: [1]) })
    }
    #expect(allowed.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(guarded.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(server.requests.count == 500)
    #expect(guarded.completions.count == 500)
    for completion in guarded.completions {
      guard case .failure(let failure) = completion.result else {
        Issue.record("reached \(server.url)")
        return
      }
      #expect(failure.reason == .addressRefused)
    }
  }

  @Test("a request that fails before it has a connection leaves other sessions alone")
  func failuresElsewhere() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let transport = try HTTPTransport()
    for url in ["http://nothing.invalid/", "http://10.0.0.1/", "http://127.0.0.1:\(try freePort())/"] {
      let failing = try TransportClient(transport)
      _ = try failing.failure(url)
      #expect(try TransportClient(transport).answer(server.url).status == 204, "after \(url)")
    }
  }

  private func freePort() throws -> UInt16 { try LoopbackServer(status: 204).port }

  @Test("cancelling ends what waits, and leaves what was sent to its end")
  func cancel() throws {
    let server = try silentServer()
    let client = try TransportClient {
      $0.maximumPerOrigin = 1
      $0.timeoutMilliseconds = 1_500
    }
    let url = try HTTPURL(server.url)
    try client.session.submit([HTTPRequest(token: 1, url: url, body: [1]), HTTPRequest(token: 2, url: url, body: [1])])
    #expect(server.waitForRequests(1))
    client.session.cancel([1, 2, 99])
    #expect(client.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(client.completions.count == 2)
    #expect(client.completions.first == HTTPCompletion(token: 2, result: .failure(HTTPFailure(.cancelled))))
    guard case .failure(let failure)? = client.completions.last?.result else { throw ServerError(what: "an answer") }
    #expect(failure.reason == .timeout && failure.requestSent)
  }

  @Test("a deadline ends what waits for its place")
  func deadline() throws {
    let server = try silentServer()
    let client = try TransportClient { $0.maximumPerOrigin = 1 }
    let url = try HTTPURL(server.url)
    try client.session.submit([HTTPRequest(token: 1, url: url, body: [1])])
    #expect(server.waitForRequests(1))
    try client.session.submit([HTTPRequest(token: 2, url: url, body: [1], deadlineNanoseconds: 1)])
    #expect(client.log.wait(for: 1))
    #expect(client.completions == [HTTPCompletion(token: 2, result: .failure(HTTPFailure(.deadline)))])
    client.session.close()
    #expect(client.completions.last?.result == .failure(HTTPFailure(.cancelled, requestSent: true)))
  }

  @Test("more than may be open is refused as a whole")
  func full() throws {
    var limits = HTTPTransport.Limits()
    limits.maximumOpen = 3
    let server = try silentServer()
    let client = try TransportClient(HTTPTransport(limits: limits))
    let url = try HTTPURL(server.url)
    try client.session.submit([HTTPRequest(token: 1, url: url, body: [1]), HTTPRequest(token: 2, url: url, body: [1])])
    let error = #expect(throws: HTTPTransportError.self) {
      try client.session.submit([HTTPRequest(token: 3, url: url, body: []), HTTPRequest(token: 4, url: url, body: [])])
    }
    #expect(error?.code == .full)
    #expect(client.session.openCount == 2)
    client.session.close()
    #expect(client.completions.map(\.token).sorted() == [1, 2])
  }

  @Test("shutting down completes every request once, and takes no more")
  func shutdown() throws {
    let server = try silentServer()
    let transport = try HTTPTransport()
    let client = try TransportClient(transport)
    let url = try HTTPURL(server.url)
    try client.session.submit((1...500).map { HTTPRequest(token: $0, url: url, body: [1]) })
    transport.shutdown()
    #expect(client.completions.map(\.token).sorted() == Array(1...500))
    let error = #expect(throws: HTTPTransportError.self) {
      try client.session.submit([HTTPRequest(token: 1, url: url, body: [])])
    }
    #expect(error?.code == .closed)
    transport.shutdown()
  }

  @Test("submitting from many threads while others cancel loses nothing")
  func race() async throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let client = try TransportClient()
    let url = try HTTPURL(server.url)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          for index in 0..<250 {
            let token = UInt64(thread * 250 + index)
            try client.session.submit([HTTPRequest(token: token, url: url, body: [1])])
            if index % 3 == 0 { client.session.cancel([token]) }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(client.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(client.completions.map(\.token).sorted() == Array(0..<1_000))
  }

  @Test("starting and ending again and again keeps no descriptor")
  func leaks() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    for _ in 0..<100 {
      let client = try TransportClient()
      #expect(try client.answer(server.url).status == 204)
      client.session.close()
      client.transport.shutdown()
    }
    #expect(server.connectionCount == 100)
  }

  @Test("exchanges that end as they start make room for the next at once")
  func immediateEnds() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let client = try TransportClient {
      $0.addresses = .publicOnly
      $0.maximumPerOrigin = 1
    }
    let url = try HTTPURL(server.url)
    let start = ContinuousClock.now
    try client.session.submit((1...1_000).map { HTTPRequest(token: $0, url: url, body: [1]) })
    #expect(client.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(client.completions.count == 1_000)
    // Waiting for the next sweep, a tenth of a second each time, would take over a minute.
    #expect(ContinuousClock.now - start < .seconds(50))
  }

  @Test("a setting beyond its bounds is named")
  func settings() throws {
    let error = #expect(throws: HTTPTransportError.self) { try TransportClient { $0.timeoutMilliseconds = 0 } }
    #expect(error?.code == .invalidSetting)
    #expect(error?.message == "timeoutMilliseconds is 0; allowed are 1 to 600000")
  }
}
