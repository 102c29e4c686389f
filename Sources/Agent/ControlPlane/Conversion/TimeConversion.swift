import EventModel
import SwiftProtobuf

extension Google_Protobuf_Timestamp {
  /// The same instant.
  init(_ time: Timestamp) {
    self.init()
    seconds = time.seconds
    nanos = Int32(truncatingIfNeeded: (time - Timestamp(seconds: time.seconds)).microseconds * 1_000)
  }
}

extension Timestamp {
  /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, what the well-known type may hold.
  static let wellKnownSeconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// The same instant, to the microsecond.
  /// - Throws: `ModelError` that names `field`, outside of the years 1 to 9999.
  init(_ time: Google_Protobuf_Timestamp, field: String) throws(ModelError) {
    guard Self.wellKnownSeconds.contains(time.seconds), (0..<1_000_000_000).contains(time.nanos) else {
      throw ModelError(field: field, "must be a time of the years 1 to 9999")
    }
    self = Timestamp(seconds: time.seconds) + TimeSpan(microseconds: Int64(time.nanos) / 1_000)
  }
}

extension Google_Protobuf_Duration {
  /// The same span.
  init(_ span: TimeSpan) {
    self.init()
    seconds = span.microseconds / 1_000_000
    nanos = Int32(truncatingIfNeeded: span.microseconds % 1_000_000 * 1_000)
  }
}

extension TimeSpan {
  /// The same span, to the microsecond.
  /// - Throws: `ModelError` that names `field`, when it is no valid duration or over 10,000 years.
  init(_ span: Google_Protobuf_Duration, field: String) throws(ModelError) {
    let sameSign = span.seconds == 0 || span.nanos == 0 || (span.seconds < 0) == (span.nanos < 0)
    guard sameSign, (-315_576_000_000...315_576_000_000).contains(span.seconds),
      (-999_999_999...999_999_999).contains(span.nanos)
    else { throw ModelError(field: field, "must be a valid duration of at most 10000 years") }
    let (micros, overflow) = TimeSpan.seconds(span.seconds).microseconds
      .addingReportingOverflow(Int64(span.nanos) / 1_000)
    self.init(microseconds: overflow ? .max : micros)
  }
}
