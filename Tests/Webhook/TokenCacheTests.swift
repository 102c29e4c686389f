import HTTPTransport
import Testing

@testable import WebhookPlugin

@Suite("The life of an access token")
struct TokenCacheTests {
  private static let fault = TokenFault(code: "token-http-500", detail: "")

  private func token(_ text: String = "t", seconds: Int64? = 3_600) throws -> AccessToken {
    try #require(AccessToken(text, lifetimeMilliseconds: seconds.map { $0 * 1_000 }))
  }

  /// A cache whose needs are words.
  private final class Life {
    private var cache = TokenCache()

    @discardableResult
    func need(_ now: Int64) -> String {
      switch cache.need(now) {
      case .use(let token, let generation): "use \(token.text) \(generation)"
      case .fetch: "fetch"
      case .wait: "wait"
      case .none(let fault, let milliseconds): "none \(fault.code) \(milliseconds)"
      }
    }

    func fetched(_ token: AccessToken, _ now: Int64) { cache.fetched(token, now) }
    func failed(_ fault: TokenFault, _ now: Int64) -> Int64 { cache.failed(fault, now) }
    func accepted(_ generation: Int) { cache.accepted(generation) }
    func refused(_ generation: Int, _ now: Int64) -> Bool { cache.refused(generation, now) }
  }

  @Test("one fetches, the others wait, and then all use what came")
  func oneFetch() throws {
    let cache = Life()
    var needs: [String] = []
    for _ in 0..<3 { needs.append(cache.need(0)) }
    #expect(needs == ["fetch", "wait", "wait"])
    cache.fetched(try token(), 10)
    #expect(cache.need(20) == "use t 1")
  }

  @Test(
    "a token is used until shortly before its end",
    arguments: [(3_600, 3_570_000), (150, 120_000), (10, 8_000), (1, 800), (0, 1), (nil, 3_570_000)]
      as [(Int64?, Int64)])
  func end(seconds: Int64?, last: Int64) throws {
    let cache = Life()
    _ = cache.need(0)
    cache.fetched(try token(seconds: seconds), 0)
    #expect(cache.need(last - 1) == "use t 1")
    #expect(cache.need(last) == "fetch")
  }

  @Test("after a failure none is fetched for a while, longer each time, and at least as long as the server says")
  func hold() throws {
    let cache = Life()
    var now: Int64 = 0
    var waits: [Int64] = []
    for _ in 0..<9 {
      #expect(cache.need(now) == "fetch")
      let wait = cache.failed(Self.fault, now)
      waits.append(wait)
      #expect(cache.need(now + wait - 1) == "none token-http-500 1")
      now += wait
    }
    #expect(waits == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
    _ = cache.need(now)
    #expect(cache.failed(TokenFault(code: "x", detail: "", waitMilliseconds: 3_600_000), now) == 3_600_000)
    now += 3_600_000
    _ = cache.need(now)
    cache.fetched(try token(), now)
    _ = cache.refused(1, now)
    _ = cache.need(now)
    #expect(cache.failed(Self.fault, now) == 1_000)
  }

  @Test("a refused token is thrown away once; requests with it, or with an older one, go again")
  func refused() throws {
    let cache = Life()
    _ = cache.need(0)
    cache.fetched(try token("a"), 0)
    #expect(cache.refused(1, 1))
    #expect(cache.need(2) == "fetch")
    #expect(cache.refused(1, 3), "an older request's refusal while one is fetched")
    #expect(cache.need(3) == "wait")
    cache.fetched(try token("b"), 4)
    #expect(cache.refused(1, 5))
    #expect(cache.need(6) == "use b 2")
  }

  @Test("a new token that is refused too is kept for a while: the endpoint refuses us, not the token")
  func refusedAgain() throws {
    let cache = Life()
    _ = cache.need(0)
    cache.fetched(try token("a"), 0)
    _ = cache.refused(1, 0)
    _ = cache.need(0)
    cache.fetched(try token("b"), 0)
    #expect(!cache.refused(2, 29_999))
    #expect(cache.need(29_999) == "use b 2")
    #expect(cache.refused(2, 30_000))
  }

