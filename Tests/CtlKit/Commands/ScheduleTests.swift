import ControlAPI
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Schedules on the command line")
struct ScheduleTests {
  @Test("schedules are made, paused, and looked ahead")
  func schedules() async throws {
    try await FakeAgent.serve { agent, ctl in
      let created = try await ctl(
        "schedule", "create", "b", "--type", "birthday", "--user", "ada", "--at", "09:00", "--set", "lead_days=7",
        "--gap", "skip", "--catch-up", "latest", "--catch-up-window", "24h")
      #expect(created.status == 0, "\(created.errors)")
      let stored = try #require(agent.with { $0.schedules["namespaces/default/schedules/b"] })
      #expect(stored.definition.fields["at"]?.stringValue == "09:00")
      #expect(stored.definition.fields["lead_days"]?.numberValue == 7)
      #expect(stored.gap == .skip)
      #expect(stored.catchUp.mode == .latest)
      #expect(stored.catchUp.window.seconds == 86_400)
      #expect(try await ctl("schedule", "pause", "b").output.contains("paused"))
      let upcoming = try await ctl("schedule", "upcoming", "--within", "30d")
      #expect(upcoming.lines.last?.contains("Mon 2026-06-01 09:00  Europe/London  3d  birthday  Ada") == true)
      let request = try #require(agent.requests(Carillon_V1_ListUpcomingRequest.self).first)
      #expect(request.until.seconds == 1_780_000_000 + 30 * 86_400)
    }
  }

  @Test("--at and --set change a definition's members, and nobody's change is overwritten")
  func definitionMembers() async throws {
    try await FakeAgent.serve { agent, ctl in
      _ = try await ctl(
        "schedule", "create", "b", "--event-type", "birthday", "--set", "lead_days=7", "--set", "templates.text=Hi",
        "--set", "templates.title=007")
      #expect(try await ctl("schedule", "update", "b", "--at", "08:30").status == 0)
      let stored = try #require(agent.with { $0.schedules["namespaces/default/schedules/b"] }).definition.fields
      #expect(stored["at"]?.stringValue == "08:30")
      #expect(stored["lead_days"]?.numberValue == 7)
      #expect(stored["templates"]?.structValue.fields["title"]?.stringValue == "007")
      _ = try await ctl("schedule", "update", "b", "--definition", "{\"at\": \"10:00\"}")
      #expect(agent.with { $0.schedules["namespaces/default/schedules/b"]?.definition.fields.count } == 1)
      agent.with { $0.schedules["namespaces/default/schedules/b"]?.etag = "new" }
      #expect(try await ctl("schedule", "update", "b", "--at", "07:00", "--etag", "old").status == 6)
      #expect(try await ctl("schedule", "update", "b", "--set", "at.x=1").status == 64)
    }
  }
}
