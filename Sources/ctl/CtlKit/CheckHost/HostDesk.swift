import ControlAPI
import SwiftProtobuf

/// A fault of the agent that makes the rest of a trial pointless, as a sentence.
struct HostFault: Error {
  var sentence: String
  init(_ sentence: String) { self.sentence = sentence }
}

/// What is made at the agent, and what becomes of it. The names are those of the plugins.
struct HostDesk: Sendable {
  /// Events of each kind.
  static let events = 3
  static let namespace = "namespaces/default"
  static let queue = "queues/checks"
  static let hostile = "hostile"
  static let witness = "witness"

  let client: Client
  let folder: HostFolder

  static func sinkName(_ id: String) -> String { "\(namespace)/sinks/\(id)" }

  /// A queue that gives up after two seconds and tries again soon, one delivery in a call.
  func makeQueue() async throws(CtlError) {
    let queue = Carillon_V1_Queue.with {
      $0.batch = 1
      $0.sendDeadline = .init(seconds: 2, nanos: 0)
      $0.retry = .with {
        $0.attempts = 50
        $0.base = .init(seconds: 0, nanos: 100_000_000)
        $0.cap = .init(seconds: 1, nanos: 0)
      }
    }
    _ = try await client.call {
      try await client.queues.createQueue(
        .with {
          $0.queueID = "checks"
          $0.queue = queue
        }, options: $0)
    }
  }

  /// The sink that must not suffer, with all events.
  func makeWitness() async throws(CtlError) {
    try await makeSink(Self.witness) {
      $0.configuration.fields["file"] = .init(stringValue: folder.deliveries)
      $0.configuration.fields["secret"] = .init(stringValue: "env:\(HostFolder.secretName)")
    }
    try await subscribe("*", to: Self.witness)
  }

  /// The sink that attacks.
  func makeHostile() async throws(CtlError) {
    try await makeSink(Self.hostile) { _ in }
    try await subscribe(Self.witness, to: Self.hostile)
  }

  private func makeSink(_ id: String, _ fill: (inout Carillon_V1_Sink) -> Void) async throws(CtlError) {
    var sink = Carillon_V1_Sink()
    sink.plugin = id
    sink.configuration = .init()
    fill(&sink)
    // No circuit opens: it is the plugin that is tried.
    sink.limits.breaker.failurePercent = 0
    let request = Carillon_V1_CreateSinkRequest.with {
      $0.parent = Self.namespace
      $0.sinkID = id
      $0.sink = sink
    }
    _ = try await client.call { try await client.sinks.createSink(request, options: $0) }
  }

  private func subscribe(_ type: String, to sink: String) async throws(CtlError) {
    let request = Carillon_V1_CreateSubscriptionRequest.with {
      $0.parent = Self.namespace
      $0.subscriptionID = "to-\(sink)"
      $0.subscription.eventType = type
      $0.subscription.sink = Self.sinkName(sink)
    }
    _ = try await client.call { try await client.subscriptions.createSubscription(request, options: $0) }
  }

  /// Events of a type, due now; answers their names. One that is refused, as its event type is out of order at the moment,
  /// is asked for again.
  func makeEvents(_ type: String, key: String) async throws -> [String] {
    var names: [String] = []
    for number in 0..<Self.events {
      var refusal = CtlError(.timeout, "no answer")
      let name = try await HostWait.value(within: HostWait.outcome) { () -> String? in
        do throws(CtlError) { return try await makeEvent(type, key: "\(key)-\(number)") } catch {
          refusal = error
          return nil
        }
      }
      guard let name else { throw HostFault("no event of the type \(type) can be made: \(refusal.message)") }
      names.append(name)
    }
    return names
  }

  private func makeEvent(_ type: String, key: String) async throws(CtlError) -> String {
    let request = Carillon_V1_CreateEventRequest.with {
      $0.parent = Self.namespace
      $0.eventType = type
      $0.definition = .init()
      $0.queue = Self.queue
      $0.requestID = key
    }
    return try await client.call { try await client.events.createEvent(request, options: $0).name }
  }

  /// A schedule of the hostile type.
  func makeSchedule() async throws(CtlError) {
    let request = Carillon_V1_CreateScheduleRequest.with {
      $0.parent = Self.namespace
      $0.scheduleID = "hostile"
      $0.schedule.eventType = Self.hostile
      $0.schedule.definition = .init()
      $0.schedule.queue = Self.queue
    }
    _ = try await client.call { try await client.schedules.createSchedule(request, options: $0) }
  }

  /// Why the schedule cannot be planned; empty while nothing is known.
  func planError() async throws(CtlError) -> String {
    let name = "\(Self.namespace)/schedules/hostile"
    return try await client.call {
      try await client.schedules.getSchedule(.with { $0.name = name }, options: $0).planError
    }
  }

  /// How many events the hostile schedule has.
  func plannedEvents() async throws(CtlError) -> Int {
    let request = Carillon_V1_ListEventsRequest.with {
      $0.parent = Self.namespace
      $0.schedule = "\(Self.namespace)/schedules/hostile"
    }
    return try await client.call { try await client.events.listEvents(request, options: $0).events.count }
  }

  /// What became of an event.
  func explain(_ name: String) async throws(CtlError) -> Carillon_V1_ExplainEventResponse {
    try await client.call { try await client.events.explainEvent(.with { $0.name = name }, options: $0) }
  }

  /// The hostile plugin.
  func plugin() async throws(CtlError) -> Carillon_V1_Plugin? {
    try await client.call {
      try await client.plugins.listPlugins(.init(), options: $0).plugins.first { $0.name.contains(Self.hostile) }
    }
  }

  /// Why the agent is not ready; nil when it is.
  func notReady() async throws(CtlError) -> String? {
    let status = try await client.call { try await client.agents.getStatus(.init(), options: $0) }
    return status.ready ? nil : status.notReadyReasons.joined(separator: ", ")
  }

  /// The proof that nothing was lost and nothing closed twice.
  func ledger() async throws(CtlError) -> Carillon_V1_VerifyLedgerResponse {
    try await client.call { try await client.events.verifyLedger(.init(), options: $0) }
  }
}
