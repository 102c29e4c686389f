import HTTPTransport
import Synchronization
import Testing

@Suite("The transport against real servers")
struct TransportTests {
  private static let empty204 = "HTTP/1.1 204 No Content\r\n\r\n"

  @Test("an answer comes with its status, its body and the field that is wanted")
  func answers() throws {
    let server = try LoopbackServer(
      answer:
        "HTTP/1.1 100 Continue\r\nRetry-After: 1\r\n\r\nHTTP/1.1 503 Busy\r\nretry-AFTER:  7 \r\nContent-Length: 4\r\n\r\nbusy"
    )
    let answer = try TransportClient().answer(server.url)
    #expect(answer == HTTPAnswer(status: 503, retryAfter: "  7 ", body: Array("busy".utf8), end: .complete))
  }

  @Test("the request is a plain POST: the body as given, no Accept-Encoding, no Expect")
  func request() throws {
    let server = try LoopbackServer(status: 204)
    let body = String(repeating: "ä", count: 1_000_000)
    let headers = [try HTTPHeader("X-One", "1"), try HTTPHeader("X-Empty", "")]
    _ = try TransportClient().send(server.url, headers: headers, body: body)
    let request = try #require(server.requests.first)
    #expect(request.line == "POST /hook HTTP/1.1")
    #expect(request.body == Array(body.utf8))
    #expect(request.header("x-one") == "1" && request.header("x-empty") == "")
    #expect(request.header("accept-encoding") == nil && request.header("expect") == nil)
  }

  @Test("connections are used again")
  func reuse() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let client = try TransportClient()
    for _ in 0..<20 { #expect(try client.answer(server.url).status == 204) }
    #expect(server.connectionCount == 1)
    #expect(server.requests.count == 20)
  }

  @Test("connections are used again beside more than may be idle that never answer")
  func reuseBesideHanging() throws {
    let (hanging, server) = (300, try LoopbackServer(answer: Self.empty204))
    let silent = try LoopbackServer { connection in
      if connection.readRequest() != nil { connection.waitForClose(milliseconds: 120_000) }
    }
    let client = try TransportClient {
      $0.maximumPerOrigin = hanging
      $0.timeoutMilliseconds = 120_000
    }
    let origins = try [silent.url, server.url].map { try HTTPURL($0) }
    try client.session.submit((1...hanging).map { HTTPRequest(token: UInt64(1_000 + $0), url: origins[0], body: [1]) })
    #expect(silent.waitForRequests(hanging))
    for number in 1...20 {
      try client.session.submit([HTTPRequest(token: UInt64(number), url: origins[1], body: [1])])
      #expect(client.log.wait(for: number))
    }
    #expect(Set(client.completions.map(\.token)) == Set(1...20))
    #expect(server.connectionCount == 1)
  }

  @Test("one origin gets no more exchanges at a time than allowed, and all are served")
  func perOrigin() throws {
    let gauge = Mutex((now: 0, most: 0))
    let server = try LoopbackServer { connection in
      while connection.readRequest() != nil {
        gauge.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        // Long enough for others to arrive, if others may.
        connection.waitForClose(milliseconds: 5)
        gauge.withLock { $0.now -= 1 }
        connection.write(Self.empty204)
      }
    }
    let client = try TransportClient { $0.maximumPerOrigin = 3 }
    let url = try HTTPURL(server.url)
    try client.session.submit((1...60).map { HTTPRequest(token: $0, url: url, body: [1]) })
    #expect(client.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(Set(client.completions.map(\.token)) == Set(1...60))
    #expect(gauge.withLock { $0.most } <= 3)
    #expect(server.connectionCount <= 3)
  }

  @Test("a redirect, to the metadata address at that, is an answer and is not followed")
  func redirect() throws {
    let server = try LoopbackServer(status: 302, headers: "Location: http://169.254.169.254/latest/meta-data/\r\n")
    let client = try TransportClient()
    #expect(try client.answer(server.url).status == 302)
    #expect(server.requests.count == 1)
  }

