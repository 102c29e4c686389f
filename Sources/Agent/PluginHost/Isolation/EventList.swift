import CPluginAPI
import FoundationEssentials
import RunnerProtocol

/// Writes events one after the other: a text that is the very one of the event before is not sent again.
struct EventList {
  private var last: carillon_event?

  /// Bits of `same` (`runner.proto`).
  private enum Same {
    static let namespace: UInt32 = 1
    static let type: UInt32 = 2
    static let timeZone: UInt32 = 4
    static let locale: UInt32 = 8
    static let definition: UInt32 = 16
    static let templates: UInt32 = 32
    static let user: UInt32 = 64
  }

  /// The next event.
  mutating func next(_ event: carillon_event) -> Carillon_Runner_V1_Event {
    var message = Carillon_Runner_V1_Event()
    var same: UInt32 = 0
    func share(_ text: carillon_str, _ last: carillon_str?, _ bit: UInt32) -> Data {
      // The host writes equal texts once, so that the pointer tells.
      if let last, last.ptr == text.ptr, last.len == text.len {
        same |= bit
        return Data()
      }
      return Data(text)
    }
    message.flags = event.flags
    message.id = Data(event.id)
    message.namespace_ = share(event.namespace_, last?.namespace_, Same.namespace)
    message.type = share(event.type, last?.type, Same.type)
    message.scheduleID = Data(event.schedule_id)
    message.occurrenceKey = Data(event.occurrence_key)
    message.timeZone = share(event.time_zone, last?.time_zone, Same.timeZone)
    message.locale = share(event.locale, last?.locale, Same.locale)
    message.user = share(event.user_json, last?.user_json, Same.user)
    message.definition = share(event.definition_json, last?.definition_json, Same.definition)
    message.data = Data(event.data_json)
    message.local = .init(event.local)
    message.dueNs = event.due_ns
    message.templates = share(event.templates_json, last?.templates_json, Same.templates)
    message.same = same
    last = event
    return message
  }

  /// About as many bytes as an event takes.
  static func bytes(_ event: carillon_event) -> Int {
    event.id.len + event.user_json.len + event.definition_json.len + event.templates_json.len + event.schedule_id.len
      + event.occurrence_key.len + 128
  }
}
