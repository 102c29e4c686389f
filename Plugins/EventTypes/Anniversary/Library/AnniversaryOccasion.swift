import Occasions
import PluginKit0

/// One anniversary, in words and for machines.
struct AnniversaryOccasion {
  let key: OccasionKey
  let name: String
  let title: AnniversaryTitle
  let person: Person
  /// How many years it is then; nil when the year is unknown.
  let years: Int?

  init(key: OccasionKey, since year: Int?, definition: AnniversaryDefinition, person: Person) {
    self.key = key
    self.person = person
    name = definition.of
    title = definition.title
    years = year.map { key.date.year - $0 }.flatMap { $0 >= 1 ? $0 : nil }
  }

  /// The built-in English.
  var words: Words {
    if key.leadDays > 0 {
      let said = "\(whose) \(counted) is \(English.inDays(key.leadDays))"
      return Words(title: said, text: "\(said), on \(English.weekdayAndDay(key.date)).")
    }
    if title.isSolemn {
      let said = "\(whose) \(counted) is today"
      return Words(title: said, text: "\(said), \(English.weekdayAndDay(key.date)).")
    }
    let said = person.nameInSentence.map { "Happy \(counted), \($0)!" } ?? "Happy \(counted)!"
    return Words(title: said, text: years.map { "\(said) \($0 == 1 ? "One year" : English.years($0)) today." } ?? said)
  }

  /// `10th wedding anniversary`
  private var counted: String { years.map { "\(English.ordinal($0)) \(title.text)" } ?? title.text }

  private var whose: String { person.nameInSentence.map(English.possessive) ?? "The" }

  /// For machines.
  var data: JSONObject {
    var data = JSONObject()
    data["years"] = years.map { .integer(Int64($0)) }
    data["date"] = .string(key.date.description)
    data["lead_days"] = .integer(Int64(key.leadDays))
    data["name"] = .string(name)
    return data
  }

  /// The names of its own that templates can use.
  var templateMembers: [TemplateValue.Member] {
    var members: [TemplateValue.Member] = [.init("name", .text(name)), .init("occasion", .text(title.text))]
    if let years {
      members += [
        .init("years", .text(String(years))), .init("years_text", .text(English.years(years))),
        .init("years_ordinal", .text(English.ordinal(years))),
        .init("years_article", .text(English.article(before: years))),
      ]
    }
    return members + key.templateMembers
  }
}
