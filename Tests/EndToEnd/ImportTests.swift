import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("Import")
  struct ImportTests {
    struct Report: Decodable {
      struct Result: Decodable {
        var line: Int
        var effect: String
        var reason: String?
      }
      struct Summary: Decodable {
        var created: Int
        var unchanged: Int
        var failed: Int
      }
      var results: [Result]
      var summary: Summary
    }

    private static let sample = "\(Programs.repository)/deploy/samples/contacts.vcf"

    private static func contacts() throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: sample)), as: UTF8.self)
    }

    private static func cards(_ text: String) -> Int { text.split(separator: "BEGIN:VCARD").count }

    private static func run(_ home: AgentHome, _ text: String) async throws -> (Report, Tool.Answer) {
      let answer = try await home.ctl(["import", "-", "-o", "json"], input: text)
      return (try JSONDecoder().decode(Report.self, from: Data(answer.output.utf8)), answer)
    }

    @Test("the sample contacts import once; a second time nothing changes", .timeLimit(.minutes(2)))
    func sample() async throws {
      let text = try Self.contacts()
      let count = Self.cards(text)
      #expect(count >= 20)
      try await AgentHome.with { home in
        try await home.runReady { agent in
          let (first, answer) = try await Self.run(home, text)
          #expect(answer.exitCode == 0, "\(answer.errors)")
          #expect(first.summary.created == count && first.summary.failed == 0)
          let (second, _) = try await Self.run(home, text)
          #expect(second.summary.created == 0 && second.summary.unchanged == count)
          let users = try await agent.control { try await $0.users.listUsers(.with { $0.parent = Control.namespace }) }
          #expect(users.users.count == count)
          #expect(Set(users.users.map(\.timeZone)).count >= 8)
          let upcoming = try await home.ctl(["schedule", "upcoming", "--within", "366d", "-o", "json"])
          #expect(upcoming.exitCode == 0, "\(upcoming.errors)")
          #expect(upcoming.output.contains("Zoë Brännström"), "somebody born on 29 February has a birthday every year")
        }
      }
    }

    @Test("a malformed line is told with its number, and everybody is imported all the same", .timeLimit(.minutes(2)))
    func malformedLine() async throws {
      // A vCard's lines end in CR LF, which Swift takes as one character.
      var lines = try Self.contacts().split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
        String.init)
      let birthday = try #require(lines.firstIndex { $0.hasPrefix("BDAY:") })
      lines[birthday] = "BDAY:the day after tomorrow"
      lines.insert("this is no property", at: birthday)
      let text = lines.joined(separator: "\r\n")
      let broken = birthday + 1
      try await AgentHome.with { home in
        try await home.runReady { agent in
          let (report, answer) = try await Self.run(home, text)
          let told = report.results.filter { $0.reason != nil }.map(\.line)
          #expect(told.contains(broken), "line \(broken) is malformed; told were \(told)")
          #expect(told.contains(broken + 1), "line \(broken + 1) has no date; told were \(told)")
          #expect(report.summary.created == Self.cards(text), "\(answer.output)")
          let users = try await agent.control { try await $0.users.listUsers(.with { $0.parent = Control.namespace }) }
          #expect(users.users.count == Self.cards(text))
        }
      }
    }
  }
}
