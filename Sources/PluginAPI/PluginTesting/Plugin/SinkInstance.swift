import CPluginAPI

/// One delivery, as a case wants it.
struct DeliverySample: Sendable {
  var key = "evt_check_1"
  var endpoint = ""
  var carry = ""
  var attempt: UInt32 = 1
  var event = EventSample()
  var message = MessageSample()
  /// Empty texts as {NULL, 0}.
  var isEmptyNull = false

  func write(
    _ memory: CallMemory, _ shape: Shape, ticket: carillon_ticket, deadline: Int64
  ) -> UnsafePointer<carillon_delivery> {
    let text = { (value: String) in isEmptyNull && value.isEmpty ? carillon_str() : memory.text(value) }
    let delivery = carillon_delivery(
      struct_size: 0, attempt: attempt, ticket: ticket, idempotency_key: text(key), endpoint: text(endpoint),
      carry: text(carry), deadline_ns: deadline, first_attempt_ns: Clock.wall, late_ns: 0,
      event: event.write(memory, shape), message: message.write(memory, shape))
    return memory.structure(delivery, bytes: shape.bytes(carillon_delivery.self))
  }
}

/// An instance of a sink.
struct SinkInstance: @unchecked Sendable {
  // Unchecked: C function pointers and the plugin's own pointer, called within the contract.
  let table: carillon_sink_1
  let calls: Calls
  let instance: OpaquePointer
  let tickets: TicketBook

  /// What became of one call of `deliver`.
  struct Batch: Sendable {
    var answer: Answer
    var tickets: [carillon_ticket]
    var deadline: Int64
  }

  func activate() -> Answer {
    tickets.contents.with { $0.isActive = true }
    return Answer.of("activate", calls) { table.activate(instance, $0) }
  }

  /// Hands deliveries over.
  func deliver(
    _ samples: [DeliverySample], limitMilliseconds: Int64, mode: CallMemory.Mode = .plain, shape: Shape = .init(),
    given: [carillon_ticket]? = nil
  ) -> Batch {
    let open = given ?? tickets.open(samples.count)
    let deadline = Clock.monotonic + limitMilliseconds * 1_000_000
    let memory = CallMemory(mode)
    defer { memory.end() }
    let list = memory.list(
      zip(samples, open).map { Optional($0.write(memory, shape, ticket: $1, deadline: deadline)) })
    let answer = Answer.of("deliver", calls) { table.deliver(instance, list, samples.count, $0) }
    if !answer.isOK { tickets.refuse(open) }
    return Batch(answer: answer, tickets: open, deadline: deadline)
  }

  func cancel(_ tickets: [carillon_ticket], mode: CallMemory.Mode = .plain) {
    let memory = CallMemory(mode)
    defer { memory.end() }
    calls.run("cancel") { table.cancel(instance, memory.list(tickets), tickets.count) }
  }

  func drain(milliseconds: UInt64) -> carillon_status { calls.run("drain") { table.drain(instance, milliseconds) } }

  func deactivate() {
    calls.run("deactivate") { table.deactivate(instance) }
    tickets.contents.with { $0.isActive = false }
  }

  func destroy() { calls.run("destroy") { table.destroy(instance) } }

  /// Waits for the end of a batch as the agent does: until its deadline, then asks to cancel, then for the grace.
  /// - Returns: how many are open even then.
  func settle(_ batch: Batch, grace: Int64 = SinkInstance.graceMilliseconds) -> Int {
    guard batch.answer.isOK else { return 0 }
    if tickets.wait(for: batch.tickets, until: batch.deadline) { return 0 }
    cancel(batch.tickets)
    _ = tickets.wait(for: batch.tickets, until: batch.deadline + grace * 1_000_000)
    return tickets.openCount(of: batch.tickets)
  }

  /// How long after its deadline a cancelled delivery may still take.
  static let graceMilliseconds: Int64 = 2_000
}

extension StartedPlugin {
  /// Makes an instance of the sink.
  func createSink(
    _ name: String, _ configuration: String, _ mode: CallMemory.Mode = .plain
  ) throws(CaseEnd) -> (answer: Answer, instance: SinkInstance?) {
    let table = try sink()
    allow(name, configuration: configuration)
    let made = create(table.create, name, configuration, CallMemory(mode))
    return (
      made.answer,
      made.instance.map { SinkInstance(table: table, calls: calls, instance: $0, tickets: host.tickets) }
    )
  }
}
