import Foundation
import PluginKit0
import Synchronization
import Testing
import WebhookPlugin

@Suite("Whose request it is")
struct AuthenticationTests {
  /// A token server that counts, hands out `token-1`, `token-2`, … and may fail.
  final class TokenServer: Sendable {
    let server: LoopbackServer
    private let state: Mutex<(given: Int, failure: String?)>

    var url: String { server.url }
    var given: Int { state.withLock { $0.given } }
    func fail(with answer: String?) { state.withLock { $0.failure = answer } }

    init(lifetime: Int = 3_600) throws {
      let state = SharedState()
      self.state = Mutex((0, nil))
      server = try LoopbackServer { connection in
        while connection.readRequest() != nil { connection.write(state.owner()?.answer(lifetime) ?? "") }
      }
      state.set(self)
    }

    private func answer(_ lifetime: Int) -> String {
      let (number, failure) = state.withLock { state in
        if state.failure == nil { state.given += 1 }
        return (state.given, state.failure)
      }
      if let failure { return failure }
      let body = #"{"access_token":"token-\#(number)","token_type":"Bearer","expires_in":\#(lifetime)}"#
      return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
  }

  /// What a server's threads find its owner by, once there is one.
  final class SharedState: Sendable {
    private let held = Mutex<@Sendable () -> TokenServer?>({ nil })
    func set(_ owner: TokenServer) { held.withLock { $0 = { [weak owner] in owner } } }
    func owner() -> TokenServer? { held.withLock { $0 }() }
  }

  private static let unauthorized = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"
  private static let taken = "HTTP/1.1 204 No Content\r\n\r\n"

  private func oauth(_ tokens: TokenServer, _ more: (String, JSONValue)...) -> JSONValue {
    var auth = JSONObject.of([
      "type": "oauth2", "token_url": .string(tokens.url), "client_id": "me: & you", "client_secret": "env:C",
    ])
    for (name, value) in more { auth[name] = value }
    return .object(auth)
  }

  /// An endpoint that takes only these tokens.
  private func endpoint(taking isTaken: @escaping @Sendable (String) -> Bool) throws -> LoopbackServer {
    try LoopbackServer { connection in
      while let request = connection.readRequest() {
        connection.write(isTaken(request.header("authorization") ?? "") ? Self.taken : Self.unauthorized)
      }
    }
  }

  @Test("basic and bearer are the headers that their specifications have")
  func fixed() throws {
    let server = try LoopbackServer(status: 204)
    for (auth, header) in [
      (["type": "basic", "username": "Aladdin", "password": "env:P"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
      (["type": "bearer", "token": "env:T"], "Bearer mF_9.B5f-4.1JqM"),
    ] as [(JSONValue, String)] {
      let run = try SinkRun(
        .loopback(server.url, ("auth", auth)), secrets: ["env:P": "open sesame\n", "env:T": " mF_9.B5f-4.1JqM\n"])
      #expect(try run.one().outcome == .delivered)
      #expect(server.requests.last?.header("authorization") == header)
    }
  }

  @Test("what a secret says is checked before it stands in a header, and not told")
  func badSecrets() throws {
    for token in [
      "s3cret\r\nX: 1", "s3cret\nX", "s3cret x", "s3crät", "s3cret\0", "", String(repeating: "s", count: 9_000),
    ] {
      let error = #expect(throws: PluginError.self) {
        try SinkRun(
          .loopback("http://127.0.0.1:1/", ("auth", ["type": "bearer", "token": "env:T"])), secrets: ["env:T": token])
      }
      #expect(error?.status == .invalid && error?.message.contains("s3cr") == false)
    }
  }

  @Test(
    "an auth that is wrong is refused, by pointer",
    arguments: [
      (["type": "basic", "username": "a:b", "password": "env:P"], ["/auth/username"]),
      (["type": "basic", "username": "a\nb", "password": "env:P"], ["/auth/username"]),
      (["type": "basic", "username": "a"], ["/auth/password"]),
      (["type": "bearer", "token": "env:T", "scope": "x"], ["/auth/scope"]),
      (["type": "digest"], ["/auth/type"]),
      (["type": "oauth2", "client_id": "a"], ["/auth/client_secret", "/auth/token_url"]),
      (
        ["type": "oauth2", "client_id": "a", "client_secret": "env:C", "token_url": "http://login.example/"],
        ["/auth/token_url"]
      ),
      (
        ["type": "oauth2", "client_id": "a", "client_secret": "env:C", "token_url": "http://127.0.0.1.evil.example/"],
        ["/auth/token_url"]
      ),
      (
        ["type": "oauth2", "client_id": "a", "client_secret": "env:C", "token_url": "https://u:p@login.example/"],
        ["/auth/token_url"]
      ),
    ] as [(JSONValue, [String])])
  func refusedAuth(auth: JSONValue, pointers: [String]) {
    #expect(SinkRun.violations(.of(["url": "https://a.example/", "auth": auth])).map(\.pointer) == pointers)
  }

  @Test("auth needs a url, goes to its origin only, and is the only Authorization")
  func bound() throws {
    let auth: JSONValue = ["type": "bearer", "token": "env:T"]
    #expect(SinkRun.violations(.of(["auth": auth])).map(\.pointer) == ["/auth"])
    #expect(
      SinkRun.violations(.of(["url": "https://a.example/", "auth": auth, "headers": ["authorization": "x"]]))
        .map(\.pointer) == ["/headers/authorization"])
    let mine = try LoopbackServer(status: 204)
    let theirs = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(mine.url, ("auth", auth)), secrets: ["env:T": "s3cret"])
    let event = try #require(Sample.birthday)
    let results = try run.deliver([
      Sample.delivery(1, endpoint: theirs.url, event: event),
      Sample.delivery(2, endpoint: mine.url + "/ada", event: event),
      Sample.delivery(3, endpoint: mine.url.replacingOccurrences(of: "127.0.0.1", with: "localhost"), event: event),
    ])
    #expect(results[1]?.code == "invalid-endpoint" && results[3]?.code == "invalid-endpoint")
    #expect(results[2]?.outcome == .delivered && theirs.connectionCount == 0 && mine.requests.count == 1)
  }

