import HTTPTransport
import PluginKit0
import Testing
import WebhookPlugin

@Suite("What an answer means")
struct OutcomeTests {
  @Test(
    "by status",
    arguments: [
      (200, .delivered, "http-200"), (201, .delivered, "http-201"), (204, .delivered, "http-204"),
      (299, .delivered, "http-299"),
      (300, .retry, "http-300"), (301, .retry, "http-301"), (302, .retry, "http-302"), (304, .retry, "http-304"),
      (308, .retry, "http-308"), (400, .permanent, "http-400"), (401, .permanent, "endpoint-fault-401"),
      (402, .permanent, "http-402"), (403, .permanent, "endpoint-fault-403"), (404, .permanent, "endpoint-fault-404"),
      (405, .permanent, "http-405"), (408, .retry, "http-408"), (410, .endpointDisabled, "http-410"),
      (413, .permanent, "http-413"), (422, .permanent, "http-422"), (425, .retry, "http-425"),
      (429, .retry, "http-429"),
      (451, .permanent, "http-451"), (500, .retry, "http-500"), (501, .retry, "http-501"), (503, .retry, "http-503"),
      (599, .retry, "http-599"), (999, .retry, "http-999"),
    ] as [(Int, Outcome, String)])
  func status(status: Int, outcome: Outcome, code: String) {
    let result = WebhookOutcome.result(.answer(HTTPAnswer(status: status)), nowMilliseconds: 0)
    #expect(result.outcome == outcome && result.code == code && result.retryAfterMilliseconds == 0)
  }

  @Test(
    "a named wait",
    arguments: [
      (429, "30", .throttled, 30_000), (429, "0", .retry, 0), (429, "later", .retry, 0), (503, "30", .retry, 30_000),
      (503, nil, .retry, 0), (408, "1", .retry, 1_000), (500, "9999999", .retry, 86_400_000),
      (200, "30", .delivered, 0),
      (400, "30", .permanent, 0), (429, "Thu, 01 Jan 1970 00:01:00 GMT", .throttled, 60_000),
    ] as [(Int, String?, Outcome, UInt64)])
  func wait(status: Int, field: String?, outcome: Outcome, milliseconds: UInt64) {
    let result = WebhookOutcome.result(.answer(HTTPAnswer(status: status, retryAfter: field)), nowMilliseconds: 0)
    #expect(result.outcome == outcome && result.retryAfterMilliseconds == milliseconds)
  }

  @Test(
    "the status decides whatever became of the body",
    arguments: [HTTPAnswer.End.tooLarge, .timedOut, .broken, .cancelled])
  func body(end: HTTPAnswer.End) {
    #expect(WebhookOutcome.result(.answer(HTTPAnswer(status: 200, end: end)), nowMilliseconds: 0).outcome == .delivered)
    #expect(WebhookOutcome.result(.answer(HTTPAnswer(status: 500, end: end)), nowMilliseconds: 0).outcome == .retry)
  }

  @Test(
    "without an answer",
    arguments: [
      (.resolve, false, .retry, "resolve"), (.connect, false, .retry, "connect"), (.tls, false, .retry, "tls"),
      (.certificate, false, .retry, "certificate"), (.timeout, false, .retry, "timeout"),
      (.timeout, true, .unknown, "no-answer-timeout"), (.broken, false, .retry, "broken"),
      (.broken, true, .unknown, "no-answer-broken"), (.deadline, false, .retry, "deadline"),
      (.malformed, true, .retry, "malformed"), (.headersTooLarge, true, .retry, "headers-too-large"),
      (.cancelled, false, .cancelled, "cancelled"), (.cancelled, true, .unknown, "no-answer-cancelled"),
      (.addressRefused, false, .permanent, "address-refused"), (.internal, false, .retry, "internal"),
    ] as [(HTTPFailure.Reason, Bool, Outcome, String)])
  func failure(reason: HTTPFailure.Reason, sent: Bool, outcome: Outcome, code: String) {
    let result = WebhookOutcome.result(
      .failure(HTTPFailure(reason, requestSent: sent, detail: "why")), nowMilliseconds: 0)
    #expect(result.outcome == outcome && result.code == code && result.detail == "why")
  }

  @Test("people see the beginning of the answer, without tricks")
  func shown() {
    let body = Array("no \u{1b}[31mgood\u{202e}\n\0!".utf8) + Array(repeating: 0x78, count: 60_000)
    let result = WebhookOutcome.result(.answer(HTTPAnswer(status: 400, body: body)), nowMilliseconds: 0)
    #expect(result.detail.hasPrefix("no  [31mgood   !xxx"))
    #expect(result.detail.utf8.count <= 1_024)
  }
}
