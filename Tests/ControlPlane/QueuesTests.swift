import ControlAPI
import GRPCCore
import SwiftProtobuf
import Testing

@Suite struct QueuesTests {
  @Test func theStandardQueuesAreThereWithTheirLoad() async throws {
    try await withRig { rig in
      _ = try await rig.events.createEvent(Sample.createEvent("key"))
      let queues = try await rig.queues.listQueues(.init()).queues
      #expect(queues.map(\.name) == ["queues/critical", "queues/high", "queues/normal", "queues/low"])
      #expect(queues[1].status.inFlight == 3)
      #expect(queues[3].status.open == 1)
      let first = try await rig.queues.listQueues(.with { $0.pageSize = 3 })
      #expect(first.queues.count == 3)
      let rest = try await rig.queues.listQueues(.with { $0.pageToken = first.nextPageToken })
      #expect(rest.queues.map(\.name) == ["queues/low"] && rest.nextPageToken.isEmpty)
    }
  }

  @Test func aNewQueueTakesFromNormalWhatItDoesNotSay() async throws {
    try await withRig { rig in
      let made = try await rig.queues.createQueue(
        .with {
          $0.queueID = "bulk"
          $0.queue = .with {
            $0.priority = 50
            $0.ratePerSecond = 12.5
            $0.retry = .with { $0.attempts = 2 }
            $0.allowedSinks = ["mail", "namespaces/test/sinks/hook"]
          }
        })
      #expect(made.name == "queues/bulk" && made.priority == 50 && made.ratePerSecond == 12.5)
      #expect(made.weight == 2 && made.reserve == 500 && made.batch == 10)
      #expect(made.retry.attempts == 2 && made.retry.base.seconds == 15)
      #expect(made.allowedSinks == ["mail", "hook"])
      #expect(try await rig.queues.getQueue(.with { $0.name = "queues/bulk" }) == made)
    }
  }

