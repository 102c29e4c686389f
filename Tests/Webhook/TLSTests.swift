import Foundation
import HTTPTransport
import PluginKit0
import Testing
import WebhookPlugin

@Suite("TLS and HTTP/2 against nginx")
struct TLSTests {
  @Test("a certificate is verified, by authority and by name; HTTP/2 is used where it is offered")
  func verification() throws {
    let server = try NginxServer()
    let trusting = try TransportClient { $0.certificateAuthorityFile = server.certificateFile }
    let answer = try trusting.answer("https://127.0.0.1:\(server.port)/")
    #expect(answer.status == 204 && answer.isHTTP2)
    let unknown = try TransportClient().failure("https://127.0.0.1:\(server.port)/")
    #expect(unknown.reason == .certificate && !unknown.requestSent)
    let wrongName = try trusting.failure("https://localhost:\(server.port)/")
    #expect(wrongName.reason == .certificate && !wrongName.requestSent)
  }

  @Test("a session that trusts less does not get another one's connection")
  func separateTrust() throws {
    let server = try NginxServer()
    let transport = try HTTPTransport()
    let trusting = try TransportClient(transport) { $0.certificateAuthorityFile = server.certificateFile }
    let strict = try TransportClient(transport)
    for _ in 0..<3 {
      #expect(try trusting.answer("https://127.0.0.1:\(server.port)/").status == 204)
      #expect(try strict.failure("https://127.0.0.1:\(server.port)/").reason == .certificate)
    }
  }

  @Test("many requests at a time over HTTP/2 are each answered once, and refused for who may not reach it")
  func multiplexed() throws {
    let server = try NginxServer()
    let transport = try HTTPTransport()
    let url = try HTTPURL("https://127.0.0.1:\(server.port)/")
    let trusting = try TransportClient(transport) { $0.certificateAuthorityFile = server.certificateFile }
    let guarded = try TransportClient(transport) {
      $0.certificateAuthorityFile = server.certificateFile
      $0.addresses = .publicOnly
    }
    try trusting.session.submit((1...500).map { HTTPRequest(token: $0, url: url, body: [1, 2, 3]) })
    try guarded.session.submit((1...50).map { HTTPRequest(token: $0, url: url, body: [1, 2, 3]) })
    #expect(trusting.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(guarded.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(trusting.completions.map(\.token).sorted() == Array(1...500))
    let whole = HTTPResult.answer(HTTPAnswer(status: 204, end: .complete, isHTTP2: true))
    #expect(trusting.completions.filter { $0.result != whole }.map(\.result) == [])
    for completion in guarded.completions {
      guard case .failure(let failure) = completion.result else {
        Issue.record("reached an address that is not allowed")
        return
      }
      #expect(failure.reason == .addressRefused && !failure.requestSent, "\(failure)")
    }
  }

  /// Sends so many, each with a token of its own, and answers how they ended.
  private func send(_ count: UInt64, to server: NginxServer, _ client: TransportClient) throws -> [HTTPResult] {
    let url = try HTTPURL("https://127.0.0.1:\(server.port)/")
    try client.session.submit(
      (1...count).map {
        HTTPRequest(token: $0, url: url, headers: [try HTTPHeader("X-Token", "\($0)")], body: [1, 2, 3])
      })
    #expect(client.session.waitUntilIdle(timeout: TransportClient.patience))
    #expect(client.completions.map(\.token).sorted() == Array(1...count))
    return client.completions.map(\.result)
  }

  @Test("a server that ends each HTTP/2 connection after a few requests (GOAWAY) loses none and gets none twice")
  func goAway() throws {
    let server = try NginxServer(settings: "keepalive_requests 40;")
    let client = try TransportClient {
      $0.certificateAuthorityFile = server.certificateFile
      $0.maximumPerOrigin = 8
    }
    let whole = HTTPResult.answer(HTTPAnswer(status: 204, end: .complete, isHTTP2: true))
    let others = try send(400, to: server, client).filter { $0 != whole }
    #expect(others == [])
    let served = server.log(of: 400)
    #expect(served.compactMap { UInt64($0.token) }.sorted() == Array(1...400))
    #expect(served.allSatisfy { $0.version == "HTTP/2.0" })
    #expect(Set(served.map(\.connection)).count >= 10)
  }

  /// How many connections were open at the same time, each from when it was taken until its last request was done. Not
  /// how many there were: a connection may end, and another one take its place.
  private static func mostAtATime(_ served: [NginxServer.LogLine]) -> Int {
    let connections = Dictionary(grouping: served, by: \.connection).values
    let starts = connections.compactMap { $0.map(\.opened).min() }
    let ends = connections.compactMap { $0.map(\.done).max() }
    return starts.map { moment in starts.count { $0 <= moment } - ends.count { $0 <= moment } }.max() ?? 0
  }

