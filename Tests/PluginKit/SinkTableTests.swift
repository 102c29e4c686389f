import CPluginAPI
import PluginKit0
import Synchronization
import Testing

@Suite struct SinkTableTests {
  private let table = CHost.plugin.sink

  /// Makes an instance, hands its handle to the body, ends it.
  private func withSink(_ name: String, _ configuration: String = "{}", _ body: (OpaquePointer?) -> Void) {
    var handle: OpaquePointer?
    let status = lend(name) { name in lend(configuration) { table.create(name, $0, &handle, nil) } }
    #expect(status == CARILLON_OK)
    body(handle)
    table.destroy(handle)
  }

  private func lines(of instance: String) -> [String] {
    CHost.state.withLock { $0.lines.filter { $0.contains(" \(instance): ") } }
  }

  private func result(_ ticket: UInt64) -> DeliveryResult? { CHost.state.withLock { $0.completed[ticket] } }

  @Test func completionsCarryEveryField() {
    withSink("whole") { sink in
      let arena = Arena()
      let tickets = [CHost.ticket(), CHost.ticket()]
      let deliveries: [UnsafePointer<carillon_delivery>?] = [
        arena.keep(arena.delivery(tickets[0], id: "one")), arena.keep(arena.delivery(tickets[1], id: "two")),
      ]
      #expect(table.deliver(sink, deliveries, 2, nil) == CARILLON_OK)
      #expect(
        result(tickets[1])
          == DeliveryResult(
            .retry, retryAfterMilliseconds: 1500, code: "http-503", detail: "hello two", receipt: "two", carry: "c+"))
      #expect(result(tickets[0])?.receipt == "one")
    }
  }

  @Test func aDoubleCompletionIsStaleAndHarmsNothing() {
    withSink("double") { sink in
      let arena = Arena()
      let delivery: UnsafePointer<carillon_delivery>? = arena.keep(arena.delivery(CHost.ticket(), id: "x"))
      #expect(table.deliver(sink, [delivery], 1, nil) == CARILLON_OK)
      #expect(lines(of: "double") == ["2 double: completed: taken, again: someStale"])
    }
  }

  @Test func noRoomTakesNothing() {
    withSink("busy", #"{"busy":true}"#) { sink in
      let arena = Arena()
      let ticket = CHost.ticket()
      let delivery: UnsafePointer<carillon_delivery>? = arena.keep(arena.delivery(ticket, id: "x"))
      let (status, contents) = collecting { table.deliver(sink, [delivery], 1, $0) }
      #expect(status == CARILLON_BUSY)
      #expect(contents.message == "no room")
      #expect(result(ticket) == nil)
    }
  }

  @Test func oneDamagedDeliveryRefusesTheBatch() {
    withSink("damaged") { sink in
      let arena = Arena()
      let good = CHost.ticket()
      var damaged = arena.delivery(CHost.ticket(), id: "x")
      damaged.event = nil
      let batch: [UnsafePointer<carillon_delivery>?] = [arena.keep(arena.delivery(good, id: "g")), arena.keep(damaged)]
      #expect(table.deliver(sink, batch, 2, nil) == CARILLON_INVALID)
      #expect(result(good) == nil)
      damaged = arena.delivery(0, id: "x")
      #expect(table.deliver(sink, [arena.keep(damaged)], 1, nil) == CARILLON_INVALID)
      #expect(table.deliver(sink, [nil], 1, nil) == CARILLON_INVALID)
    }
  }

  @Test func heldDeliveriesAreCancelledDrainedAndGivenUp() {
    withSink("held", #"{"hold":true}"#) { sink in
      let arena = Arena()
      let tickets = [CHost.ticket(), CHost.ticket()]
      let batch: [UnsafePointer<carillon_delivery>?] = tickets.map { arena.keep(arena.delivery($0, id: "h")) }
      #expect(table.deliver(sink, batch, 2, nil) == CARILLON_OK)
      table.cancel(sink, [tickets[0], 999_999], 2)
      #expect(result(tickets[0])?.outcome == .cancelled)
      #expect(table.drain(sink, .max) == CARILLON_FAILED)
      table.deactivate(sink)
      #expect(result(tickets[1])?.outcome == .unknown)
      #expect(table.drain(sink, 5) == CARILLON_OK)
      #expect(lines(of: "held").last == "2 held: draining for 0.005 seconds")
    }
  }

  @Test func aSecretIsResolvedAndNeverShown() {
    withSink("secretive", #"{"secret":"env:TOKEN"}"#) { sink in
      #expect(table.activate(sink, nil) == CARILLON_OK)
      #expect(
        lines(of: "secretive") == [
          "3 secretive: activating", "2 secretive: a secret of 7 bytes, shown as <secret>",
        ])
    }
  }

  @Test func aSecretThatIsDeniedSaysWhichOne() {
    withSink("denied", #"{"secret":"env:OTHER"}"#) { sink in
      let (status, contents) = collecting { table.activate(sink, $0) }
      #expect(status == CARILLON_DENIED)
      #expect(contents.message == "the secret env:OTHER may not be had")
    }
  }

  @Test func nullHandlesAreRefused() {
    #expect(table.activate(nil, nil) == CARILLON_INVALID)
    #expect(table.deliver(nil, nil, 0, nil) == CARILLON_INVALID)
    #expect(table.drain(nil, 1) == CARILLON_INVALID)
    table.cancel(nil, nil, 4)
    table.deactivate(nil)
    table.destroy(nil)
  }
}
