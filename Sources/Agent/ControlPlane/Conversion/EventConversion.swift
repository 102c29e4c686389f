import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Carillon_V1_Event {
  /// What a client is shown of an event.
  init(_ event: EventSummary, zones: any ZoneCatalog) {
    self.init()
    name = ResourceName(kind: .event, namespace: event.namespace, id: event.identity.text).text
    schedule = ResourceName(kind: .schedule, namespace: event.namespace, id: event.scheduleID).text
    user = event.userID.map { ResourceName(kind: .user, namespace: event.namespace, id: $0).text } ?? ""
    eventType = event.eventType
    occurrenceKey = event.identity.key
    queue = event.queue
    dueTime = Google_Protobuf_Timestamp(event.dueAt)
    timeZone = event.timeZone
    localTime = zones.localTime(of: event.dueAt, zone: event.timeZone) ?? ""
    state = State(event.state)
    attempt = event.attempt
    if let settled = event.settledAt { settleTime = Google_Protobuf_Timestamp(settled) }
    test = event.isTest
  }
}

extension Carillon_V1_Event.State {
  init(_ state: EventState) {
    self =
      switch state {
      case .pending: .pending
      case .processing: .processing
      case .completed: .completed
      case .failed: .failed
      case .cancelled: .cancelled
      case .expired: .expired
      case .skipped: .skipped
      }
  }
}

extension EventState {
  init(_ state: Carillon_V1_Event.State, field: String) throws(ModelError) {
    switch state {
    case .pending: self = .pending
    case .processing: self = .processing
    case .completed: self = .completed
    case .failed: self = .failed
    case .cancelled: self = .cancelled
    case .expired: self = .expired
    case .skipped: self = .skipped
    case .unspecified, .UNRECOGNIZED: throw ModelError(field: field, "must be states of Event.State")
    }
  }
}

extension Carillon_V1_ReceiptChange {
  init(_ receipt: WatchedReceipt) {
    self.init()
    event = ResourceName(kind: .event, namespace: receipt.namespace, id: receipt.identity.text).text
    sink = receipt.sink
    outcome = receipt.outcome.rawValue
    code = receipt.code
    time = Google_Protobuf_Timestamp(receipt.doneAt)
  }
}
