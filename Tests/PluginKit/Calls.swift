import CPluginAPI
import PluginKit0
import Synchronization

/// An instance behind the C table, with each call's outcome as a value.
final class EventTypeCaller {
  let table = CHost.plugin.events
  var handle: OpaquePointer?
  var stopAfter = Int.max

  struct Given: Equatable {
    var request: Int
    var key: String
    var kind: Int32
    var ordinal: UInt64
    var instant: Int64
    var day: UInt8
  }
  var occurrences: [Given] = []
  var messages: [Int: Message] = [:]

  func create(_ name: String, _ configuration: String = "{}") -> (carillon_status, CHost.Collector.Contents) {
    collecting { error in
      lend(name) { name in lend(configuration) { table.create(name, $0, &handle, error) } }
    }
  }

  func validate(_ definition: String) -> (carillon_status, CHost.Collector.Contents) {
    collecting { error in lend(definition) { table.validate(handle, $0, error) } }
  }

  /// One batch; `adjust` may damage each request before it goes out.
  func next(
    _ definitions: [String], max: UInt32 = 10,
    adjust: (inout carillon_next_request, inout carillon_cursor) -> Void = { _, _ in }
  ) -> (carillon_status, CHost.Collector.Contents) {
    let arena = Arena()
    let requests: [UnsafePointer<carillon_next_request>?] = definitions.map { definition in
      var cursor = carillon_cursor()
      cursor.struct_size = UInt32(MemoryLayout<carillon_cursor>.size)
      cursor.civil = carillon_civil(
        year: 2026, month: 5, day: 4, hour: 9, minute: 0, second: 0, fold: 0, reserved: (0, 0))
      cursor.instant_ns = 77
      var request = carillon_next_request()
      request.struct_size = UInt32(MemoryLayout<carillon_next_request>.size)
      request.max = max
      request.definition_json = arena.text(definition)
      request.user_json = arena.text("{}")
      request.time_zone = arena.text("Europe/Berlin")
      adjust(&request, &cursor)
      request.after = arena.keep(cursor)
      return arena.keep(request)
    }
    return collecting { error in
      table.next(
        handle, requests, requests.count,
        { context, request, occurrence in
          guard let context, let occurrence else { return CARILLON_INVALID }
          let caller = Unmanaged<EventTypeCaller>.fromOpaque(context).takeUnretainedValue()
          let value = occurrence.pointee
          caller.occurrences.append(
            Given(
              request: request, key: CHost.text(value.key), kind: value.kind, ordinal: value.ordinal,
              instant: value.instant_ns, day: value.civil.day))
          return caller.occurrences.count >= caller.stopAfter ? CARILLON_STOP : CARILLON_OK
        }, Unmanaged.passUnretained(self).toOpaque(), error)
    }
  }

  func render(_ events: [UnsafePointer<carillon_event>?]) -> (carillon_status, CHost.Collector.Contents) {
    collecting { error in
      table.render(
        handle, events, events.count,
        { context, event, message in
          guard let context, let message = message?.pointee else { return CARILLON_INVALID }
          let caller = Unmanaged<EventTypeCaller>.fromOpaque(context).takeUnretainedValue()
          caller.messages[event] = Message(
            title: CHost.text(message.title), text: CHost.text(message.text), html: CHost.text(message.html),
            contentType: CHost.text(message.content_type), data: CHost.text(message.data))
          return caller.messages.count >= caller.stopAfter ? CARILLON_STOP : CARILLON_OK
        }, Unmanaged.passUnretained(self).toOpaque(), error)
    }
  }

  deinit { table.destroy(handle) }
}

func collecting(_ call: (OpaquePointer?) -> carillon_status) -> (carillon_status, CHost.Collector.Contents) {
  let collector = CHost.Collector()
  let status = withExtendedLifetime(collector) { call(collector.opaque) }
  return (status, collector.contents.withLock { $0 })
}

/// C values that live as long as the arena.
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  func keep<Value>(_ value: Value) -> UnsafePointer<Value> {
    let space = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    space.initialize(to: value)
    blocks.append(UnsafeMutableRawPointer(space))
    return UnsafePointer(space)
  }

  func text(_ text: String) -> carillon_str { bytes(Array(text.utf8)) }

  func bytes(_ bytes: [UInt8]) -> carillon_str {
    let space = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
    space.copyMemory(from: bytes, byteCount: bytes.count)
    blocks.append(space)
    return carillon_str(ptr: space.assumingMemoryBound(to: CChar.self), len: bytes.count)
  }

  func event(_ id: String, definition: String = "{}") -> carillon_event {
    var event = carillon_event()
    event.struct_size = UInt32(MemoryLayout<carillon_event>.size)
    event.id = text(id)
    event.type = text("probe")
    event.occurrence_key = text("2026-05-04")
    event.time_zone = text("UTC")
    event.user_json = text(#"{"id":"ada"}"#)
    event.definition_json = text(definition)
    event.data_json = text("{}")
    event.local = carillon_civil(
      year: 2026, month: 5, day: 4, hour: 9, minute: 0, second: 0, fold: 0, reserved: (0, 0))
    return event
  }

  func delivery(_ ticket: UInt64, id: String) -> carillon_delivery {
    var message = carillon_message()
    message.struct_size = UInt32(MemoryLayout<carillon_message>.size)
    message.title = text("hello \(id)")
    var delivery = carillon_delivery()
    delivery.struct_size = UInt32(MemoryLayout<carillon_delivery>.size)
    delivery.attempt = 2
    delivery.ticket = ticket
    delivery.idempotency_key = text("key-\(id)")
    delivery.carry = text("c")
    delivery.event = keep(event(id))
    delivery.message = keep(message)
    return delivery
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
