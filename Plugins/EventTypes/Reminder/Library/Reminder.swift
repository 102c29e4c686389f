public import Occasions
public import PluginKit0
public import Recurrence

/// The event type `reminder`: once, or again and again by an RRULE, a cron expression or a rate; for a user or for all.
public struct Reminder: EventTypePlugin {
  /// Calls share nothing but caches, which lock.
  public static let threadModel = ThreadModel.parallel

  private let host: Host
  private let renderer: TemplateRenderer

  /// Makes an instance; there is nothing to configure.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.init(host: host)
  }

  /// An instance with a template cache.
  public init(host: Host, renderer: TemplateRenderer = TemplateRenderer()) {
    self.host = host
    self.renderer = renderer
  }

  /// Checks the times, the rule and that it ever comes, the zones, and the templates.
  public func validate(_ definition: JSONText) throws(PluginError) {
    let object = try definition.object(named: "definition")
    var reader = DefinitionReader(object)
    let definition = ReminderDefinition(object, &reader)
    reader.refuseOthers(than: ReminderDefinition.members)
    definition.checkTemplates(with: renderer, &reader)
    if reader.violations.isEmpty { definition.checkSeries(HostClock(host), &reader) }
    try reader.finish()
  }

  /// Occurrences in the order of their events, keyed by their own time and the lead. What `cursor.ordinal` says is only
  /// counted on from: COUNT counts from the start.
  public func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    var steps = Steps()
    try next(request, &steps, emit: emit)
  }

  /// The same, telling how many steps it took.
  public func next(_ request: NextRequest, _ steps: inout Steps, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try ReminderDefinition(checked: request.definition)
    let lead = definition.leadMinutes
    var ordinal = request.after.ordinal
    do throws(RecurrenceFault) {
      try definition.series.occasions(
        after: .init(request.after), zone: request.timeZone, clock: HostClock(host), &steps
      ) { occasion in
        guard let key = ReminderKey(time: occasion.time, leadMinutes: lead)?.description,
          let when = Occurrence.When(occasion.event)
        else { return .enough }
        ordinal = ordinal == .max ? ordinal : ordinal + 1
        return emit(Occurrence(when, ordinal: ordinal, key: key))
      }
    } catch {
      throw error.cause ?? PluginError(violations: [.init(pointer: "/repeat", code: "rule", message: error.message)])
    }
  }

  /// What the definition says, with the occurrence's time and the user's names filled in.
  public func render(_ event: Event) throws(PluginError) -> Message {
    guard let key = ReminderKey(event.occurrenceKey) else {
      throw PluginError(
        .invalid, "the occurrence key must be a time as 2026-11-23T09:30 or 2026-11-23T09:30:00Z, with a lead as -15m")
    }
    let definition = try ReminderDefinition(checked: event.definition)
    let local: Civil
    switch key.time {
    case .local(let time): local = time
    case .instant(let instant):
      local = try host.civil(atNanoseconds: instant * HostClock.nanosecondsPerSecond, in: event.timeZone)
    }
    return try ReminderOccasion(key: key, local: local, event: event, person: try Person(event.user))
      .message(definition, renderer)
  }
}

extension RecurrenceSeries.Position {
  /// Where the host's cursor stands.
  fileprivate init(_ cursor: Cursor) {
    let (quotient, rest) = cursor.instantNanoseconds.quotientAndRemainder(
      dividingBy: HostClock.nanosecondsPerSecond)
    self.init(
      ClockReading(LocalTime(cursor.civil), isSecond: cursor.civil.fold == 1),
      instant: Int(rest < 0 ? quotient - 1 : quotient), isPastInstant: rest != 0, includesItself: cursor.isStart)
  }
}

extension Occurrence.When {
  /// Nil beyond the calendar, or what 64 bits of nanoseconds hold.
  fileprivate init?(_ time: RecurrenceSeries.Occasion.Time) {
    switch time {
    case .local(let local):
      guard let civil = local.civil else { return nil }
      self = .civil(civil)
    case .instant(let seconds):
      let (nanoseconds, isTooFar) = Int64(seconds).multipliedReportingOverflow(by: HostClock.nanosecondsPerSecond)
      if isTooFar { return nil }
      self = .instant(nanoseconds: nanoseconds)
    }
  }
}
