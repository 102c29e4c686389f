public import CivilTime
public import EventModel

/// Between the model's plain fields and rules and CivilTime's; here because both are Pipeline's to see, and Daemon's.
extension CivilDateTime {
  /// The date and time of plain fields; `fold` is not part of it.
  /// - Throws: when there is no such date or time.
  public init(_ fields: CivilFields) throws(CivilTimeError) {
    self.init(
      try CivilDate(year: Int(fields.year), month: Int(fields.month), day: Int(fields.day)),
      try CivilTimeOfDay(hour: Int(fields.hour), minute: Int(fields.minute), second: Int(fields.second)))
  }
}

extension CivilFields {
  /// The fields of a reading; CivilTime's years and times fit them.
  public init(_ reading: LocalReading) {
    let (date, time) = (reading.civil.date, reading.civil.time)
    self.init(
      year: Int32(clamping: date.year), month: UInt8(clamping: date.month), day: UInt8(clamping: date.day),
      hour: UInt8(clamping: time.hour), minute: UInt8(clamping: time.minute), second: UInt8(clamping: time.second),
      fold: reading.fold.rawValue)
  }
}

extension GapPolicy {
  /// The policy of a schedule's rule.
  public init(_ rule: GapRule) {
    self =
      switch rule {
      case .shiftForward: .shiftForward
      case .before: .before
      case .skip: .skip
      }
  }
}

extension FoldPolicy {
  /// The policy of a schedule's rule.
  public init(_ rule: FoldRule) {
    self =
      switch rule {
      case .first: .first
      case .second: .second
      case .both: .both
      }
  }
}
