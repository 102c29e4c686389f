import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import CtlKit

@Suite("ctl listen")
struct ListenTests {
  private static let secretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
  private static let timestamp = "1614265330"
  private static let body = Array(#"{"test": 2432232314}"#.utf8)
  private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

  private func verify(
    id: String? = id, timestamp: String? = timestamp, signature: String? = signature, body: [UInt8] = body,
    secrets: [String] = [secretText], tolerance: Int64? = nil, now: Int64 = 1_614_265_330
  ) throws -> WebhookVerifier.Verdict {
    WebhookVerifier(secrets: try secrets.map { try WebhookSecret($0) }, toleranceSeconds: tolerance)
      .verify(id: id, timestamp: timestamp, signature: signature, body: body, now: now)
  }

  @Test("the vector of the specification holds")
  func vector() throws {
    #expect(try verify() == .verified)
  }

  @Test("any entry of a signature list and any secret may match")
  func rotation() throws {
    let other = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()
    #expect(try verify(signature: "v1,AAAA v1a,BBBB " + Self.signature) == .verified)
    #expect(try verify(secrets: [other, Self.secretText]) == .verified)
    #expect(try verify(secrets: [other]) == .mismatch)
  }

  @Test("what is altered does not verify")
  func altered() throws {
    #expect(try verify(body: Self.body + [0x20]) == .mismatch)
    #expect(try verify(id: "msg_other") == .mismatch)
    #expect(try verify(timestamp: "1614265331") == .mismatch)
    #expect(try verify(signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1AE=") == .mismatch)
    #expect(try verify(signature: "v2,abc") == .noKnownVersion)
    #expect(try verify(signature: "") == .noKnownVersion)
    #expect(try verify(signature: nil) == .missingHeader("webhook-signature"))
    #expect(try verify(id: nil) == .missingHeader("webhook-id"))
    #expect(try verify(timestamp: nil) == .missingHeader("webhook-timestamp"))
    #expect(try verify(timestamp: "soon") == .badTimestamp)
    #expect(try verify(timestamp: "-9223372036854775808") == .badTimestamp)
    #expect(try verify(secrets: []) == .unchecked)
  }

  @Test(
    "a timestamp may be five minutes off, either way",
    arguments: [(0, true), (300, true), (301, false), (-300, true), (-301, false)])
  func tolerance(offset: Int64, isFresh: Bool) throws {
    let verdict = try verify(tolerance: WebhookVerifier.toleranceSeconds, now: 1_614_265_330 + offset)
    #expect(verdict == (isFresh ? .verified : .stale(seconds: offset)))
  }

  @Test(
    "secrets are checked, and never show themselves",
    arguments: ["whsec_", "whsec_!!!", "whsec_AAAA", "whsec_" + Data(repeating: 1, count: 65).base64EncodedString()])
  func badSecrets(text: String) {
    let error = #expect(throws: CtlError.self) { try WebhookSecret(text) }
    #expect(error?.code == .invalidArgument)
    #expect(text.count < 10 || error?.message.contains(text.dropFirst(6)) == false)
  }

  @Test("a secret without padding is read, and does not print")
  func secretForms() throws {
    let key = Data(repeating: 9, count: 25)
    let text = key.base64EncodedString().replacing("=", with: "")
    let secret = try WebhookSecret("whsec_" + text)
    #expect(secret.key == [UInt8](key))
    #expect("\(secret) \(String(reflecting: secret))".contains(text) == false)
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("9"))
  }

  @Test("answers follow the plan: failures first, then the usual, 401 where a signature does not hold")
  func plan() {
    let plan = AnswerPlan(
      usual: .init(status: 204, retryAfterSeconds: 5, delayMilliseconds: 0), failFirst: 2, failStatus: 429)
    let answers = (0..<4).map { plan.next(verdict: $0 == 3 ? .mismatch : .unchecked).status }
    #expect(answers == [429, 429, 204, 401])
  }

  @Test(
    "type and text are found in plain JSON and in CloudEvents",
    arguments: [
      #"{"type":"birthday","title":"Hi","text":"Ada"}"#, #"{"type":"birthday","data":{"title":"Hi","text":"Ada"}}"#,
      #"{"event_type":"birthday","message":{"title":"Hi","text":"Ada"}}"#,
    ])
  func fields(text: String) throws {
    let received = ReceivedWebhook(
      timeMilliseconds: 0, method: "POST", path: "/", id: nil, attempt: "2", lateMilliseconds: "12", verdict: .verified,
      status: 204, body: [], document: try JSONValue(parsing: text.utf8))
    #expect(received.type == "birthday")
    #expect(received.title == "Hi")
    #expect(received.text == "Ada")
    let line = received.line(zone: .utc, paint: .off)
    #expect(line == "00:00:00.000  204  verified  attempt 2  12 ms late  birthday  Hi — Ada")
  }

  // MARK: over a socket

