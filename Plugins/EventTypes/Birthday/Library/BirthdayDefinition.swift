import Occasions
import PluginKit0

/// What a birthday's definition says, with its defaults.
struct BirthdayDefinition {
  static let members = ["born", "at", "feb29", "lead_days", "templates"]

  /// When the person was born; nil when the user's own date counts.
  let born: YearlyDate?
  let at: CivilTimeOfDay
  let leapDay: LeapDayPolicy
  let leadDays: Int
  let templates: MessageTemplates?

  /// Reads a definition, noting every fault. Members that are absent or at fault get their defaults.
  init(_ reader: inout DefinitionReader) {
    born = reader.text("born", expected: "a date that exists, as YYYY-MM-DD or --MM-DD") { YearlyDate($0) }
    at = reader.text("at", expected: "a time of day, as HH:MM or HH:MM:SS") { CivilTimeOfDay($0) } ?? .nineOClock
    leapDay = reader.text("feb29", expected: "one of \(LeapDayPolicy.names)", LeapDayPolicy.init(rawValue:)) ?? .feb28
    leadDays = reader.integer("lead_days", in: YearlyRule.leads) ?? 0
    guard let object = reader.object("templates") else {
      templates = nil
      return
    }
    var inner = DefinitionReader(object, at: "/templates")
    templates = MessageTemplates(&inner)
    inner.refuseOthers(than: ["title", "text", "html"])
    reader.add(inner.violations)
  }

  /// Reads a definition that was validated when it was made; a fault is an error all the same.
  init(checked definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    self.init(&reader)
    try reader.finish()
  }

  /// Notes a fault for each template that cannot be rendered.
  func checkTemplates(with renderer: TemplateRenderer, _ reader: inout DefinitionReader) {
    var inner = DefinitionReader(JSONObject(), at: "/templates")
    templates?.check(with: renderer, &inner)
    reader.add(inner.violations)
  }
}
