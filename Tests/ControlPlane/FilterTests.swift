import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import SwiftProtobuf
import Testing

@Suite("Filters on lists") struct FilterTests {
  /// Users a0 to a9 in London, b0 to b4 in Tokyo; every third is paused.
  private static func seed(_ rig: Rig) async throws {
    for number in 0..<15 {
      let id = number < 10 ? "a\(number)" : "b\(number - 10)"
      var request = Sample.createUser(id)
      request.user.timeZone = number < 10 ? "Europe/London" : "Asia/Tokyo"
      request.user.nickname = number == 0 ? "Countess" : ""
      request.user.attributes["floor"] = "\(number)"
      request.user.paused = number % 3 == 0
      _ = try await rig.users.createUser(request)
    }
  }

  private static func ids(_ rig: Rig, _ filter: String) async throws -> [String] {
    try await rig.users.listUsers(
      .with {
        $0.parent = Rig.parent
        $0.filter = filter
      }
    ).users.map { String($0.name.split(separator: "/")[3]) }
  }

  @Test func aFilterAsksAboutTheResourcesOwnFields() async throws {
    try await withRig { rig in
      try await Self.seed(rig)
      let table: [(filter: String, wanted: [String])] = [
        (#"time_zone == "Asia/Tokyo""#, ["b0", "b1", "b2", "b3", "b4"]),
        (#"name.endsWith("/a7")"#, ["a7"]),
        (#"attributes.floor >= 12"#, ["b2", "b3", "b4"]),
        (#"attributes["floor"] in ["1", "2"]"#, ["a1", "a2"]),
        (#"paused == true && time_zone == "Asia/Tokyo""#, ["b2"]),
        (#"paused == false && attributes.floor < 3"#, ["a1", "a2"]),
        ("has(nickname)", ["a0"]),
        (#"nickname == "" && attributes.floor < 2"#, ["a1"]),
        (#"!has(nickname) && addresses.email.startsWith("a1@")"#, ["a1"]),
        (#"has(dates.wedding)"#, []),
      ]
      for (filter, wanted) in table {
        #expect(try await Self.ids(rig, filter) == wanted, "\(filter)")
      }
    }
  }

  @Test func everyListWithAFilterTakesOne() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      _ = try await rig.sinks.createSink(Sample.createSink("mail"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("s1"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("s2"))
      _ = try await rig.templates.createTemplate(Sample.createTemplate("t1"))
      _ = try await rig.subscriptions.createSubscription(Sample.createSubscription("sub1", sink: "hook"))
      let event = try await rig.events.createEvent(Sample.createEvent("e1"))
      let parent = Rig.parent
      let sinks = try await rig.sinks.listSinks(
        .with { ($0.parent, $0.filter) = (parent, #"name.endsWith("/mail") && disabled_reason == """#) }
      ).sinks
      #expect(sinks.map(\.name) == ["\(parent)/sinks/mail"])
      let schedules = try await rig.schedules.listSchedules(
        .with { ($0.parent, $0.filter) = (parent, #"definition.lead_days == 7 && name != "\#(parent)/schedules/s1""#) }
      ).schedules
      #expect(schedules.map(\.name) == ["\(parent)/schedules/s2"])
      let templates = try await rig.templates.listTemplates(
        .with { ($0.parent, $0.filter) = (parent, #"locale in ["de", "fr"]"#) })
      #expect(templates.templates.count == 1)
      let subscriptions = try await rig.subscriptions.listSubscriptions(
        .with { ($0.parent, $0.filter) = (parent, #"filter["attributes.team"] == "red""#) })
      #expect(subscriptions.subscriptions.count == 1)
      let events = try await rig.events.listEvents(
        .with { ($0.parent, $0.filter) = (parent, #"state == "STATE_PENDING" && queue == "low""#) })
      #expect(events.events.map(\.name) == [event.name])
      let queues = try await rig.queues.listQueues(.with { $0.filter = #"reserve >= 500 && retry.attempts == 5"# })
      #expect(queues.queues.map(\.name) == ["queues/normal"])
    }
  }

  @Test(
    "what cannot be asked is told with its place, or with what can be",
    arguments: [
      (#"time_zone = "UTC""#, "at character 11"), ("timezone == 3", "time_zone"), ("dates == 3", "dates.KEY"),
      ("name.first == 3", "name has no parts"), (#"a == "b" &&"#, "is no field"), ("(paused == true", "expected"),
      (#"user.id == "x""#, "there are: name"), (String(repeating: "!", count: 2_001), "2000 bytes"),
    ])
  func faults(_ filter: String, _ told: String) async throws {
    try await withRig { rig in
      let refusal = try await refused(.invalidArgument, fields: ["filter"]) { try await Self.ids(rig, filter) }
      #expect(refusal.message.contains(told), "\(refusal.message)")
    }
  }

  @Test func listsAndMessagesHaveNoValueOfTheirOwn() async throws {
    try await withRig { rig in
      let list = try await refused(.invalidArgument) {
        try await rig.queues.listQueues(.with { $0.filter = #"allowed_sinks == "x""# })
      }
      #expect(list.message.contains("has(allowed_sinks)"))
      let message = try await refused(.invalidArgument) {
        try await rig.queues.listQueues(.with { $0.filter = "retry == 3" })
      }
      #expect(message.message.contains("retry.attempts"))
      let all = try await rig.queues.listQueues(.with { $0.filter = "!has(allowed_sinks) && has(retry)" })
      #expect(all.queues.count == 4)
    }
  }

  @Test func pagesGoOnBehindTheLastOneThatFits() async throws {
    try await withRig { rig in
      try await Self.seed(rig)
      var (token, found, pages) = ("", [String](), 0)
      repeat {
        let page = try await rig.users.listUsers(
          .with {
            $0.parent = Rig.parent
            $0.filter = "attributes.floor >= 3"
            $0.pageSize = 5
            $0.pageToken = token
          })
        #expect(page.users.count <= 5)
        found += page.users.map(\.name)
        token = page.nextPageToken
        pages += 1
      } while !token.isEmpty
      #expect(found.count == 12 && Set(found).count == 12 && pages == 3)
    }
  }

  @Test func aTokenCountsOnlyWithTheFilterThatItCameWith() async throws {
    try await withRig { rig in
      try await Self.seed(rig)
      let request = { (filter: String, token: String) in
        Carillon_V1_ListUsersRequest.with {
          $0.parent = Rig.parent
          $0.filter = filter
          $0.pageSize = 1
          $0.pageToken = token
        }
      }
      let page = try await rig.users.listUsers(request("paused == true", ""))
      try await refused(.invalidArgument, fields: ["page_token"]) {
        try await rig.users.listUsers(request("paused == false", page.nextPageToken))
      }
      try await refused(.invalidArgument, fields: ["page_token"]) {
        try await rig.users.listUsers(request("", page.nextPageToken))
      }
    }
  }

  @Test func aHiddenValueCannotBeAskedFor() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      for guess in ["hushhush", "h"] {
        let found = try await rig.sinks.listSinks(
          .with {
            $0.parent = Rig.parent
            $0.filter = #"configuration.secret.startsWith("\#(guess)")"#
          })
        #expect(found.sinks.isEmpty)
      }
    }
  }
}
