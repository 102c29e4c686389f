public import Occasions
public import PluginKit0

/// The event type `birthday`: once a year on the day somebody was born, or some days before it.
public struct Birthday: EventTypePlugin {
  /// Calls share nothing but the template cache, which locks.
  public static let threadModel = ThreadModel.parallel

  private let renderer: TemplateRenderer
  private let today: @Sendable () -> CivilDate

  /// Makes an instance; there is nothing to configure.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.init(today: { WallClock.today })
  }

  /// An instance with a calendar of its own, for tests.
  public init(today: @escaping @Sendable () -> CivilDate, renderer: TemplateRenderer = TemplateRenderer()) {
    self.today = today
    self.renderer = renderer
  }

  /// Checks the dates and the templates. A date of birth after tomorrow, in UTC, is a fault here and only here:
  /// what `next` answers must not depend on the clock.
  public func validate(_ definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    let definition = BirthdayDefinition(&reader)
    reader.refuseOthers(than: BirthdayDefinition.members)
    definition.yearly.checkTemplates(with: renderer, &reader)
    if let born = definition.born.flatMap(CivilDate.init(ofBirth:)), let limit = today().adding(days: 1), born > limit {
      reader.fault("born", "future", "is \(born), and must not be in the future")
    }
    try reader.finish()
  }

  /// Yearly occurrences, the first a year after the birth, keyed by the date celebrated and the lead.
  public func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try BirthdayDefinition(checked: request.definition)
    let born = try Person(request.user).yearlyDate("birth", unlessGiven: definition.born, as: "born")
    definition.yearly.rule(for: born).occurrences(after: request.after, emit: emit)
  }

  /// What the event says: the definition's templates, else plain English.
  public func render(_ event: Event) throws(PluginError) -> Message {
    guard let key = OccasionKey(event.occurrenceKey) else {
      throw PluginError(.invalid, "the occurrence key must be YYYY-MM-DD, or YYYY-MM-DD-Nd with a lead")
    }
    let definition = try BirthdayDefinition(checked: event.definition)
    let person = try Person(event.user)
    // A user whose date was erased since is still congratulated, without an age.
    let born = definition.born ?? person.date("birth").flatMap { YearlyDate($0) }
    let occasion = BirthdayOccasion(key: key, bornIn: born?.year, person: person)
    return try occasion.message(for: event, templates: definition.yearly.templates, renderer: renderer)
  }
}

extension CivilDate {
  /// The date of birth, when its year is known.
  fileprivate init?(ofBirth date: YearlyDate) {
    guard let year = date.year else { return nil }
    self.init(year: year, month: date.month, day: date.day)
  }
}
