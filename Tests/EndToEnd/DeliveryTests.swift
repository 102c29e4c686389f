import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("Delivery")
  struct DeliveryTests {
    /// Tokyo has had no change of clocks since 1951.
    private static let tokyoSeconds: Int64 = 9 * 3_600

    @Test("a birthday arrives when its local time comes, signed so that others can verify it", .timeLimit(.minutes(2)))
    func birthday() async throws {
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          try await home.runReady { agent in
            let due = Seed.now() / 1_000_000 + 5
            try await agent.control { control in
              try await Seed.webhook(control, home: home, port: receiver.port)
              try await Self.create(control, due: due)
            }
            try await receiver.wait(for: 1)
            try await agent.waitUntilSettled(1)
            let arrival = try #require(receiver.arrivals.first)
            let lateness = arrival.at - due * 1_000_000
            #expect(lateness >= 0, "sent \(-lateness) µs before its time")
            #expect(lateness < 5_000_000, "sent \(lateness) µs late")
            try Self.check(arrival, due: due)
            try await Self.checkSignature(arrival)
          }
          let proof = try await LedgerProof.read(home.store, afterCrash: true)
          #expect(proof.isClean && proof.outcomes == ["delivered": 1], "\(proof)")
          #expect(receiver.arrivals.count == 1)
          #expect(!home.log.contains(Seed.secret), "a secret is in the log")
        }
      }
    }

    @Test("a first burst to a sink that nothing was sent to yet defers and repeats nothing", .timeLimit(.minutes(2)))
    func firstBurst() async throws {
      let count = 500
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          try await home.runReady { agent in
            try await agent.control { control in
              try await Seed.webhook(control, home: home, port: receiver.port)
              let due = Seed.now() + 4_000_000
              try await Seed.notifications(control, count: count) { due + Int64($0) * 200 }
            }
            try await receiver.wait(for: count)
            try await agent.waitUntilSettled(count)
          }
          let proof = try await LedgerProof.read(home.store, afterCrash: true)
          #expect(proof.rows == count, "rows beyond the first attempts are deferrals or retries: \(proof)")
          #expect(proof.isClean && proof.outcomes == ["delivered": count])
        }
      }
    }

    @Test("a notification whose moment is past when it is asked for comes at once, and once", .timeLimit(.minutes(2)))
    func pastMoment() async throws {
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          try await home.runReady { agent in
            try await agent.control { control in
              try await Seed.webhook(control, home: home, port: receiver.port)
              let hourAgo = Seed.rfc3339(Seed.now() - 3_600_000_000)
              try await Self.notify(control, "overdue", at: hourAgo)
              // What falls into a pause is not sent after it.
              try await Self.notify(control, "paused", at: hourAgo, isPaused: true)
              _ = try await control.schedules.updateSchedule(
                .with {
                  $0.schedule.name = "\(Control.namespace)/schedules/paused"
                  $0.schedule.state = .active
                  $0.updateMask.paths = ["state"]
                })
              try await Self.notify(control, "last", at: Seed.rfc3339(Seed.now() + 2_000_000))
            }
            try await receiver.wait(for: 2)
            try await agent.waitUntilSettled(2)
          }
          let proof = try await LedgerProof.read(home.store, afterCrash: true)
          #expect(proof.isClean && proof.outcomes == ["delivered": 2], "\(proof)")
          #expect(receiver.arrivals.map { $0.body.contains("overdue") } == [true, false])
        }
      }
    }

    private static func notify(_ control: Control, _ id: String, at: String, isPaused: Bool = false) async throws {
      _ = try await control.schedules.createSchedule(
        .with {
          $0.parent = Control.namespace
          $0.scheduleID = id
          $0.schedule.eventType = "notification"
          $0.schedule.state = isPaused ? .paused : .active
          $0.schedule.definition.fields["at"] = .with { $0.stringValue = at }
          $0.schedule.definition.fields["title"] = .with { $0.stringValue = id }
        })
    }

    private static func create(_ control: Control, due: Int64) async throws {
      let local = Seed.rfc3339((due + tokyoSeconds) * 1_000_000)
      let user = "\(Control.namespace)/users/hanako"
      _ = try await control.users.createUser(
        .with {
          $0.parent = Control.namespace
          $0.userID = "hanako"
          $0.user.displayName = "佐藤 花子"
          $0.user.timeZone = "Asia/Tokyo"
          // 1988 has every day of the year.
          $0.user.dates["birth"] = "1988-" + local.dropFirst(5).prefix(5)
        })
      _ = try await control.schedules.createSchedule(
        .with {
          $0.parent = Control.namespace
          $0.scheduleID = "birthday-hanako"
          $0.schedule.user = user
          $0.schedule.eventType = "birthday"
          $0.schedule.definition.fields["at"] = .with { $0.stringValue = String(local.dropFirst(11).prefix(8)) }
        })
    }

    private static func check(_ arrival: Receiver.Arrival, due: Int64) throws {
      struct Body: Decodable {
        struct Content: Decodable {
          var occurrenceKey: String
          var timeZone: String
          var title: String
          var details: [String: Detail]
        }
        var type: String
        var data: Content
      }
      enum Detail: Decodable, Equatable {
        case number(Int)
        case text(String)
        init(from decoder: any Swift.Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let number = try? container.decode(Int.self) {
            self = .number(number)
          } else {
            self = .text(try container.decode(String.self))
          }
        }
      }
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let body = try decoder.decode(Body.self, from: Data(arrival.body.utf8))
      let today = String(Seed.rfc3339((due + tokyoSeconds) * 1_000_000).prefix(10))
      let age = try #require(Int(today.prefix(4))) - 1988
      #expect(body.type == "birthday")
      #expect(body.data.occurrenceKey == today)
      #expect(body.data.timeZone == "Asia/Tokyo")
      #expect(body.data.title.contains("佐藤 花子"))
      #expect(body.data.details["age"] == .number(age))
    }

    private static func checkSignature(_ arrival: Receiver.Arrival) async throws {
      func verdict(_ body: String) async throws -> String {
        let headers = arrival.headers.filter { $0.key.hasPrefix("webhook-") }
        let request = try JSONEncoder().encode(Request(headers: headers, body: body))
        return try await Tool.python(
          EndToEnd.fixture("verify_webhook.py"), [Seed.secret], input: String(decoding: request, as: UTF8.self))
      }
      struct Request: Encodable {
        var headers: [String: String]
        var body: String
      }
      #expect(try await verdict(arrival.body) == "verified\n")
      #expect(try await verdict(arrival.body + " ").hasPrefix("refused"), "a changed body must not verify")
    }
  }
}