  struct BadQueue: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateQueueRequest) -> Void
  }

  static let badQueues: [BadQueue] = [
    BadQueue(testDescription: "no id", fields: ["queue_id"]) { $0.queueID = "" },
    BadQueue(testDescription: "id in capitals", fields: ["queue_id"]) { $0.queueID = "Bulk" },
    BadQueue(testDescription: "priority too high", fields: ["queue.priority"]) { $0.queue.priority = 1_001 },
    BadQueue(testDescription: "reserve below 0", fields: ["queue.reserve"]) { $0.queue.reserve = -1 },
    BadQueue(testDescription: "rate of 0", fields: ["queue.rate_per_second"]) { $0.queue.ratePerSecond = 0 },
    BadQueue(testDescription: "rate that is none", fields: ["queue.rate_per_second"]) {
      $0.queue.ratePerSecond = .nan
    },
    BadQueue(testDescription: "deadline too short", fields: ["queue.send_deadline"]) {
      $0.queue.sendDeadline = .init(nanos: 1_000)
    },
    BadQueue(testDescription: "a duration that is none", fields: ["queue.expires_after"]) {
      $0.queue.expiresAfter = .init(seconds: 1, nanos: -1)
    },
    BadQueue(testDescription: "a cap under its base", fields: ["queue.retry.cap"]) {
      $0.queue.retry = .with {
        $0.base = .init(seconds: 100)
        $0.cap = .init(seconds: 10)
      }
    },
    BadQueue(testDescription: "a sink that has no name", fields: ["queue.allowed_sinks"]) {
      $0.queue.allowedSinks = ["A B"]
    },
    BadQueue(
      testDescription: "several faults at once", fields: ["queue.batch", "queue.weight", "queue.retry.attempts"]
    ) {
      $0.queue.batch = 5_000
      $0.queue.weight = -4
      $0.queue.retry = .with { $0.attempts = 1_000 }
    },
  ]

  @Test(arguments: badQueues)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadQueue) async throws {
    try await withRig { rig in
      var request = Carillon_V1_CreateQueueRequest.with { $0.queueID = "bulk" }
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.queues.createQueue(request) }
      #expect(try await rig.queues.listQueues(.init()).queues.count == 4)
    }
  }

  @Test func updatesActOnTheFieldsOfTheirMask() async throws {
    try await withRig { rig in
      let old = try await rig.queues.getQueue(.with { $0.name = "queues/low" })
      let new = try await rig.queues.updateQueue(
        .with {
          $0.queue = .with {
            $0.name = "queues/low"
            $0.etag = old.etag
            $0.ratePerSecond = 5
            $0.retry = .with { $0.attempts = 9 }
          }
          $0.updateMask = Sample.mask("rate_per_second", "retry.attempts")
        })
      #expect(new.ratePerSecond == 5 && new.retry.attempts == 9 && new.retry.base == old.retry.base)
      #expect(new.batch == old.batch)
      try await refused(.aborted) {
        try await rig.queues.updateQueue(.with { $0.queue = old })
      }
      let retried = try await rig.queues.updateQueue(
        .with {
          $0.queue = .with {
            $0.name = "queues/low"
            $0.retry = .with { $0.cap = .init(seconds: 600) }
          }
          $0.updateMask = Sample.mask("retry")
        })
      #expect(retried.retry.cap.seconds == 600 && retried.retry.attempts == 9 && retried.retry.base == old.retry.base)
      let cleared = try await rig.queues.updateQueue(
        .with {
          $0.queue = .with { $0.name = "queues/low" }
          $0.updateMask = Sample.mask("rate_per_second")
        })
      #expect(!cleared.hasRatePerSecond)
      try await refused(.invalidArgument, fields: ["update_mask"]) {
        try await rig.queues.updateQueue(
          .with {
            $0.queue = old
            $0.updateMask = Sample.mask("status")
          })
      }
      let draft = try await rig.queues.updateQueue(
        .with {
          $0.queue = .with {
            $0.name = "queues/low"
            $0.batch = 99
          }
          $0.updateMask = Sample.mask("batch")
          $0.validateOnly = true
        })
      #expect(draft.batch == 99)
      #expect(try await rig.queues.getQueue(.with { $0.name = "queues/low" }).batch == old.batch)
    }
  }

  @Test func queuesArePausedAndResumed() async throws {
    try await withRig { rig in
      #expect(try await rig.queues.pauseQueue(.with { $0.name = "queues/high" }).paused)
      #expect(try await rig.queues.pauseQueue(.with { $0.name = "queues/high" }).paused)
      #expect(try await !rig.queues.resumeQueue(.with { $0.name = "queues/high" }).paused)
      let refusal = try await refused(.notFound) {
        try await rig.queues.pauseQueue(.with { $0.name = "queues/hihg" })
      }
      #expect(refusal.message.contains("critical, high, normal, low") && refusal.resource == "queues/hihg")
    }
  }

  @Test func aQueueInUseIsDeletedOnlyByMovingWhatIsInIt() async throws {
    try await withRig { rig in
      _ = try await rig.queues.createQueue(.with { $0.queueID = "bulk" })
      var request = Sample.createEvent("key")
      request.queue = "bulk"
      let event = try await rig.events.createEvent(request)
      try await refused(.failedPrecondition) { try await rig.queues.deleteQueue(.with { $0.name = "queues/bulk" }) }
      for target in ["queues/bulk", "queues/nowhere"] {
        try await refused(.invalidArgument, fields: ["move_to"]) {
          try await rig.queues.deleteQueue(
            .with {
              $0.name = "queues/bulk"
              $0.moveTo = target
            })
        }
      }
      _ = try await rig.queues.deleteQueue(
        .with {
          $0.name = "queues/bulk"
          $0.moveTo = "queues/low"
        })
      try await refused(.notFound) { try await rig.queues.getQueue(.with { $0.name = "queues/bulk" }) }
      #expect(try await rig.events.getEvent(.with { $0.name = event.name }).queue == "low")
      try await refused(.failedPrecondition) { try await rig.queues.deleteQueue(.with { $0.name = "queues/normal" }) }
    }
  }
}
