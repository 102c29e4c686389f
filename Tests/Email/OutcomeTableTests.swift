import Foundation
import PluginKit0
import SMTPTransport
import Testing

@testable import EmailPlugin

@Suite("The table of outcomes")
struct OutcomeTableTests {
  /// The rows as docs/sinks/email.md shows them.
  private static let rows = OutcomeTable.rules.map { rule in
    "| \(when(rule.cause)) | \(answer(rule.cause)) | \(rule.outcome) | \(codes(rule)) | \(wait(rule.wait)) |"
  }

  private static func name(_ stage: SMTPStage) -> String {
    switch stage {
    case .greeting: "the connection"
    case .hello: "EHLO"
    case .starttls: "STARTTLS"
    case .authentication: "AUTH"
    case .sender: "MAIL"
    case .recipient: "RCPT"
    case .data: "DATA"
    case .content: "the dot"
    }
  }

  private static func when(_ cause: OutcomeRule.Cause) -> String {
    switch cause {
    case .reply(let stages, _): stages.map(name).joined(separator: ", ")
    case .noAnswer(_, let isContentSent): isContentSent ? "the dot" : "anything before the dot"
    case .unsendable: "nothing was asked"
    }
  }

  private static func answer(_ cause: OutcomeRule.Cause) -> String {
    switch cause {
    case .reply(_, let codes):
      codes.flatMap { range in
        range.count < 100 ? range.map(String.init) : Set(range.map { $0 / 100 }).sorted().map { "\($0)xx" }
      }.joined(separator: ", ")
    case .noAnswer: "none"
    case .unsendable: "the mail cannot be written"
    }
  }

  private static func codes(_ rule: OutcomeRule) -> String {
    let names =
      switch rule.cause {
      case .reply: ["NNN"]
      // Behind the dot whatever went wrong is named.
      case .noAnswer(let reasons, let isContentSent): isContentSent ? ["REASON"] : reasons.map(\.rawValue)
      case .unsendable(let codes): codes
      }
    return names.map { "`\(rule.prefix)\($0)`" }.joined(separator: ", ")
  }

  private static func wait(_ wait: OutcomeRule.Wait) -> String {
    switch wait {
    case .never: ""
    case .doubling(let minutes): "\(minutes) min, doubled up to 60"
    case .always(let minutes): "\(minutes) min"
    }
  }

  @Test("the page's table is the code's, row by row")
  func documented() throws {
    let root = Tools.folder.deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/sinks/email.md"), encoding: .utf8)
    let section = page.components(separatedBy: "## What the answers mean\n").last ?? ""
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map(String.init)
    #expect(rows == Self.rows, "the table should be:\n\(Self.rows.joined(separator: "\n"))")
  }

  @Test("every reply at every stage, and every failure, has a rule")
  func total() {
    for stage in SMTPStage.allCases {
      for code in 400...599 { #expect(OutcomeTable.rule(SMTPReply(code: code), at: stage) != nil, "\(stage) \(code)") }
    }
    for reason in SMTPFailure.Reason.allCases {
      for isContentSent in [false, true] {
        let rule = OutcomeTable.rule(SMTPFailure(reason, isContentSent: isContentSent))
        #expect(rule != nil && (rule?.outcome == .unknown) == isContentSent, "\(reason)")
      }
    }
  }

  @Test("no rule stands behind others that take all of its ends")
  func reachable() {
    for rule in OutcomeTable.rules {
      switch rule.cause {
      case .reply(let stages, let codes):
        let isReached = stages.contains { stage in
          codes.contains { $0.contains { OutcomeTable.rule(SMTPReply(code: $0), at: stage) == rule } }
        }
        #expect(isReached, "\(rule)")
      case .noAnswer(let reasons, let isSent):
        #expect(reasons.allSatisfy { OutcomeTable.rule(SMTPFailure($0, isContentSent: isSent)) == rule })
      case .unsendable: break
      }
    }
  }

  @Test("codes fit the receipt, and nothing but a retry, a wait or an unknown end names a wait")
  func shapes() {
    for rule in OutcomeTable.rules {
      #expect((rule.prefix + "smtputf8-not-offered").utf8.count <= 64)
      let waits = rule.waitMilliseconds(attempt: 1) > 0
      #expect(waits == [.retry, .throttled, .unknown].contains(rule.outcome), "\(rule)")
    }
  }

  @Test(
    "a retry waits minutes, doubled up to an hour",
    arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (1_000_000, 60), (0, 1), (-5, 1)])
  func waits(attempt: Int, minutes: UInt64) {
    let rule = OutcomeRule(.unsendable([]), .retry, "", .doubling(minutes: 1))
    #expect(rule.waitMilliseconds(attempt: attempt) == minutes * 60_000)
    let slow = OutcomeRule(.unsendable([]), .retry, "", .doubling(minutes: 5))
    #expect(slow.waitMilliseconds(attempt: attempt) == min(minutes * 5, 60) * 60_000)
  }
}
