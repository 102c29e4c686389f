import CivilTime
import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_OccurrenceException {
  /// What a client is shown of what was said about an occurrence.
  init(_ exception: OccurrenceException) {
    self.init()
    occurrenceKey = exception.key
    switch exception.action {
    case .skip: skipped = true
    case .move(let civil): localTime = civil.text
    }
    reason = exception.reason
    createTime = Google_Protobuf_Timestamp(exception.createdAt)
  }
}

extension CivilFields {
  /// ISO 8601 without offset; empty when the fields are no date and time.
  var text: String {
    let civil = try? CivilDateTime(
      year: Int(year), month: Int(month), day: Int(day), hour: Int(hour), minute: Int(minute), second: Int(second))
    return civil?.description ?? ""
  }
}
