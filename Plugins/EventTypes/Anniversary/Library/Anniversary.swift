import Occasions
public import PluginKit0

/// The event type `anniversary`: once a year on a named date of a user, or of nobody, or some days before it.
public struct Anniversary: EventTypePlugin {
  /// Calls share nothing but the template cache, which locks.
  public static let threadModel = ThreadModel.parallel

  private let renderer = TemplateRenderer()

  /// Makes an instance; there is nothing to configure.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.init()
  }

  /// An instance with a template cache of its own.
  public init() {}

  /// Checks the date, its name, the milestones and the templates. A date to come is no fault: a wedding may be planned.
  public func validate(_ definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    let definition = AnniversaryDefinition(&reader)
    reader.refuseOthers(than: AnniversaryDefinition.members)
    definition.yearly.checkTemplates(with: renderer, &reader)
    try reader.finish()
  }

  /// Yearly occurrences, the first a year after the date itself, keyed by the date celebrated and the lead.
  public func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try AnniversaryDefinition(checked: request.definition)
    let date = try Person(request.user).yearlyDate(definition.of, unlessGiven: definition.since, as: "since")
    if definition.milestones != nil, date.year == nil {
      throw PluginError(
        .invalid, "milestones need a date whose year is known, and the user's dates.\(definition.of) has none")
    }
    definition.yearly.rule(for: date, milestones: definition.milestones)
      .occurrences(after: request.after, emit: emit)
  }

  /// What the event says: the definition's templates, else the host's, else plain English.
  public func render(_ event: Event) throws(PluginError) -> Message {
    guard let key = OccasionKey(event.occurrenceKey) else {
      throw PluginError(.invalid, "the occurrence key must be YYYY-MM-DD, or YYYY-MM-DD-Nd with a lead")
    }
    let definition = try AnniversaryDefinition(checked: event.definition)
    let person = try Person(event.user)
    // A user whose date was erased since still gets the words, without the years.
    let since = definition.since ?? person.date(definition.of).flatMap { YearlyDate($0) }
    let occasion = AnniversaryOccasion(key: key, since: since?.year, definition: definition, person: person)
    var message = try renderer.message(
      for: event, own: definition.yearly.templates, otherwise: occasion.words,
      members: event.templateMembers(person) + occasion.templateMembers)
    message.contentType = "application/json"
    message.data = occasion.data.serialized()
    return message
  }
}
