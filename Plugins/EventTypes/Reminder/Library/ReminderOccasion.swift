import Occasions
import PluginKit0

/// One occurrence of a reminder, in words and for machines.
struct ReminderOccasion {
  let key: ReminderKey
  /// The occurrence's own time, by the clocks of the event's zone.
  let local: Civil
  let event: Event
  let person: Person

  func message(_ definition: ReminderDefinition, _ renderer: TemplateRenderer) throws(PluginError) -> Message {
    let members = members
    let words = try words(of: definition.content, renderer, members)
    var message = try renderer.message(for: event, own: definition.templates, otherwise: words, members: members)
    message.contentType = "application/json"
    message.data = data.serialized()
    return message
  }

  private static let maxDerivedTitleBytes = 120

  /// The definition's own texts. Without a title the first line of the text stands for it, without a text the title.
  private func words(
    of content: MessageTemplates, _ renderer: TemplateRenderer, _ members: [TemplateValue.Member]
  ) throws(PluginError) -> Words {
    func render(_ template: String?, _ format: TemplateFormat, _ field: String) throws(PluginError) -> String? {
      guard let template else { return nil }
      return try renderer.render(template, as: format, with: members, field: field)
    }
    let text = try render(content.text, .plain, "/text")
    let firstLine = text?.split(whereSeparator: \.isNewline).first.map { String($0) } ?? ""
    let title =
      try render(content.title, .plain, "/title") ?? firstLine.bounded(toBytes: Self.maxDerivedTitleBytes)
    let line = title.asOneLine.bounded(toBytes: TemplateRenderer.maxTitleBytes)
    return Words(title: line, text: text ?? line, html: try render(content.html, .html, "/html"))
  }

  private var data: JSONObject {
    var data = JSONObject()
    data["start"] = .string(key.timeText)
    data["lead_minutes"] = .integer(Int64(key.leadMinutes))
    return data
  }

  private var members: [TemplateValue.Member] {
    event.templateMembers(person) + [
      .init("start_date", .text(local.date.description)), .init("start_time", .text(local.time.short)),
      .init("start_text", .text("\(English.weekdayAndDay(local.date)) \(local.date.year) at \(local.time.short)")),
      .init("date_text", .text(English.date(local.date))), .init("day_text", .text(English.day(local.date))),
      .init("weekday", .text(English.weekday(local.date))),
      .init("lead_minutes", .text(String(key.leadMinutes))), .init("lead_text", .text(leadText)),
      .init("has_lead", .flag(key.leadMinutes > 0)),
    ]
  }

  /// `now`, `in 15 minutes`, `in one hour`, `in 2 days`, `15 minutes ago`.
  private var leadText: String {
    let minutes = abs(key.leadMinutes)
    if minutes == 0 { return "now" }
    let (count, unit) =
      minutes % 1_440 == 0 ? (minutes / 1_440, "day") : minutes % 60 == 0 ? (minutes / 60, "hour") : (minutes, "minute")
    let span = count == 1 ? "one \(unit)" : "\(English.number(count)) \(unit)s"
    return key.leadMinutes > 0 ? "in \(span)" : "\(span) ago"
  }
}
