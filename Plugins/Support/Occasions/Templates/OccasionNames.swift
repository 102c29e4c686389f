import PluginKit0

extension OccasionKey {
  /// The names that templates of yearly events can use for the date celebrated and the lead.
  public var templateMembers: [TemplateValue.Member] {
    [
      .init("date", .text(date.description)), .init("date_text", .text(English.date(date))),
      .init("day_text", .text(English.day(date))), .init("weekday", .text(English.weekday(date))),
      .init("lead_days", .text(String(leadDays))), .init("lead_text", .text(English.inDays(leadDays))),
      .init("has_lead", .flag(leadDays > 0)),
    ]
  }
}