  /// A receiver on a free port, for as long as `body` runs.
  private func receiving(
    secrets: [String] = [],
    plan: AnswerPlan = .init(usual: .init(status: 204, retryAfterSeconds: nil, delayMilliseconds: 0)),
    _ body: (Int, TextCollector) async throws -> Void
  ) async throws {
    let told = TextCollector()
    let core = ReceiverCore(
      verifier: WebhookVerifier(secrets: try secrets.map { try WebhookSecret($0) }), plan: plan,
      clock: { 1_614_265_330_000 }, tell: { told.line($0.json.compact) })
    let receiver = try await Receiver.start(host: "127.0.0.1", port: 0, core: core)
    do { try await body(receiver.port, told) } catch {
      await receiver.stop()
      throw error
    }
    await receiver.stop()
  }

  /// Sends bytes and reads until the other side ends the connection.
  private func exchange(port: Int, _ request: String) async throws -> String {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var answer = ""
      for try await part in inbound { answer += String(buffer: part) }
      return answer
    }
  }

  private var signed: String {
    """
    POST /hook HTTP/1.1\r\nhost: localhost\r\nwebhook-id: \(Self.id)\r\nwebhook-timestamp: \(Self.timestamp)\r
    webhook-signature: \(Self.signature)\r\ncarillon-late-ms: 7\r\ncarillon-attempt: 1\r\nconnection: close\r
    content-length: \(Self.body.count)\r\n\r\n\(String(decoding: Self.body, as: UTF8.self))
    """.replacing("\r\n    ", with: "\r\n").replacing("\n", with: "\r\n").replacing("\r\r\n", with: "\r\n")
  }

  @Test("a signed request is told, verified and answered")
  func endToEnd() async throws {
    try await receiving(secrets: [Self.secretText]) { port, told in
      let answer = try await exchange(port: port, signed)
      #expect(answer.hasPrefix("HTTP/1.1 204"), "\(answer)")
      let line = try JSONValue(parsing: told.text.utf8)
      #expect(line["signature"]?.text == "verified")
      #expect(line["id"]?.text == Self.id)
      #expect(line.compact.contains(#""lateMilliseconds":7"#))
      #expect(line.compact.contains(#""body":{"test":2432232314}"#))
    }
  }

  @Test("an unsigned request is refused when a secret is known")
  func unsigned() async throws {
    try await receiving(secrets: [Self.secretText]) { port, told in
      let answer = try await exchange(
        port: port, "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 401"))
      #expect(try JSONValue(parsing: told.text.utf8)["signature"]?.text == "no webhook-id")
    }
  }

  @Test("failures carry Retry-After and wait as asked")
  func failing() async throws {
    let plan = AnswerPlan(usual: .init(status: 503, retryAfterSeconds: 9, delayMilliseconds: 20))
    try await receiving(plan: plan) { port, _ in
      let answer = try await exchange(port: port, signed)
      #expect(answer.hasPrefix("HTTP/1.1 503"))
      #expect(answer.contains("retry-after: 9"))
    }
  }

  @Test("a body over the bound is refused, and nothing of it is kept")
  func tooLarge() async throws {
    try await receiving { port, told in
      let size = ReceiverHandler.maxBodyBytes + 1
      let request =
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: \(size)\r\n\r\n" + String(repeating: "x", count: size)
      let answer = try await exchange(port: port, request)
      #expect(answer.hasPrefix("HTTP/1.1 413"))
      #expect(told.text.isEmpty)
    }
  }

  @Test("what is no HTTP ends its own connection only")
  func garbage() async throws {
    try await receiving { port, told in
      let refused = try await exchange(port: port, "\u{0}\u{1}nonsense\r\n\r\n")
      #expect(refused.hasPrefix("HTTP/1.1 400"))
      let taken = try await exchange(port: port, signed)
      #expect(taken.hasPrefix("HTTP/1.1 204"))
      #expect(told.text.split(separator: "\n").count == 1)
    }
  }

  @Test("pipelined requests are all answered, in order")
  func pipelined() async throws {
    try await receiving { port, told in
      let one = "POST /%d HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"
      let requests = (0..<50).map { one.replacing("%d", with: String($0)) }.joined()
      let last = "POST /50 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"
      let answer = try await exchange(port: port, requests + last)
      #expect(answer.ranges(of: "HTTP/1.1 204").count == 51)
      let paths = try told.text.split(separator: "\n").map { try JSONValue(parsing: $0.utf8)["path"]?.text }
      #expect(paths == (0...50).map { "/\($0)" })
    }
  }

  @Test("the command ends after --count requests, or tells that the time is over")
  func command() async throws {
    let output = TextCollector()
    let errors = TextCollector()
    let around = Surroundings(
      environment: [:], output: output, errors: errors, inputDescriptor: 0, isOutputTerminal: false,
      isErrorTerminal: false, now: { 0 })
    async let status = CtlProgram.run(
      ["listen", "--port", "0", "--count", "1", "--within", "20s", "-o", "jsonl"], in: around)
    var port: Int?
    while port == nil {
      port = errors.text.split(separator: "\n").first.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
      await Task.yield()
    }
    _ = try await exchange(port: try #require(port), signed)
    #expect(await status == 0)
    #expect(errors.text.hasSuffix("1 received, 0 verified, 0 refused\n"))
    #expect(output.text.split(separator: "\n").count == 1)
    let late = await CtlProgram.run(["listen", "--port", "0", "--count", "1", "--within", "1ms"], in: around)
    #expect(late == 7)
  }
}
