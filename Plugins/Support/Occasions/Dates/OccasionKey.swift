public import PluginKit0

/// The identity of a yearly occurrence: the date celebrated, plus the lead. Written `2026-05-04`, and with a lead
/// `2026-05-04-7d`.
///
/// Neither the hour nor the zone is part of it, so that changing them celebrates nothing twice.
public struct OccasionKey: Sendable, Hashable, CustomStringConvertible {
  /// The date celebrated.
  public let date: CivilDate
  /// How many days before it the event is; 0 on the day itself.
  public let leadDays: Int

  /// An identity; nil for a lead outside ``YearlyRule/leads``.
  public init?(date: CivilDate, leadDays: Int) {
    guard YearlyRule.leads ~= leadDays else { return nil }
    self.date = date
    self.leadDays = leadDays
  }

  /// Reads what ``description`` writes, and nothing else.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let date = scanner.date() else { return nil }
    if scanner.atEnd {
      self.init(date: date, leadDays: 0)
    } else {
      guard scanner.skip("-"), scanner.next != UInt8(ascii: "0"), let lead = scanner.number(upTo: 3),
        scanner.skip("d"), scanner.atEnd
      else { return nil }
      self.init(date: date, leadDays: lead.value)
    }
  }

  /// `YYYY-MM-DD[-Nd]`
  public var description: String { leadDays == 0 ? date.description : "\(date)-\(leadDays)d" }
}