  @Test("an endless body ends at its bound; the status counts")
  func endlessBody() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      let piece = String(repeating: "x", count: 10_000)
      while connection.write(piece) {}
    }
    let answer = try TransportClient().answer(server.url)
    #expect(answer.status == 200 && answer.end == .tooLarge && answer.body.count == HTTPTransport.maximumAnswerBytes)
  }

  @Test("a megabyte of header block ends without an answer")
  func largeHeaders() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\n")
      for index in 0..<1_000 where !connection.write("X-\(index): " + String(repeating: "y", count: 1_000) + "\r\n") {
        return
      }
      connection.write("\r\n")
    }
    let failure = try TransportClient().failure(server.url)
    #expect(failure.reason == .headersTooLarge && failure.requestSent)
  }

  @Test("one byte of a body now and then does not outlast the time-out; the status counts")
  func slowBody() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
      while connection.write("x"), !connection.waitForClose(milliseconds: 100) {}
    }
    let answer = try TransportClient { $0.timeoutMilliseconds = 500 }.answer(server.url)
    #expect(answer.status == 200 && answer.end == .timedOut && !answer.body.isEmpty)
  }

  @Test("a body that does not end gets two seconds, not the whole time-out")
  func stalledBody() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\nhalf")
      connection.waitForClose()
    }
    let client = try TransportClient { $0.timeoutMilliseconds = 600_000 }
    #expect(try client.answer(server.url) == HTTPAnswer(status: 202, body: Array("half".utf8), end: .timedOut))
  }

  @Test("a header block that trickles is ended by the low-speed bound, long before the time-out")
  func slowHeaders() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nX: ")
      while connection.write("x"), !connection.waitForClose(milliseconds: 1_000) {}
    }
    let start = ContinuousClock.now
    let failure = try TransportClient {
      $0.timeoutMilliseconds = 600_000
      $0.lowSpeedBytesPerSecond = 100
      $0.lowSpeedSeconds = 1
    }.failure(server.url)
    #expect(failure.reason == .timeout && failure.requestSent)
    #expect(ContinuousClock.now - start < .seconds(300))
  }

  @Test("no answer in time: the request was sent, and a late answer disturbs nobody")
  func lateAnswer() throws {
    let server = try LoopbackServer { connection in
      while connection.readRequest() != nil {
        connection.waitForClose()
        connection.write(Self.empty204)
      }
    }
    let client = try TransportClient { $0.timeoutMilliseconds = 300 }
    #expect(try client.failure(server.url) == HTTPFailure(.timeout, requestSent: true, detail: "Timeout was reached"))
    let other = try LoopbackServer(answer: Self.empty204)
    #expect(try client.answer(other.url).status == 204)
  }

  @Test("a connection that nobody accepts is not a sent request")
  func refusedConnection() throws {
    let port = try LoopbackServer(status: 204).port
    let failure = try TransportClient().failure("http://127.0.0.1:\(port)/")
    #expect(failure.reason == .connect && !failure.requestSent)
  }

  @Test("a name without an address is told apart")
  func unknownName() throws {
    let failure = try TransportClient().failure("http://nothing.invalid/")
    #expect(failure.reason == .resolve && !failure.requestSent)
  }

  @Test("a reset before the answer is broken; in mid-body the status counts")
  func resets() throws {
    let early = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.reset()
    }
    let failure = try TransportClient().failure(early.url)
    #expect(failure.reason == .broken && failure.requestSent)
    let late = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    }
    let answer = try TransportClient().answer(late.url)
    #expect(answer.status == 200 && answer.end == .broken && answer.body == Array("half".utf8))
  }

  @Test("an orderly close without a word is broken, and sent")
  func emptyAnswer() throws {
    let server = try LoopbackServer { connection in _ = connection.readRequest() }
    let failure = try TransportClient().failure(server.url)
    #expect(failure.reason == .broken && failure.requestSent)
  }

  @Test(
    "what is not HTTP is malformed",
    arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\0\u{1}\u{2}\u{3}", "HTTP/1.1 2x4 ?\r\n\r\n"])
  func malformed(text: String) throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(text)
    }
    let failure = try TransportClient().failure(server.url)
    #expect(failure.reason == .malformed && failure.requestSent)
  }

  @Test("TLS to a server that speaks none fails as TLS")
  func noTLS() throws {
    let server = try LoopbackServer { connection in
      connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
    }
    let failure = try TransportClient().failure("https://127.0.0.1:\(server.port)/")
    #expect(failure.reason == .tls && !failure.requestSent)
  }

  @Test("thousands at a time, each ended once")
  func thousands() throws {
    let server = try LoopbackServer(answer: Self.empty204)
    let client = try TransportClient()
    let url = try HTTPURL(server.url)
    for batch in 0..<20 {
      try client.session.submit((0..<250).map { HTTPRequest(token: UInt64(batch * 250 + $0), url: url, body: [2]) })
    }
    #expect(client.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(client.completions.map(\.token).sorted() == Array(0..<5_000))
    #expect(
      client.completions.allSatisfy { if case .answer(let answer) = $0.result { answer.status == 204 } else { false } })
    #expect(server.requests.count == 5_000)
    #expect(server.connectionCount <= 64)
  }
}
