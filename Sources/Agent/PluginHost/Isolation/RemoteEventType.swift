import CPluginAPI
import FoundationEssentials
import RunnerProtocol
import SwiftProtobuf

/// `carillon.event-type/1` of a plugin in a process of its own.
struct RemoteEventType: EventTypeFunctions {
  let calls: RemoteCalls
  let threadModel: UInt32

  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status { calls.create(name, configuration, &instance, error) }

  func validate(_ instance: OpaquePointer, _ definition: carillon_str, _ error: OpaquePointer) -> carillon_status {
    calls.call(instance, .validate(.with { $0.definition = Data(definition) }), error).status
  }

  func next(
    _ instance: OpaquePointer, _ requests: UnsafeMutablePointer<UnsafePointer<carillon_next_request>?>, _ count: Int,
    _ emit: carillon_emit_occurrence, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status {
    var place = 0
    while place < count {
      var message = Carillon_Runner_V1_Next()
      var bytes = 0
      while place + message.requests.count < count, bytes < RemoteCalls.frameBytes,
        let request = requests[place + message.requests.count]
      {
        message.requests.append(.init(request.pointee))
        bytes += request.pointee.definition_json.len + request.pointee.user_json.len + 128
      }
      guard !message.requests.isEmpty else { return CARILLON_INVALID }
      let outcome = calls.call(instance, .next(message), error)
      guard outcome.status == CARILLON_OK, let reply = outcome.reply else { return outcome.status }
      let places = Places(first: place, inFrame: message.requests.count, inCall: count)
      for occurrence in reply.occurrences where !take(occurrence, places, emit, context) { return CARILLON_OK }
      place += message.requests.count
    }
    return CARILLON_OK
  }

  /// Emits as the plugin would have in this process; false when the host wants no more.
  private func take(
    _ occurrence: Carillon_Runner_V1_Occurrence, _ places: Places, _ emit: carillon_emit_occurrence,
    _ context: UnsafeMutableRawPointer
  ) -> Bool {
    let borrowed = BorrowedBytes()
    return withExtendedLifetime(borrowed) {
      var value = carillon_occurrence(
        struct_size: carillon_occurrence.fullSize, kind: occurrence.kind, civil: carillon_civil(occurrence.civil),
        flags: occurrence.flags, instant_ns: occurrence.instantNs, ordinal: occurrence.ordinal,
        key: borrowed.lend(occurrence.key))
      return emit(context, places.place(occurrence.request), &value) == CARILLON_OK
    }
  }

  func render(
    _ instance: OpaquePointer, _ events: UnsafeMutablePointer<UnsafePointer<carillon_event>?>, _ count: Int,
    _ emit: carillon_emit_message, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status {
    var place = 0
    while place < count {
      var message = Carillon_Runner_V1_Render()
      var list = EventList()
      var bytes = 0
      while place + message.events.count < count, bytes < RemoteCalls.frameBytes,
        let event = events[place + message.events.count]
      {
        message.events.append(list.next(event.pointee))
        bytes += EventList.bytes(event.pointee)
      }
      guard !message.events.isEmpty else { return CARILLON_INVALID }
      let outcome = calls.call(instance, .render(message), error)
      guard outcome.status == CARILLON_OK, let reply = outcome.reply else { return outcome.status }
      let places = Places(first: place, inFrame: message.events.count, inCall: count)
      for rendered in reply.messages where !take(rendered, places, emit, context) { return CARILLON_OK }
      place += message.events.count
    }
    return CARILLON_OK
  }

  private func take(
    _ message: Carillon_Runner_V1_Message, _ places: Places, _ emit: carillon_emit_message,
    _ context: UnsafeMutableRawPointer
  ) -> Bool {
    let borrowed = BorrowedBytes()
    return withExtendedLifetime(borrowed) {
      var value = carillon_message(
        struct_size: carillon_message.fullSize, flags: message.flags, title: borrowed.lend(message.title),
        text: borrowed.lend(message.text), html: borrowed.lend(message.html),
        content_type: borrowed.lend(message.contentType), data: borrowed.lend(message.data))
      return emit(context, places.place(message.event), &value) != CARILLON_STOP
    }
  }

  /// Where in the whole call an item of a frame stands; one that does not exist stays one that does not exist.
  private struct Places {
    let first: Int
    let inFrame: Int
    let inCall: Int

    func place(_ index: UInt64) -> Int {
      guard index >= UInt64(inFrame) else { return Int(index) + first }
      return max(inCall, Int(clamping: index))
    }
  }

  func destroy(_ instance: OpaquePointer) { _ = calls.call(instance, .destroy(.init())) }
}

extension Carillon_Runner_V1_Next.Request {
  fileprivate init(_ request: carillon_next_request) {
    self.init()
    max = request.max
    definition = Data(request.definition_json)
    user = Data(request.user_json)
    timeZone = Data(request.time_zone)
    guard let after = request.after?.pointee else { return }
    cursorFlags = after.flags
    civil = .init(after.civil)
    instantNs = after.instant_ns
    ordinal = after.ordinal
    key = Data(after.key)
  }
}
