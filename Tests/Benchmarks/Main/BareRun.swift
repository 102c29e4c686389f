import AgentHarness
import CBareLoop

/// A run of the bare libcurl-multi loop.
struct BareRun {
  /// Requests a second.
  let rate: Double

  /// A webhook of the usual size; its signature is made up, as the receiver does not look.
  static let body =
    #"{"type":"notification","timestamp":"2026-05-04T09:00:00Z","data":{"title":"Note 12345","#
    + #""text":"Hello Person 12345, this is your note.","schedule":"note-12345","occurrence":"once"}}"#
  private static let headers = [
    "content-type: application/json", "user-agent: carillon-bench", "expect:", "webhook-timestamp: 1777885200",
    "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  ]
  private static let timeoutMilliseconds: UInt32 = 120_000

  /// Sends `requests` to a local port, `inFlight` at a time. Blocks its thread, like the library it drives.
  static func send(_ requests: Int, inFlight: Int, port: Int) throws(HarnessError) -> BareRun {
    let url = "http://127.0.0.1:\(port)/bare"
    let outcome = url.withCString { url in
      body.withCString { body in
        withCStrings(headers) { headers in
          var run = bare_loop_run()
          run.url = url
          run.body = body
          run.body_bytes = Self.body.utf8.count
          run.headers = headers.baseAddress
          run.header_count = headers.count
          run.requests = UInt32(requests)
          run.in_flight = UInt32(inFlight)
          run.timeout_ms = timeoutMilliseconds
          let status = bare_loop(&run)
          let error = withUnsafeBytes(of: run.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
          return (status: status, error: error, seconds: run.seconds, succeeded: Int(run.succeeded))
        }
      }
    }
    guard outcome.status == 0, outcome.succeeded == requests, outcome.seconds > 0 else {
      throw HarnessError(
        .notMeasured, "the bare loop sent \(outcome.succeeded) of \(requests) requests; \(outcome.error)")
    }
    return BareRun(rate: Double(requests) / outcome.seconds)
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = strings.map { Array($0.utf8CString) }
    let offsets = copies.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    return copies.flatMap { $0 }.withUnsafeBufferPointer { characters in
      let pointers = offsets.dropLast().map { offset in characters.baseAddress.map { $0 + offset } }
      return pointers.withUnsafeBufferPointer(body)
    }
  }
}
