import Occasions
import PluginKit0

/// One birthday of one person, in words and for machines.
struct BirthdayOccasion {
  let key: OccasionKey
  let person: Person
  /// How old the person becomes; nil when the year of birth is unknown.
  let age: Int?

  init(key: OccasionKey, bornIn year: Int?, person: Person) {
    self.key = key
    self.person = person
    age = year.map { key.date.year - $0 }.flatMap { $0 >= 1 ? $0 : nil }
  }

  func message(
    for event: Event, templates: MessageTemplates?, renderer: TemplateRenderer
  ) throws(PluginError) -> Message {
    guard let templates else {
      let text = text
      return Message(title: title, text: text, html: Self.paragraph(text), data: data)
    }
    let members = templateMembers(of: event)
    var parts = (title: title, text: text, html: "")
    if let template = templates.title {
      parts.title = try renderer.render(template, as: .plain, with: members, field: "/templates/title")
    }
    if let template = templates.text {
      parts.text = try renderer.render(template, as: .plain, with: members, field: "/templates/text")
    }
    if let template = templates.html {
      parts.html = try renderer.render(template, as: .html, with: members, field: "/templates/html")
    } else {
      parts.html = Self.paragraph(parts.text)
    }
    return Message(
      title: parts.title.asOneLine.bounded(toBytes: TemplateRenderer.maxTitleBytes), text: parts.text,
      html: parts.html, data: data)
  }

  private var title: String {
    let title =
      switch (person.nameInSentence, key.leadDays) {
      case (let name?, 0): "Happy birthday, \(name)!"
      case (nil, 0): "Happy birthday!"
      case (let name?, let days): "\(English.possessive(name)) birthday is \(English.inDays(days))"
      case (nil, let days): "A birthday is \(English.inDays(days))"
      }
    return title.asOneLine.bounded(toBytes: TemplateRenderer.maxTitleBytes)
  }

  private var text: String {
    if key.leadDays == 0 {
      let greeting = person.nameInSentence.map { "Happy birthday, \($0)!" } ?? "Happy birthday!"
      return age.map { "\(greeting) \($0) today." } ?? greeting
    }
    let when = "\(English.inDays(key.leadDays)), on \(English.day(key.date))."
    switch (person.nameInSentence, age) {
    case (let name?, let age?): return "\(name) turns \(age) \(when)"
    case (let name?, nil): return "\(English.possessive(name)) birthday is \(when)"
    case (nil, let age?): return "A \(English.ordinal(age)) birthday is \(when)"
    case (nil, nil): return "A birthday is \(when)"
    }
  }

  private static func paragraph(_ text: String) -> String { "<p>\(text.escapedForHTML)</p>" }

  private var data: JSONObject {
    var data = JSONObject()
    data["age"] = age.map { .integer(Int64($0)) }
    data["date"] = .string(key.date.description)
    data["lead_days"] = .integer(Int64(key.leadDays))
    return data
  }

  private func templateMembers(of event: Event) -> [TemplateValue.Member] {
    var members = event.templateMembers(person)
    if let age {
      members.append(.init("age", .text(String(age))))
      members.append(.init("age_ordinal", .text(English.ordinal(age))))
    }
    members.append(.init("date", .text(key.date.description)))
    members.append(.init("date_text", .text(English.date(key.date))))
    members.append(.init("day_text", .text(English.day(key.date))))
    members.append(.init("lead_days", .text(String(key.leadDays))))
    members.append(.init("lead_text", .text(English.inDays(key.leadDays))))
    members.append(.init("has_lead", .flag(key.leadDays > 0)))
    return members
  }
}
