import HTTPTransport
import Testing

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
      #expect(failure.reason == .addressRefused && !failure.requestSent)
    }
  }
}
