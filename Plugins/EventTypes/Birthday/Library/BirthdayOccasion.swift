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
    var message = try renderer.message(
      for: event, own: templates, otherwise: Words(title: title, text: text), members: templateMembers(of: event))
    message.contentType = "application/json"
    message.data = data.serialized()
    return message
  }

  private var title: String {
    switch (person.nameInSentence, key.leadDays) {
    case (let name?, 0): "Happy birthday, \(name)!"
    case (nil, 0): "Happy birthday!"
    case (let name?, let days): "\(English.possessive(name)) birthday is \(English.inDays(days))"
    case (nil, let days): "A birthday is \(English.inDays(days))"
    }
  }

  private var text: String {
    if key.leadDays == 0 {
      let greeting = person.nameInSentence.map { "Happy birthday, \($0)!" } ?? "Happy birthday!"
      return age.map { "\(greeting) \(English.number($0)) today." } ?? greeting
    }
    let when = "\(English.inDays(key.leadDays)), on \(English.day(key.date))."
    switch (person.nameInSentence, age) {
    case (let name?, let age?): return "\(name) turns \(English.number(age)) \(when)"
    case (let name?, nil): return "\(English.possessive(name)) birthday is \(when)"
    case (nil, let age?):
      return "\(English.article(before: age, capitalized: true)) \(English.ordinal(age)) birthday is \(when)"
    case (nil, nil): return "A birthday is \(when)"
    }
  }

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
      members.append(.init("age_article", .text(English.article(before: age))))
    }
    members += key.templateMembers
    return members
  }
}