  @Test("a new token that was taken once is thrown away like any other")
  func accepted() throws {
    let cache = Life()
    _ = cache.need(0)
    cache.fetched(try token("a"), 0)
    _ = cache.refused(1, 0)
    _ = cache.need(0)
    cache.fetched(try token("b"), 0)
    cache.accepted(1)
    #expect(!cache.refused(2, 1))
    cache.accepted(2)
    #expect(cache.refused(2, 2))
  }

  @Test("a refusal while the token server fails is no verdict on the endpoint")
  func refusedWithoutServer() throws {
    let cache = Life()
    _ = cache.need(0)
    cache.fetched(try token("a"), 0)
    _ = cache.refused(1, 0)
    _ = cache.need(0)
    _ = cache.failed(Self.fault, 0)
    #expect(cache.refused(1, 1))
    #expect(cache.need(1) == "none token-http-500 999")
  }

  @Test(
    "an answer of a token server",
    arguments: [
      (200, #"{"access_token":"abc","token_type":"Bearer","expires_in":60}"#, "abc 60000"),
      (200, #"{"access_token":"abc","token_type":"bearer","expires_in":"60"}"#, "abc 60000"),
      (200, #"{"access_token":"abc","token_type":"BEARER"}"#, "abc nil"),
      (200, #"{"access_token":"abc","token_type":"bearer","expires_in":1e300}"#, "abc 86400000"),
      (200, #"{"access_token":"abc","token_type":"bearer","expires_in":-5}"#, "abc 0"),
      (200, #"{"access_token":"abc","token_type":"mac"}"#, "token-malformed"),
      (200, #"{"access_token":"abc"}"#, "token-malformed"),
      (200, #"{"access_token":"","token_type":"bearer"}"#, "token-malformed"),
      (200, #"{"access_token":"a\r\nX: 1","token_type":"bearer"}"#, "token-malformed"),
      (200, #"{"access_token":"a b","token_type":"bearer"}"#, "token-malformed"),
      (200, #"{"access_token":"ä","token_type":"bearer"}"#, "token-malformed"),
      (200, #"{"access_token":5,"token_type":"bearer"}"#, "token-malformed"),
      (200, "[]", "token-malformed"), (200, "", "token-malformed"), (200, "<html>", "token-malformed"),
      (201, #"{"access_token":"abc","token_type":"bearer"}"#, "token-http-201"),
      (302, "", "token-http-302"), (401, #"{"error":"invalid_client"}"#, "token-http-401 invalid_client"),
      (400, #"{"error":"no s3cret!","error_description":"s3cret"}"#, "token-http-400"),
      (503, "s3cret", "token-http-503"),
    ] as [(Int, String, String)])
  func answers(status: Int, body: String, expected: String) {
    let answer = HTTPAnswer(status: status, retryAfter: "7", body: Array(body.utf8))
    switch TokenAnswer.read(.answer(answer), nowMilliseconds: 0) {
    case .success(let token):
      #expect("\(token.text) \(token.lifetimeMilliseconds.map(String.init) ?? "nil")" == expected)
    case .failure(let fault):
      #expect(expected.split(separator: " ").first.map(String.init) == fault.code)
      if let name = expected.split(separator: " ").dropFirst().first { #expect(fault.detail.contains(name)) }
      #expect(!fault.detail.contains("s3cret"))
      #expect(fault.waitMilliseconds == (status == 200 ? 0 : 7_000))
    }
  }

  @Test("a token's answer that was cut is not used, and what keeps a token describes it to nobody")
  func cutAndSilent() throws {
    let body = Array(#"{"access_token":"abc","token_type":"bearer"}"#.utf8)
    guard
      case .failure = TokenAnswer.read(.answer(HTTPAnswer(status: 200, body: body, end: .broken)), nowMilliseconds: 0)
    else { throw ServerError(what: "taken") }
    var text = "\(try token("s3cret")) \(String(reflecting: try token("s3cret")))"
    dump(try token("s3cret"), to: &text)
    #expect(!text.contains("s3cret"))
  }
}
