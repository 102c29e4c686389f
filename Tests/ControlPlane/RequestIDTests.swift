import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import SwiftProtobuf
import Testing

@Suite("The same create again") struct RequestIDTests {
  @Test func answersTheSameAndChangesNothing() async throws {
    try await withRig { rig in
      var user = Sample.createUser("ada")
      user.requestID = "import-7"
      let first = try await rig.users.createUser(user)
      #expect(try await rig.users.createUser(user) == first)
      // What was changed meanwhile is told as it is, and stays.
      var changed = first
      changed.nickname = "Countess"
      changed.etag = ""
      let now = try await rig.users.updateUser(.with { $0.user = changed })
      #expect(try await rig.users.createUser(user) == now)
      // What was deleted meanwhile is not made again.
      _ = try await rig.users.deleteUser(.with { $0.name = first.name })
      #expect(try await rig.users.createUser(user).name == first.name)
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = first.name }) }
    }
  }

  private func expectSame<Answer: Equatable>(_ call: () async throws -> Answer) async throws {
    let first = try await call()
    #expect(try await call() == first)
  }

  @Test func aRequestIDCountsForEveryKindOfResource() async throws {
    try await withRig { rig in
      let id = "same-for-all"
      var sink = Sample.createSink("hook")
      sink.requestID = id
      try await expectSame { try await rig.sinks.createSink(sink) }
      var schedule = Sample.createSchedule("s")
      schedule.requestID = id
      try await expectSame { try await rig.schedules.createSchedule(schedule) }
      var subscription = Sample.createSubscription("sub", sink: "hook")
      subscription.requestID = id
      try await expectSame { try await rig.subscriptions.createSubscription(subscription) }
      var template = Sample.createTemplate("t")
      template.requestID = id
      try await expectSame { try await rig.templates.createTemplate(template) }
      let queue = Carillon_V1_CreateQueueRequest.with {
        $0.queueID = "bulk"
        $0.requestID = id
      }
      try await expectSame { try await rig.queues.createQueue(queue) }
    }
  }

  @Test func anotherWishWithTheSameIDIsRefused() async throws {
    try await withRig { rig in
      var request = Sample.createUser("ada")
      request.requestID = "one"
      _ = try await rig.users.createUser(request)
      request.user.displayName = "Somebody else"
      let refusal = try await refused(.invalidArgument, fields: ["request_id"]) {
        try await rig.users.createUser(request)
      }
      #expect(refusal.reason == "REQUEST_ID_REUSED")
    }
  }

  @Test func withoutOneTheSecondIsTooMany() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      var again = Sample.createUser("ada")
      try await refused(.alreadyExists) { try await rig.users.createUser(again) }
      again.requestID = "new"
      try await refused(.alreadyExists) { try await rig.users.createUser(again) }
    }
  }

  @Test func aCheckRemembersNothing() async throws {
    try await withRig { rig in
      var request = Sample.createUser("ada")
      request.requestID = "one"
      request.validateOnly = true
      _ = try await rig.users.createUser(request)
      try await refused(.notFound) { try await rig.users.getUser(.with { $0.name = request.user.name }) }
      request.validateOnly = false
      #expect(try await !rig.users.createUser(request).etag.isEmpty)
    }
  }

  @Test(arguments: ["with space", "ümlaut", String(repeating: "x", count: 201)])
  func aBadIDIsRefused(_ id: String) async throws {
    try await withRig { rig in
      var request = Sample.createUser("ada")
      request.requestID = id
      try await refused(.invalidArgument, fields: ["request_id"]) { try await rig.users.createUser(request) }
    }
  }
}