  @Test("a token is got once for many, shown as RFC 6749 says, and used for all")
  func oneToken() throws {
    let tokens = try TokenServer()
    let server = try endpoint { $0 == "Bearer token-1" }
    let run = try SinkRun(
      .loopback(server.url, ("auth", oauth(tokens, ("scope", "a b"), ("audience", "https://x/?y=ä")))),
      secrets: ["env:C": "s3cret: +\n"])
    let event = try #require(Sample.birthday)
    try run.sink.deliver((1...20).map { Sample.delivery($0, event: event) })
    let results = try run.deliver((21...40).map { Sample.delivery($0, event: event) })
    #expect(results.count == 40 && results.values.allSatisfy { $0.outcome == .delivered })
    #expect(run.host.completions.count == 40 && server.requests.count == 40)
    let request = try #require(tokens.server.requests.first)
    #expect(tokens.server.requests.count == 1 && request.line == "POST /hook HTTP/1.1")
    #expect(request.header("content-type") == "application/x-www-form-urlencoded")
    #expect(
      request.header("authorization")
        == "Basic " + Data("me%3A%20%26%20you:s3cret%3A%20%2B".utf8).base64EncodedString())
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "grant_type=client_credentials&scope=a%20b&audience=https%3A%2F%2Fx%2F%3Fy%3D%C3%A4")
  }

  @Test("the client's secret stands in the form where the server wants it there")
  func post() throws {
    let tokens = try TokenServer()
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(
      .loopback(server.url, ("auth", oauth(tokens, ("client_authentication", "post")))), secrets: ["env:C": "s3cret"])
    #expect(try run.one().outcome == .delivered)
    let request = try #require(tokens.server.requests.first)
    #expect(request.header("authorization") == nil)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "grant_type=client_credentials&client_id=me%3A%20%26%20you&client_secret=s3cret")
  }

  @Test("a 401 throws the token away: one new one is got for all, and each is sent once more with the same bytes")
  func revoked() throws {
    let tokens = try TokenServer()
    let valid = Mutex("Bearer token-1")
    let server = try endpoint { given in valid.withLock { $0 } == given }
    let run = try SinkRun(.loopback(server.url, ("auth", oauth(tokens))), secrets: ["env:C": "s3cret"])
    #expect(try run.one(1).outcome == .delivered)
    valid.withLock { $0 = "Bearer token-2" }
    let event = try #require(Sample.birthday)
    let results = try run.deliver((2...30).map { Sample.delivery($0, event: event) })
    #expect(results.values.allSatisfy { $0.outcome == .delivered } && run.host.completions.count == 30)
    #expect(tokens.given == 2)
    let again = server.requests.filter { $0.header("webhook-id") == "key_2" }
    #expect(Set(again.map(\.body)).count == 1)
  }

  @Test("an endpoint that refuses every token gets one new token, not one for each request")
  func neverTaken() throws {
    let tokens = try TokenServer()
    let server = try endpoint { _ in false }
    let run = try SinkRun(.loopback(server.url, ("auth", oauth(tokens))), secrets: ["env:C": "s3cret"])
    for ticket in 1...5 {
      let result = try run.one(UInt64(ticket))
      #expect(result.outcome == .permanent && result.code == "endpoint-fault-401")
    }
    #expect(tokens.given == 2 && server.requests.count == 6)
  }

  @Test(
    "without a token deliveries are tried again, and nothing is sent or told",
    arguments: [
      ("HTTP/1.1 500 s3cret\r\nContent-Length: 6\r\n\r\ns3cret", "token-http-500", 1_000),
      ("HTTP/1.1 401 No\r\nContent-Length: 26\r\n\r\n{\"error\":\"invalid_client\"}", "token-http-401", 1_000),
      ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "token-http-404", 1_000),
      ("HTTP/1.1 410 No\r\nContent-Length: 0\r\n\r\n", "token-http-410", 1_000),
      ("HTTP/1.1 429 No\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n", "token-http-429", 90_000),
      ("HTTP/1.1 302 No\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", "token-http-302", 1_000),
      ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ns3cret", "token-malformed", 1_000),
      ("SSH-2.0-s3cret\r\n", "token-malformed", 1_000),
    ])
  func failing(answer: String, code: String, wait: UInt64) throws {
    let tokens = try TokenServer()
    tokens.fail(with: answer)
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(server.url, ("auth", oauth(tokens))), secrets: ["env:C": "s3cret"])
    let event = try #require(Sample.birthday)
    let results = try run.deliver((1...3).map { Sample.delivery($0, event: event) })
    #expect(results.count == 3)
    for result in results.values {
      #expect(result.outcome == .retry && result.code == code && result.retryAfterMilliseconds == wait)
      #expect(!result.detail.contains("s3cret"))
    }
    // The next one is told to wait, and the token server is left alone meanwhile.
    let asked = tokens.server.requests.count
    let next = try run.one(4)
    #expect(next.outcome == .retry && next.code == code && next.retryAfterMilliseconds <= wait)
    #expect(tokens.server.requests.count == asked && server.connectionCount == 0)
  }

  @Test("a token that the endpoint echoes is not told")
  func echo() throws {
    let tokens = try TokenServer()
    let server = try LoopbackServer { connection in
      while let request = connection.readRequest() {
        let text = request.header("authorization") ?? ""
        connection.write("HTTP/1.1 422 No\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
      }
    }
    let run = try SinkRun(.loopback(server.url, ("auth", oauth(tokens))), secrets: ["env:C": "s3cret"])
    #expect(try run.one().detail == "Bearer (hidden)")
    let basic = try SinkRun(
      .loopback(server.url, ("auth", ["type": "basic", "username": "me", "password": "env:P"])),
      secrets: ["env:P": "s3cret"])
    #expect(try basic.one().detail == "Basic (hidden)")
  }

  @Test("an address that is a secret is not told when the endpoint names it")
  func secretAddress() throws {
    let server = try LoopbackServer(
      answer: "HTTP/1.1 404 No\r\nContent-Length: 31\r\n\r\nCannot POST /hook/T1/B2/s3cret \n")
    var configuration = JSONObject.loopback("env:URL")
    configuration["url"] = "env:URL"
    let result = try SinkRun(configuration, secrets: ["env:URL": server.url + "/T1/B2/s3cret"]).one()
    #expect(result.code == "endpoint-fault-404" && result.detail == "Cannot POST (hidden) ")
    #expect(server.requests.first?.line == "POST /hook/T1/B2/s3cret HTTP/1.1")
  }

  @Test("what waits for a token can be cancelled, and ends when the sink does")
  func cancelled() throws {
    let silent = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.waitForClose()
    }
    let auth: JSONValue = [
      "type": "oauth2", "token_url": .string(silent.url), "client_id": "a", "client_secret": "env:C",
    ]
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(server.url, ("auth", auth)), secrets: ["env:C": "s3cret"])
    let event = try #require(Sample.birthday)
    try run.sink.deliver([Sample.delivery(1, event: event), Sample.delivery(2, event: event)])
    #expect(silent.waitForRequests(1))
    run.sink.cancel([Ticket(rawValue: 1), Ticket(rawValue: 99)])
    #expect(run.results.mapValues(\.outcome) == [1: .cancelled])
    #expect(!run.sink.drain(timeout: .milliseconds(20)))
    run.sink.deactivate()
    #expect(run.results.mapValues(\.outcome) == [1: .cancelled, 2: .cancelled])
    #expect(run.host.completions.count == 2 && server.connectionCount == 0)
  }
}
