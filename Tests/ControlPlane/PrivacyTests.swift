import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct PrivacyTests {
  static let ada = "\(Rig.parent)/users/ada"

  static func export(_ rig: Rig, _ name: String = ada) async throws -> [Carillon_V1_ExportUserResponse] {
    try await rig.users.exportUser(.with { $0.name = name }) { response in
      var records: [Carillon_V1_ExportUserResponse] = []
      for try await record in response.messages { records.append(record) }
      return records
    }
  }

  /// Ada with a birthday, an event that waits for a retry, and a dead letter.
  static func withAda(
    limits: ControlPlaneLimits = ControlPlaneLimits(), _ body: @Sendable (Rig) async throws -> Void
  ) async throws {
    try await withRig(limits: limits) { rig in
      for user in ["ada", "bob"] {
        _ = try await rig.users.createUser(Sample.createUser(user))
        _ = try await rig.schedules.createSchedule(Sample.createSchedule("birthday-\(user)", user: user))
      }
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      var subscription = Sample.createSubscription("hers", sink: "hook")
      subscription.subscription.filter = ["user": "ada"]
      _ = try await rig.subscriptions.createSubscription(subscription)
      let sink = try await rig.store.sink(namespace: "test", name: "hook").number
      for (index, key) in ["retried", "dead"].enumerated() {
        _ = try await rig.events.createEvent(Self.event(key))
        let owner = try await Owner(rig)
        if index == 0 { try await owner.retry(at: sink) } else { try await owner.die(at: sink) }
      }
      try await body(rig)
    }
  }

  static func event(_ key: String) -> Carillon_V1_CreateEventRequest {
    var request = Sample.createEvent(key)
    request.user = ada
    return request
  }

  @Test func anExportHasEverythingOfOnePersonAndTheUserFirst() async throws {
    try await Self.withAda { rig in
      let records = try await Self.export(rig)
      #expect(records.first?.user.name == Self.ada)
      let schedules = records.map(\.schedule).filter { !$0.name.isEmpty }
      #expect(schedules.allSatisfy { $0.user == Self.ada } && schedules.contains { $0.name.hasSuffix("birthday-ada") })
      let events = records.map(\.event).filter(\.hasEvent)
      #expect(Set(events.map(\.event.occurrenceKey)) == ["retried", "dead"])
      #expect(events.allSatisfy { !$0.steps.isEmpty })
      #expect(records.map(\.deadLetter.title).filter { !$0.isEmpty } == ["Hello Ada"])
      #expect(records.map(\.message.title).filter { !$0.isEmpty } == ["Hello Ada"])
      let all: [UInt8] = try records.flatMap { record in
        let bytes: [UInt8] = try record.serializedBytes()
        return bytes
      }
      #expect(!String(decoding: all, as: UTF8.self).contains("bob"))
    }
  }

  @Test func anExportOfManyGoesByThePage() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      for index in 0..<250 { _ = try await rig.events.createEvent(Self.event("key-\(index)")) }
      let events = try await Self.export(rig).map(\.event).filter(\.hasEvent)
      #expect(Set(events.map(\.event.name)).count == 250)
    }
  }

  @Test func anExportOfNobodyIsRefused() async throws {
    try await withRig { rig in
      try await refused(.notFound) { try await Self.export(rig) }
      try await refused(.invalidArgument, fields: ["name"]) { try await Self.export(rig, "ada") }
    }
  }

  @Test func erasingRemovesAndCounts() async throws {
    try await Self.withAda { rig in
      let kicks = rig.pipeline.kicks
      let would = try await rig.users.eraseUser(
        .with {
          $0.name = Self.ada
          $0.validateOnly = true
        })
      #expect(try await rig.users.getUser(.with { $0.name = Self.ada }).givenName == "Ada")
      #expect(rig.pipeline.kicks == kicks)
      let erased = try await rig.users.eraseUser(.with { $0.name = Self.ada })
      #expect(erased == would)
      #expect(erased.schedules == 3 && erased.messages == 1 && erased.deadLetters == 1 && erased.receipts >= 1)
      #expect(erased.subscriptions == ["namespaces/test/subscriptions/hers"] && erased.inFlight == 0)
      #expect(rig.pipeline.kicks == kicks + 1)
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = Self.ada }) }
      try await refused(.notFound) { try await rig.users.eraseUser(.with { $0.name = Self.ada }) }
      #expect(try await rig.deadLetters.listDeadLetters(.with { $0.parent = Rig.parent }).deadLetters.isEmpty)
      // Somebody else is as before.
      #expect(try await Self.export(rig, "\(Rig.parent)/users/bob").count == 2)
    }
  }

  @Test func aStaleEtagErasesNothing() async throws {
    try await Self.withAda { rig in
      for etag in ["7", "x"] {
        try await refused(.aborted) {
          try await rig.users.eraseUser(
            .with {
              $0.name = Self.ada
              $0.etag = etag
            })
        }
      }
      try await refused(.invalidArgument, fields: ["name"]) { try await rig.users.eraseUser(.init()) }
      #expect(try await rig.users.getUser(.with { $0.name = Self.ada }).etag == "1")
    }
  }

  @Test func aSendUnderWayIsWaitedForAndCounted() async throws {
    var limits = ControlPlaneLimits()
    limits.erasureWait = .milliseconds(30)
    try await withRig(limits: limits) { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.events.createEvent(Self.event("under-way"))
      let owner = try await Owner(rig)
      let erased = try await rig.users.eraseUser(.with { $0.name = Self.ada })
      #expect(erased.inFlight == 1)
      // Whatever becomes of it, it ends.
      try await owner.finish(.delivered)
      #expect(try await rig.events.verifyLedger(.init()).lost == 0)
    }
  }

  @Test func aSendThatEndsInTimeIsNotInFlight() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.events.createEvent(Self.event("under-way"))
      let owner = try await Owner(rig)
      async let erased = rig.users.eraseUser(.with { $0.name = Self.ada })
      while (try? await rig.store.user(namespace: "test", id: "ada")) != nil { await Task.yield() }
      try await owner.finish(.delivered)
      #expect(try await erased.inFlight == 0)
    }
  }
}
