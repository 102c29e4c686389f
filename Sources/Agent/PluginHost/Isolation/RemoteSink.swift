import CPluginAPI
import FoundationEssentials
import RunnerProtocol
import SwiftProtobuf

/// `carillon.sink/1` of a plugin in a process of its own.
struct RemoteSink: SinkFunctions {
  let calls: RemoteCalls
  let threadModel: UInt32
  let tickets: TicketTable

  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status { calls.create(name, configuration, &instance, error) }

  func activate(_ instance: OpaquePointer, _ error: OpaquePointer) -> carillon_status {
    calls.call(instance, .activate(.init()), error).status
  }

  /// Sends the deliveries in as many frames as they need. The first frame that is refused ends the call, and nothing of
  /// it or after it was taken; what was taken before stays taken.
  func deliver(
    _ instance: OpaquePointer, _ deliveries: UnsafeMutablePointer<UnsafePointer<carillon_delivery>?>, _ count: Int,
    _ error: OpaquePointer
  ) -> carillon_status {
    var place = 0
    while place < count {
      var frame = DeliveryFrame()
      var end = place
      while end < count, frame.bytes < RemoteCalls.frameBytes, let delivery = deliveries[end] {
        frame.add(delivery.pointee)
        end += 1
      }
      guard end > place else { return CARILLON_INVALID }
      let outcome = calls.call(instance, .deliver(frame.message), error)
      if outcome.status != CARILLON_OK {
        if let end = outcome.end { lost(frame.tickets, end) }
        return outcome.status
      }
      place = end
    }
    return CARILLON_OK
  }

  /// The process ended with these in its hands: they may have arrived.
  private func lost(_ ids: [carillon_ticket], _ why: String) {
    tickets.close(ids) { ResultReader.processEnded($0, why) }
  }

  func cancel(_ instance: OpaquePointer, _ tickets: [carillon_ticket]) {
    guard let process = calls.process(of: instance) else { return }
    process.send(
      .with { message in
        message.cancel = .with {
          $0.instance = RemoteCalls.number(instance)
          $0.tickets = tickets
        }
      })
  }

  func drain(_ instance: OpaquePointer, _ milliseconds: UInt64) -> carillon_status {
    calls.call(instance, .drain(.with { $0.timeoutMs = milliseconds }))
  }

  func deactivate(_ instance: OpaquePointer) { _ = calls.call(instance, .deactivate(.init())) }

  func destroy(_ instance: OpaquePointer) { _ = calls.call(instance, .destroy(.init())) }
}

/// Deliveries on their way into one frame. Those of one event share it, and its message.
private struct DeliveryFrame {
  private(set) var message = Carillon_Runner_V1_Deliver()
  private(set) var bytes = 0
  private(set) var tickets: [carillon_ticket] = []
  private var events = EventList()
  private var lastEvent: UnsafePointer<carillon_event>?
  private var lastMessage: UnsafePointer<carillon_message>?

  mutating func add(_ delivery: carillon_delivery) {
    if let event = delivery.event, event != lastEvent {
      message.events.append(events.next(event.pointee))
      bytes += EventList.bytes(event.pointee)
      lastEvent = event
    }
    if let content = delivery.message, content != lastMessage {
      message.messages.append(.init(content.pointee))
      bytes += content.pointee.bytes
      lastMessage = content
    }
    tickets.append(delivery.ticket)
    bytes += delivery.carry.len + delivery.endpoint.len + delivery.idempotency_key.len + 64
    message.deliveries.append(
      .with {
        $0.ticket = delivery.ticket
        $0.attempt = delivery.attempt
        $0.idempotencyKey = Data(delivery.idempotency_key)
        $0.endpoint = Data(delivery.endpoint)
        $0.carry = Data(delivery.carry)
        $0.deadlineNs = delivery.deadline_ns
        $0.firstAttemptNs = delivery.first_attempt_ns
        $0.lateNs = delivery.late_ns
        $0.event = UInt32(message.events.count - 1)
        $0.message = UInt32(message.messages.count - 1)
      })
  }
}

extension Carillon_Runner_V1_Message {
  fileprivate init(_ message: carillon_message) {
    self.init()
    flags = message.flags
    title = Data(message.title)
    text = Data(message.text)
    html = Data(message.html)
    contentType = Data(message.content_type)
    data = Data(message.data)
  }
}

extension carillon_message {
  fileprivate var bytes: Int { title.len + text.len + html.len + content_type.len + data.len }
}
