import Occasions
import PluginKit0
import Recurrence

/// What a reminder's definition says, with its defaults.
struct ReminderDefinition {
  static let members = [
    "title", "text", "html", "templates", "start", "at", "repeat", "rdate", "exdate", "end", "lead_minutes",
  ]
  /// Minutes before an occurrence: four weeks after it to a year before it.
  static let leads = -40_320...525_600
  /// Times in `rdate`, and in `exdate`.
  static let maxTimes = 500

  let content: MessageTemplates
  let templates: MessageTemplates?
  let series: RecurrenceSeries
  let leadMinutes: Int

  /// Reads a definition, noting every fault. Members that are absent or at fault get their defaults.
  init(_ object: JSONObject, _ reader: inout DefinitionReader) {
    content = MessageTemplates(&reader)
    templates = MessageTemplates(member: "templates", &reader)
    leadMinutes = reader.integer("lead_minutes", in: Self.leads) ?? 0
    let at = reader.text("at", expected: "a time of day, as HH:MM or HH:MM:SS") { CivilTimeOfDay($0) }
    var series = RecurrenceSeries(timeOfDay: at ?? .nineOClock)
    series.start = reader.text("start", expected: SeriesTime.forms) { SeriesTime($0) }
    series.end = reader.text("end", expected: SeriesTime.forms) { SeriesTime($0) }
    series.repetition = Self.repetition(&reader)
    series.added = Self.times("rdate", object, &reader)
    series.excluded = Self.times("exdate", object, &reader)
    series.leadSeconds = leadMinutes * 60
    self.series = series
    if !reader.has("title"), !reader.has("text") {
      reader.fault("", "required", "there must be a title or a text")
    }
    Self.checkMembers(series, &reader)
  }

  /// Reads a definition that was validated when it was made; a fault is an error all the same.
  init(checked definition: JSONText) throws(PluginError) {
    let object = try definition.object(named: "definition")
    var reader = DefinitionReader(object)
    self.init(object, &reader)
    try reader.finish()
  }

  private static func repetition(_ reader: inout DefinitionReader) -> Repetition? {
    guard let text = reader.text("repeat") else { return nil }
    do throws(RecurrenceFault) {
      return try Repetition(text)
    } catch {
      reader.fault("repeat", "rule", error.message)
      return nil
    }
  }

  private static func times(_ name: String, _ object: JSONObject, _ reader: inout DefinitionReader) -> [SeriesTime] {
    guard let value = object[name] else { return [] }
    guard case .array(let values) = value else {
      reader.fault(name, "type", "is \(value.kind), and must be a list of times")
      return []
    }
    guard values.count <= maxTimes else {
      reader.fault(name, "count", "has \(values.count) times, and may have \(maxTimes)")
      return []
    }
    return values.enumerated().compactMap { index, value in
      guard let text = value.string else {
        reader.fault("\(name)/\(index)", "type", "is \(value.kind), and must be a string")
        return nil
      }
      let time = SeriesTime(text)
      if time == nil { reader.fault("\(name)/\(index)", "format", "must be \(SeriesTime.forms)") }
      return time
    }
  }

  /// Members that need each other, or exclude each other.
  private static func checkMembers(_ series: RecurrenceSeries, _ reader: inout DefinitionReader) {
    if !reader.has("start"), !reader.has("repeat"), !reader.has("rdate") {
      reader.fault("", "required", "there must be a start, a repeat or an rdate")
    }
    if let repetition = series.repetition {
      if repetition.needsStart, !reader.has("start") {
        reader.fault("start", "required", "must be there with an RRULE, which counts from it")
      }
      if repetition.endsItself, reader.has("end") {
        reader.fault("end", "unexpected", "goes with cron(…) and rate(…); an RRULE ends with its own UNTIL or COUNT")
      }
    } else if !reader.has("repeat"), reader.has("end") {
      reader.fault("end", "unexpected", "goes with a repeat that is cron(…) or rate(…)")
    }
  }
}

extension ReminderDefinition {
  /// Notes a fault for each template that cannot be rendered.
  func checkTemplates(with renderer: TemplateRenderer, _ reader: inout DefinitionReader) {
    var outer = DefinitionReader(JSONObject())
    content.check(with: renderer, &outer)
    var inner = DefinitionReader(JSONObject(), at: "/templates")
    templates?.check(with: renderer, &inner)
    reader.add(outer.violations + inner.violations)
  }

  /// Notes a fault for each zone that the host does not know, and for a rule that never comes.
  func checkSeries(_ clock: HostClock, _ reader: inout DefinitionReader) {
    var known: Set<String> = [FixedClock.zone]
    let places =
      [("start", series.start), ("end", series.end)]
      + series.added.enumerated().map { ("rdate/\($0.offset)", $0.element) }
      + series.excluded.enumerated().map { ("exdate/\($0.offset)", $0.element) }
    for (place, time) in places {
      guard let zone = time?.zone, !known.contains(zone) else { continue }
      do throws(PluginError) {
        _ = try clock.reading(at: 0, in: zone)
        known.insert(zone)
      } catch {
        reader.fault(place, "zone", "names the time zone \(zone), which is not known here")
      }
    }
    guard reader.violations.isEmpty, let repetition = series.repetition else { return }
    do throws(RecurrenceFault) {
      if try !repetition.everComes(in: series) {
        reader.fault("repeat", "never", "has no occurrence, from its start to its end, at most in the year 2260")
      }
    } catch {
      reader.fault("repeat", "rule", error.message)
    }
  }
}
