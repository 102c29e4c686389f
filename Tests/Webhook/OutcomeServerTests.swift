import Foundation
import HTTPTransport
import PluginKit0
import Testing
import WebhookPlugin

@Suite("The whole outcome table")
struct OutcomeServerTests {
  /// The rule as DELIVERY has it, written a second time: by class, and what stands out.
  private func expected(_ status: Int) -> (Outcome, String) {
    switch status {
    case 200..<300: (.delivered, "http-\(status)")
    case 408, 425, 429: (.retry, "http-\(status)")
    case 401, 403, 404: (.permanent, "endpoint-fault-\(status)")
    case 410: (.endpointDisabled, "http-410")
    case 400..<500: (.permanent, "http-\(status)")
    default: (.retry, "http-\(status)")
    }
  }

  @Test("every final status from a real server ends as its rule says, and the connection stays fit for use")
  func everyStatus() throws {
    let server = try LoopbackServer { connection in
      while let request = connection.readRequest() {
        let status = request.header("webhook-id")?.dropFirst(4) ?? ""
        connection.write("HTTP/1.1 \(status) Status\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let run = try SinkRun(.loopback(server.url, ("max_connections_per_host", 4)))
    let event = try #require(Sample.birthday)
    let results = try run.deliver((200...599).map { Sample.delivery(UInt64($0), event: event) })
    #expect(results.count == 400 && server.connectionCount <= 4)
    for status in 200...599 {
      var (outcome, code) = expected(status)
      if status == 429 { outcome = .throttled }
      let result = results[UInt64(status)]
      #expect(result?.outcome == outcome && result?.code == code, "\(status)")
      let isNamed = outcome == .throttled || (outcome == .retry && status >= 400)
      #expect(result?.retryAfterMilliseconds == (isNamed ? 5_000 : 0), "\(status)")
    }
  }

  @Test(
    "an interim answer (100 to 199) is none: sent, and no answer",
    arguments: [100, 102, 103, 110, 150, 199])
  func interim(status: Int) throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 \(status) Interim\r\nX: 1\r\n\r\n")
    }
    let result = try SinkRun(.loopback(server.url)).one()
    #expect(result.outcome == .unknown && result.code == "no-answer-broken")
  }

  @Test("switching protocols, which nobody asked for, is not HTTP any more")
  func switching() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello")
    }
    let result = try SinkRun(.loopback(server.url)).one()
    #expect(result.outcome == .retry || result.outcome == .unknown)
    #expect(["malformed", "no-answer-broken", "no-answer-timeout"].contains(result.code))
  }

  @Test("the table of the code has each status in one rule at most, and each failure in exactly one")
  func table() {
    for status in 200...999 {
      let rules = OutcomeTable.statusRules.dropLast().filter { $0.statuses.contains { $0.contains(status) } }
      #expect(rules.count <= 1, "\(status)")
      let rule = OutcomeTable.rule(forStatus: status)
      #expect((rule.outcome, rule.codePrefix + "\(status)") == expected(status))
    }
    #expect(
      OutcomeTable.failureRules.map(\.reason).sorted { $0.rawValue < $1.rawValue }
        == HTTPFailure.Reason.allCases.sorted { $0.rawValue < $1.rawValue })
    for rule in OutcomeTable.failureRules where rule.ifSent != rule.ifUnsent { #expect(rule.ifSent == .unknown) }
  }
}
