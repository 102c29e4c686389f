import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct ImportTests {
  static func item(_ index: Int) -> Carillon_V1_ImportItem {
    .with {
      $0.tag = Int64(index)
      $0.user = Sample.user("u\(index)")
      $0.schedules = [Sample.schedule("birthday-u\(index)", user: "u\(index)")]
    }
  }

  static func run(
    _ rig: Rig, _ messages: [Carillon_V1_ImportUsersRequest]
  ) async throws -> [Carillon_V1_ImportResult] {
    try await rig.users.importUsers { writer in
      for message in messages { try await writer.write(message) }
    } onResponse: { response in
      var results: [Carillon_V1_ImportResult] = []
      for try await message in response.messages { results += message.results }
      return results
    }
  }

  static func messages(
    _ items: [Carillon_V1_ImportItem], validateOnly: Bool = false
  ) -> [Carillon_V1_ImportUsersRequest] {
    stride(from: 0, to: items.count, by: 1_000).map { start in
      .with {
        $0.parent = start == 0 ? Rig.parent : ""
        $0.validateOnly = validateOnly
        $0.items = Array(items[start..<min(start + 1_000, items.count)])
      }
    }
  }

  @Test func fiveThousandWithBadOnesAmongThem() async throws {
    try await withRig { rig in
      var items = (0..<5_000).map(Self.item)
      items[7].user.timeZone = "Nowhere/Town"
      items[1_234].user.name = "namespaces/other/users/u1234"
      items[2_500].user.dates["birth"] = "1990-02-31"
      items[2_501].schedules[0].definition = ["at": "25:00"]
      items[4_999].schedules[0].queue = "express"
      let results = try await Self.run(rig, Self.messages(items))
      #expect(results.map(\.tag) == items.map(\.tag))
      let failed = results.filter { $0.effect == .unspecified }
      #expect(failed.map(\.tag) == [7, 1_234, 2_500, 2_501, 4_999])
      #expect(
        failed.map { $0.violations.map(\.field) } == [
          ["user.time_zone"], ["user.name"], ["user.dates.birth"], ["schedules[0].definition/at"],
          ["schedules[0].queue"],
        ])
      #expect(results.count { $0.effect == .created } == 4_995)
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = "namespaces/test/users/u2501" }) }
      let again = try await Self.run(rig, Self.messages(Array(items[..<1_000])))
      #expect(again.count { $0.effect == .unchanged } == 999)
      #expect(rig.pipeline.imports == [true, false, true, false], "the planner was told when to make way")
    }
  }

  @Test func anItemThatOnlyTheStoreRefusesLeavesTheOthersAlone() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("u5"))
      var items = (0..<20).map(Self.item)
      items[5].user.etag = "9"
      let results = try await Self.run(rig, Self.messages(items))
      #expect(results.filter { $0.effect == .unspecified }.map(\.tag) == [5])
      #expect(results[5].violations.map(\.field) == ["user.etag"])
      try await refused(.notFound) {
        try await rig.schedules.getSchedule(.with { $0.name = "namespaces/test/schedules/birthday-u5" })
      }
      #expect(results.count { $0.effect == .created } == 19)
    }
  }

  @Test func schedulesAloneAreNobodysOrOfPeopleWhoExist() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      let item = Carillon_V1_ImportItem.with {
        $0.tag = 1
        $0.schedules = [Sample.schedule("team"), Sample.schedule("of-ada", user: "ada")]
      }
      #expect(try await Self.run(rig, Self.messages([item])).map(\.effect) == [.created])
      #expect(try await Self.run(rig, Self.messages([item])).map(\.effect) == [.unchanged])
      let stored = try await rig.schedules.listSchedules(.with { $0.parent = Rig.parent }).schedules
      #expect(stored.map(\.user) == ["namespaces/test/users/ada", ""])
      var changed = item
      changed.schedules[0].queue = "high"
      changed.schedules.append(Sample.schedule("another"))
      #expect(try await Self.run(rig, Self.messages([changed])).map(\.effect) == [.updated])
    }
  }

  @Test func schedulesAloneCannotChangeWhoseTheyAre() async throws {
    try await withRig { rig in
      _ = try await Self.run(rig, Self.messages([Self.item(1)]))
      let items: [Carillon_V1_ImportItem] = [
        .with { $0.schedules = [Sample.schedule("birthday-u1")] },
        .with { $0.schedules = [Sample.schedule("new", user: "nobody")] },
        .with {
          $0.schedules = [Sample.schedule("birthday-u1", user: "u1")]
          $0.schedules[0].eventType = "notification"
          $0.schedules[0].definition = ["title": "x"]
        },
        .with { $0.tag = 9 },
        .with { $0.schedules = (0...100).map { Sample.schedule("s\($0)") } },
      ]
      let results = try await Self.run(rig, Self.messages(items))
      #expect(
        results.map { $0.violations.map(\.field) } == [
          ["schedules[0].user"], ["schedules[0].user"], ["schedules[0].event_type"], ["user"], ["schedules"],
        ])
      let stored = try await rig.schedules.listSchedules(.with { $0.parent = Rig.parent }).schedules
      #expect(stored.map(\.user) == ["namespaces/test/users/u1"] && stored.map(\.etag) == ["1"])
    }
  }

  @Test func anItemTakesAHundredSchedules() async throws {
    try await withRig { rig in
      var item = Self.item(1)
      item.schedules = (0..<100).map { Sample.schedule("s\($0)") }
      let results = try await Self.run(rig, Self.messages([item]))
      #expect(results.map(\.effect) == [.created])
    }
  }

  @Test func aPausedPersonStaysPaused() async throws {
    try await withRig { rig in
      _ = try await Self.run(rig, Self.messages([Self.item(1)]))
      let name = "namespaces/test/users/u1"
      _ = try await rig.users.updateUser(
        .with {
          $0.user = .with {
            $0.name = name
            $0.paused = true
          }
          $0.updateMask = Sample.mask("paused")
        })
      let again = try await Self.run(rig, Self.messages([Self.item(1)]))
      #expect(again.map(\.effect) == [.unchanged])
      #expect(try await rig.users.getUser(.with { $0.name = name }).paused)
    }
  }

  @Test func validateOnlySaysWhatWouldHappen() async throws {
    try await withRig { rig in
      let results = try await Self.run(rig, Self.messages((0..<10).map(Self.item), validateOnly: true))
      #expect(results.allSatisfy { $0.effect == .created })
      #expect(try await rig.users.listUsers(.with { $0.parent = Rig.parent }).users.isEmpty)
      #expect(rig.pipeline.kicks == 0)
    }
  }

  @Test func theStreamIsRefusedWithoutAParentOrWithTooManyItems() async throws {
    try await withRig { rig in
      try await refused(.invalidArgument, fields: ["parent"]) {
        try await Self.run(rig, [.with { $0.items = [Self.item(1)] }])
      }
      try await refused(.invalidArgument, fields: ["items"]) {
        try await Self.run(
          rig,
          [
            .with {
              $0.parent = Rig.parent
              $0.items = (0...1_000).map(Self.item)
            }
          ])
      }
      try await refused(.invalidArgument, fields: ["parent"]) {
        try await Self.run(
          rig, [.with { $0.parent = Rig.parent }, .with { $0.parent = "namespaces/other" }])
      }
      #expect(try await rig.users.listUsers(.with { $0.parent = Rig.parent }).users.isEmpty)
    }
  }
}
