import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("ctl import")
struct ImportTests {
  private let cards = """
    BEGIN:VCARD
    VERSION:4.0
    FN:Ada
    UID:ada
    BDAY:18151210
    TZ:Europe/London
    END:VCARD
    BEGIN:VCARD
    VERSION:4.0
    FN:Bob
    UID:bob smith
    BDAY:soon
    END:VCARD
    BEGIN:VCARD
    VERSION:4.0
    FN:Cy
    UID:cy
    BDAY:--0229
    TZ:Mars/Base
    END:VCARD

    """

  @Test("the sample is imported with schedules, and again without a change")
  func sample() async throws {
    try await FakeAgent.serve { agent, ctl in
      let first = try await ctl("import", Fixture.sample.path)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.lines.last == "24 created, 0 updated, 0 unchanged, 0 skipped, 0 failed, 0 notes")
      #expect(agent.with { $0.users.count } == 24)
      #expect(agent.with { $0.schedules.count } == 26)
      let second = try await ctl("import", Fixture.sample.path, "-o", "json")
      let summary = try #require(try JSONValue(parsing: second.output.utf8)["summary"])
      #expect(summary.compact.hasPrefix(#"{"created":0,"updated":0,"unchanged":24,"#))
    }
  }

  @Test("each person becomes a user and a schedule at the time asked for")
  func items() async throws {
    try await FakeAgent.serve { agent, ctl in
      let result = try await ctl("import", "-", "--at", "08:30", "--zone", "Asia/Tokyo", "-n", "team", input: cards)
      #expect(result.status == 0, "\(result.errors)")
      let bob = try #require(agent.with { state in state.users.values.first { $0.displayName == "Bob" } })
      #expect(bob.name.hasPrefix("namespaces/team/users/u-"))
      #expect(bob.attributes == ["uid": "bob smith"])
      #expect(bob.timeZone == "Asia/Tokyo")
      #expect(bob.dates == [:])
      let ada = try #require(agent.with { $0.schedules["namespaces/team/schedules/birthday-ada"] })
      #expect(ada.user == "namespaces/team/users/ada")
      #expect(ada.eventType == "birthday")
      #expect(ada.definition.fields["at"]?.stringValue == "08:30")
      #expect(agent.with { $0.schedules.count } == 2)
      let message = try #require(agent.requests(Carillon_V1_ImportUsersRequest.self).first)
      #expect(message.parent == "namespaces/team")
      #expect(message.items.map(\.tag) == [1, 8, 14])
    }
  }

  @Test("an anniversary gets a schedule of its own; who was imported without one gets it at the next import")
  func anniversaries() async throws {
    let card =
      "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nUID:ada\nitem1.X-ABDATE:18350708\nitem1.X-ABLabel:_$!<Anniversary>!$_\nEND:VCARD\n"
    try await FakeAgent.serve { agent, ctl in
      _ = try await ctl("import", "-", "--no-schedules", input: card)
      #expect(agent.with { $0.schedules.isEmpty })
      let next = try await ctl("import", "-", "--at", "10:15", input: card)
      #expect(next.lines.last == "0 created, 1 updated, 0 unchanged, 0 skipped, 0 failed, 0 notes")
      let schedule = try #require(agent.with { $0.schedules["namespaces/default/schedules/anniversary-ada"] })
      #expect(schedule.user == "namespaces/default/users/ada")
      #expect(schedule.eventType == "anniversary")
      #expect(schedule.definition.fields.mapValues(\.stringValue) == ["at": "10:15"])
      #expect(agent.with { $0.users.values.first?.dates } == ["anniversary": "1835-07-08"])
      let again = try await ctl("import", "-", "--at", "10:15", input: card)
      #expect(again.lines.last == "0 created, 0 updated, 1 unchanged, 0 skipped, 0 failed, 0 notes")
    }
  }

  @Test("the report follows the lines of the input; what the agent refuses costs one person")
  func report() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.refusedUsers = ["cy"] }
      let result = try await ctl("import", "-", input: cards)
      #expect(result.status == 8)
      #expect(
        result.lines == [
          "line 1: Ada: created",
          "line 12: BDAY: is not a date: \"soon\"; write 1990-05-04, or --05-04 without the year",
          "line 8: Bob: created",
          "line 14: Cy: failed: user.time_zone: no such zone",
          "2 created, 0 updated, 0 unchanged, 0 skipped, 1 failed, 1 notes",
        ])
      #expect(result.errors.contains("1 of 3 people failed"))
      let lines = try await ctl("import", "-", "-o", "jsonl", input: cards).lines
      #expect(lines.count == 5)
      #expect(lines[3].contains(#""violations":[{"field":"user.time_zone""#))
    }
  }

  @Test("when all fail the exit status is 1; skipped cards are no failure")
  func judgement() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.refusedUsers = ["cy"] }
      let cy = String(cards.suffix(from: try #require(cards.range(of: "BEGIN:VCARD", options: .backwards)).lowerBound))
      #expect(try await ctl("import", "-", input: cy).status == 1)
      let group = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Us\nUID:g\nEND:VCARD\n"
      #expect(try await ctl("import", "-", input: group).status == 0)
      let broken = try await ctl("import", Fixture.folder.appending(path: "broken.vcf").path)
      #expect(broken.status == 8)
    }
  }

  @Test("a dry run changes nothing and says so")
  func dryRun() async throws {
    try await FakeAgent.serve { agent, ctl in
      let result = try await ctl("import", "-", "--dry-run", input: cards)
      #expect(result.status == 0)
      #expect(result.lines.first == "line 1: Ada: would be created")
      #expect(result.lines.last?.hasPrefix("would be: 3 created") == true)
      #expect(agent.with { $0.users.isEmpty })
      #expect(agent.requests(Carillon_V1_ImportUsersRequest.self).first?.validateOnly == true)
    }
  }

  @Test("people without schedules, and names alone")
  func noSchedules() async throws {
    try await FakeAgent.serve { agent, ctl in
      let result = try await ctl("import", "-", "--no-schedules", "-o", "name", input: cards)
      #expect(result.lines.first == "namespaces/default/users/ada")
      #expect(result.lines.count == 3)
      #expect(agent.with { $0.schedules.isEmpty })
    }
  }

  @Test("a file without cards is an error, and so is one whose format nothing tells")
  func noCards() async throws {
    try await FakeAgent.serve { _, ctl in
      let table = try await ctl("import", "-", "--format", "vcard", input: "name,birthday\nAda,1815-12-10\n")
      #expect(table.status == 1)
      #expect(table.errors.contains("there is no card in standard input"))
      let unknown = try await ctl("import", "-", input: "what is this\n")
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("cannot tell what standard input is"))
      let empty = try await ctl("import", "-", input: "")
      #expect(empty.status == 1)
      #expect(empty.errors.contains("standard input is empty"))
    }
  }

  private static func people(_ count: Int) -> String {
    (0..<count).map { "BEGIN:VCARD\nVERSION:4.0\nFN:P\($0)\nUID:p\($0)\nBDAY:19900504\nEND:VCARD\n" }.joined()
  }

  @Test("many people go in batches, and programs are told of all")
  func many() async throws {
    let count = 2_345
    try await FakeAgent.serve { agent, ctl in
      let result = try await ctl("import", "-", "-o", "jsonl", input: Self.people(count))
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.lines.count == count + 1)
      #expect(result.lines[count - 1].hasPrefix("{\"line\":\((count - 1) * 6 + 1),\"effect\":\"created\""))
      let messages = agent.requests(Carillon_V1_ImportUsersRequest.self)
      #expect(messages.map(\.items.count).reduce(0, +) == count)
      #expect(messages.allSatisfy { $0.items.count <= ImportBatch.maxItems })
      #expect(messages.dropFirst().allSatisfy { $0.parent.isEmpty })
    }
  }

  @Test("people are told of so many that were taken, of as many that were not, and the sums of all")
  func shown() async throws {
    try await FakeAgent.serve { agent, ctl in
      let refused = (0..<1_100).map { $0 * 2 }
      agent.with { $0.refusedUsers = Set(refused.map { "p\($0)" }) }
      let result = try await ctl("import", "-", input: Self.people(2_200))
      #expect(result.status == 8)
      let shown = ImportReport.maxShown
      #expect(result.lines.count { $0.hasSuffix(": created") } == shown)
      #expect(result.lines.count { $0.contains(": failed: user.time_zone: ") } == shown)
      #expect(
        result.lines.suffix(2) == [
          "and 200 lines more; --output jsonl tells all of them",
          "1100 created, 0 updated, 0 unchanged, 0 skipped, 1100 failed, 0 notes",
        ])
      #expect(result.errors.contains("1100 of 2200 people failed"))
    }
  }

  @Test("ids of schedules stay within the bound of the API")
  func scheduleIDs() {
    let long = String(repeating: "x", count: 128)
    #expect(ImportItems.scheduleID("birthday", "ada") == "birthday-ada")
    #expect(PersonIdentity.isValid(ImportItems.scheduleID("birthday", long)))
    let other = String(long.dropLast()) + "y"
    #expect(ImportItems.scheduleID("birthday", long) != ImportItems.scheduleID("birthday", other))
  }

  @Test("progress tells rate, share and time left")
  func progress() {
    let text = Progress.text("people", done: 250, total: 1_000, count: 500, elapsedMilliseconds: 2_000)
    #expect(text == "500 people, 250/s, 25 %, 6s left")
    #expect(Progress.text("people", done: 0, total: nil, count: 0, elapsedMilliseconds: 0) == "0 people, 0/s")
    #expect(Progress.bar(done: 250, total: 1_000) == "[#####---------------] ")
    #expect(Progress.bar(done: 2_000, total: 1_000) == "[####################] ")
    #expect(Progress.bar(done: 250, total: nil) == "")
  }
}
