public import PluginKit0

/// The members that the definitions of yearly event types have in common, with their defaults.
public struct YearlyDefinition: Sendable, Hashable {
  /// Their names.
  public static let members = ["at", "feb29", "lead_days", "templates"]

  /// When on the day; 09:00.
  public let at: CivilTimeOfDay
  /// What becomes of 29 February; the 28th.
  public let leapDay: LeapDayPolicy
  /// How many days before the occasion the events are; 0 alone.
  public let leadDays: [Int]
  /// What replaces the built-in words.
  public let templates: MessageTemplates?

  /// Reads the members, noting every fault. Members that are absent or at fault get their defaults.
  public init(_ reader: inout DefinitionReader) {
    at = reader.text("at", expected: "a time of day, as HH:MM or HH:MM:SS") { CivilTimeOfDay($0) } ?? .nineOClock
    leapDay = reader.text("feb29", expected: "one of \(LeapDayPolicy.names)", LeapDayPolicy.init(rawValue:)) ?? .feb28
    leadDays = Self.leadDays(&reader)
    templates = MessageTemplates(member: "templates", &reader)
  }

  private static func leadDays(_ reader: inout DefinitionReader) -> [Int] {
    if reader.isNumber("lead_days") { return [reader.integer("lead_days", in: YearlyRule.leads) ?? 0] }
    return reader.integers("lead_days", in: YearlyRule.leads, atMost: YearlyRule.maxLeads, orElse: "a whole number")
      ?? [0]
  }

  /// Notes a fault for each template that cannot be rendered.
  public func checkTemplates(with renderer: TemplateRenderer, _ reader: inout DefinitionReader) {
    var inner = DefinitionReader(JSONObject(), at: reader.pointer("templates"))
    templates?.check(with: renderer, &inner)
    reader.add(inner.violations)
  }

  /// The rule of a date by these members.
  public func rule(for date: YearlyDate, milestones: Milestones? = nil) -> YearlyRule {
    YearlyRule(date: date, at: at, leapDay: leapDay, leadDays: leadDays, milestones: milestones)
  }
}