  @Test("with HTTP/2 the connections to one origin are bounded, and each carries many")
  func boundedConnections() throws {
    let server = try NginxServer(settings: "http2_max_concurrent_streams 8;")
    let client = try TransportClient {
      $0.certificateAuthorityFile = server.certificateFile
      $0.maximumPerOrigin = 16
    }
    let results = try send(400, to: server, client)
    #expect(results.allSatisfy { if case .answer(let answer) = $0 { answer.status == 204 } else { false } })
    let served = server.log(of: 400)
    #expect(served.count == 400)
    #expect(Self.mostAtATime(served) <= 16)
  }

  @Test("without HTTP/2 allowed it is HTTP/1.1, also where the server offers more")
  func http1() throws {
    let server = try NginxServer()
    let client = try TransportClient {
      $0.certificateAuthorityFile = server.certificateFile
      $0.allowsHTTP2 = false
      $0.maximumPerOrigin = 5
    }
    for result in try send(100, to: server, client) {
      #expect(result == .answer(HTTPAnswer(status: 204, end: .complete, isHTTP2: false)))
    }
    let served = server.log(of: 100)
    #expect(served.count == 100 && served.allSatisfy { $0.version == "HTTP/1.1" })
    #expect(Self.mostAtATime(served) <= 5)
  }

  @Test("TLS below 1.2 is not spoken")
  func oldTLS() throws {
    let server = try NginxServer(settings: "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;")
    let client = try TransportClient { $0.certificateAuthorityFile = server.certificateFile }
    let failure = try client.failure("https://127.0.0.1:\(server.port)/")
    #expect(failure.reason == .tls && !failure.requestSent)
  }

  @Test("a client certificate is shown, its key from a file or as text; without it the server says no")
  func clientCertificate() throws {
    let server = try NginxServer(asksForCertificate: true)
    let identity = try #require(server.client)
    let pem = Array(try Data(contentsOf: URL(fileURLWithPath: identity.key)))
    for key in [HTTPClientIdentity.Key.file(identity.key), .pem(pem)] {
      let client = try TransportClient {
        $0.certificateAuthorityFile = server.certificateFile
        $0.clientIdentity = HTTPClientIdentity(certificateFile: identity.certificate, key: key)
      }
      #expect(try client.answer("https://127.0.0.1:\(server.port)/").status == 204)
    }
    let nobody = try TransportClient { $0.certificateAuthorityFile = server.certificateFile }
    #expect(try nobody.answer("https://127.0.0.1:\(server.port)/").status == 400)
  }

  @Test("a client key that is encrypted, of another certificate, or not there fails, and asks nobody for a password")
  func badClientKey() throws {
    let server = try NginxServer(asksForCertificate: true)
    let identity = try #require(server.client)
    for key in [identity.encryptedKey, server.folder.appendingPathComponent("key.pem").path, "/nowhere/key.pem"] {
      let client = try TransportClient {
        $0.certificateAuthorityFile = server.certificateFile
        $0.clientIdentity = HTTPClientIdentity(certificateFile: identity.certificate, key: .file(key))
      }
      let failure = try client.failure("https://127.0.0.1:\(server.port)/")
      #expect(failure.reason == .clientCertificate && !failure.requestSent, "\(key)")
    }
  }

  @Test("a sink shows its client certificate, with the key by reference, and does not start without what it needs")
  func sink() throws {
    let server = try NginxServer(asksForCertificate: true)
    let identity = try #require(server.client)
    let pem = try String(contentsOfFile: identity.key, encoding: .utf8)
    let encrypted = try String(contentsOfFile: identity.encryptedKey, encoding: .utf8)
    let configuration = JSONObject.loopback(
      "https://127.0.0.1:\(server.port)/", ("ca_file", .string(server.certificateFile)),
      ("client_certificate", .string(identity.certificate)), ("client_key", "env:KEY"))
    #expect(try SinkRun(configuration, secrets: ["env:KEY": pem]).one().outcome == .delivered)
    for bad in ["", "not a key", encrypted] {
      let error = #expect(throws: PluginError.self) { try SinkRun(configuration, secrets: ["env:KEY": bad]) }
      #expect(error?.status == .invalid)
    }
    var missing = configuration
    missing["client_certificate"] = "/nowhere/client.pem"
    let error = #expect(throws: PluginError.self) { try SinkRun(missing, secrets: ["env:KEY": pem]) }
    #expect(error?.status == .notFound)
    var half = configuration
    half["client_key"] = nil
    #expect(SinkRun.violations(half).map(\.pointer) == ["/client_certificate"])
  }
}
