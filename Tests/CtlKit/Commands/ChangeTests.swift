import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("What happens, and planning anew")
struct ChangeTests {
  /// Three answers: a heartbeat, a new user, an event that failed.
  private static let answers: [Carillon_V1_WatchChangesResponse] = [
    .with { $0.cursor = "c0" },
    .with {
      $0.cursor = "c1"
      $0.changes = [
        .with {
          $0.id = "user.created-1"
          $0.kind = "user.created"
          $0.time = .init(seconds: 1_780_300_800)
          $0.user = "namespaces/default/users/ada"
        }
      ]
    },
    .with {
      $0.cursor = "c2"
      $0.changes = [
        .with {
          $0.id = "event.failed-1.2.3"
          $0.kind = "event.failed"
          $0.time = .init(seconds: 1_780_300_860)
          $0.user = "namespaces/default/users/ada"
          $0.event = "namespaces/default/events/evt_1_2026-06-01"
          $0.schedule = "namespaces/default/schedules/birthday-ada"
          $0.eventType = "birthday"
        }
      ]
    },
  ]

  @Test("watch shows what happens by kind and from a cursor, in lines and in JSON with the cursor")
  func watch() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.changes = Self.answers }
      let shown = try await ctl("watch", "--from", "oldest", "--kind", "user.created", "--kind", "event.failed")
      #expect(
        shown.lines == [
          "2026-06-01T08:00:00.000Z  user.created  ada",
          "2026-06-01T08:01:00.000Z  event.failed  birthday-ada  birthday  evt_1_2026-06-01",
        ])
      let request = try #require(agent.requests(Carillon_V1_WatchChangesRequest.self).first)
      #expect(request.cursor == "oldest" && request.kinds == ["user.created", "event.failed"])
      let json = try await ctl("watch", "--from", "c1", "-o", "jsonl")
      #expect(json.lines.count == 1)
      #expect(try JSONValue(parsing: json.output.utf8)["cursor"]?.text == "c2")
      #expect(try JSONValue(parsing: json.output.utf8)["kind"]?.text == "event.failed")
      #expect(try await ctl("watch", "--from", "oldest", "--count", "1").lines.count == 1)
      #expect(try await ctl("watch", "--count", "0").status == 64)
    }
  }

  @Test("when the connection breaks, watch goes on from the last cursor, and shows nothing twice")
  func reconnect() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with {
        $0.changes = Self.answers
        $0.changesBreakAfter = 2
      }
      let shown = try await ctl("watch", "--from", "oldest", "--count", "2", "-o", "jsonl")
      #expect(shown.lines.count == 2)
      #expect(shown.errors.contains("the connection broke"))
      #expect(agent.requests(Carillon_V1_WatchChangesRequest.self).map(\.cursor) == ["oldest", "c1"])
      agent.with { $0.changesBreakAfter = 2 }
      #expect(try await ctl("watch", "--from", "oldest", "--reconnect", "0s").status == 3)
      agent.with { $0.changesBreakAfter = 0 }
      let unreached = try await ctl("watch", "--from", "oldest")
      #expect(unreached.status == 3, "who never was connected is told so at once")
    }
  }

  @Test("a replan shows old and new times with --dry-run, page after page, and else says how many")
  func replan() async throws {
    try await FakeAgent.serve { agent, ctl in
      let row = Carillon_V1_ReplannedOccurrence.with {
        $0.schedule = "namespaces/default/schedules/birthday-ada"
        $0.user = "namespaces/default/users/ada"
        $0.occurrenceKey = "2026-06-01"
        $0.timeZone = "Europe/London"
        $0.oldDueTime = .init(seconds: 1_780_300_800)
        $0.oldLocalTime = "2026-06-01T09:00:00"
        $0.newDueTime = .init(seconds: 1_780_304_400)
        $0.newLocalTime = "2026-06-01T10:00:00"
      }
      var gone = row
      gone.clearNewDueTime()
      gone.newLocalTime = ""
      let rows = [row, gone]
      agent.with {
        $0.replans = [
          .with {
            $0.schedules = 1
            $0.changes = [rows[0]]
            $0.nextPageToken = "next"
          },
          .with {
            $0.schedules = 2
            $0.changes = [rows[1]]
          },
          .with { $0.schedules = 12 },
        ]
      }
      let preview = try await ctl("schedule", "replan", "--time-zone", "Europe/London", "--dry-run")
      #expect(
        preview.lines == [
          "SCHEDULE      USER  KEY         WAS                   WILL BE               ZONE           "
            + "WAS DUE                   WILL BE DUE",
          "birthday-ada  ada   2026-06-01  Mon 2026-06-01 09:00  Mon 2026-06-01 10:00  Europe/London  "
            + "2026-06-01T08:00:00.000Z  2026-06-01T09:00:00.000Z",
          "birthday-ada  ada   2026-06-01  Mon 2026-06-01 09:00  not at all  Europe/London  "
            + "2026-06-01T08:00:00.000Z  -",
        ])
      #expect(preview.errors == "2 pending occurrences of 3 schedules would change\n")
      let asked = agent.requests(Carillon_V1_ReplanSchedulesRequest.self)
      #expect(asked.map(\.pageToken) == ["", "next"])
      #expect(asked.allSatisfy { $0.validateOnly && $0.timeZone == "Europe/London" })
      let done = try await ctl("schedule", "replan", "--user", "ada")
      #expect(done.lines == ["12 schedules are planned anew"])
      let last = try #require(agent.requests(Carillon_V1_ReplanSchedulesRequest.self).last)
      #expect(last.user == "namespaces/default/users/ada" && !last.validateOnly)
      #expect(try await ctl("schedule", "replan").status == 64)
      #expect(try await ctl("schedule", "replan", "ada", "--all").status == 64)
    }
  }
}
