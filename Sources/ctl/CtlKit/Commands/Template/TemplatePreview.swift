import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl template preview`: words before they are used.
struct TemplatePreview: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Show what a template would say, stored or not. Nothing is sent or kept.",
    discussion: """
      On a schedule with --schedule; else on a sample person, which is said. Parts on the command line go before those \
      of the stored template. HTML is shown where the template words it.

      Examples:
        ctl template preview birthday-de --schedule ada-birthday
        ctl template preview --event-type birthday --title "Alles Gute, {{user.name}}!" --locale de
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of a stored template.") var id: String?
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type, where no template is named.")
  var type: String?
  @OptionGroup var parts: TemplateParts
  @Option(help: "Try it on this schedule.") var schedule: String?
  @Option(help: "Try it on a schedule that is not stored: its definition as JSON or @FILE.") var definition: String?
  @Option(help: "path=value in that definition; repeatable.") var set: [PairArgument] = []
  @OptionGroup var fields: PreviewFields

  func validate() throws {
    if id == nil, parts.title == nil, parts.text == nil, parts.html == nil {
      throw ValidationError("nothing to preview: name a template, or give --title, --text or --html")
    }
    if id != nil, type != nil { throw ValidationError("--event-type goes with words that are not stored") }
    if id == nil, type == nil, schedule == nil {
      throw ValidationError("for which event type? Give --event-type or --schedule")
    }
    if schedule != nil, definition != nil || !set.isEmpty {
      throw ValidationError("--schedule excludes --definition and --set")
    }
  }

  func perform(_ session: Session) async throws {
    var template = Carillon_V1_Template()
    if let id { template = try await Templates.get(session.client, name: try session.name(.templates, id)) }
    if let type { template.eventType = type }
    var paths = FieldPaths()
    try parts.apply(to: &template, session.around, &paths)
    var request = try fields.request(session)
    if request.sink.isEmpty { request.sink = template.sink }
    // A stored schedule has its own person, or none, whose language it would be.
    if schedule == nil, request.locale.isEmpty, !request.hasSampleUser { request.locale = template.locale }
    let preface = try target(&request, template, session)
    request.template = template
    try await PreviewText.ask(request, session, showsHTML: !template.html.isEmpty, preface: preface)
  }

  /// Names the schedule, or makes one; answers what people must know of it.
  private func target(
    _ request: inout Carillon_V1_PreviewScheduleRequest, _ template: Carillon_V1_Template, _ session: Session
  ) throws(CtlError) -> String? {
    if let schedule {
      request.name = try session.name(.schedules, schedule)
      return nil
    }
    let sample = SampleOccasion.of(template.eventType, now: session.around.now())
    var made = Carillon_V1_Schedule()
    made.eventType = template.eventType
    if definition != nil || !set.isEmpty {
      made.definition = try ObjectArgument.read(definition, set, field: "--definition")
    } else {
      guard let sample else {
        throw CtlError(
          .invalidArgument, "there is no sample for the event type \(Excerpt.of(template.eventType))",
          hint: "give --schedule, or a definition with --set or --definition")
      }
      made.definition = try ObjectArgument.read(sample, [], field: "definition")
    }
    if !request.hasSampleUser { request.sampleUser = SampleOccasion.user }
    request.schedule = made
    let person = request.sampleUser.displayName.isEmpty ? "a sample person" : request.sampleUser.displayName
    return "tried on \(person), who is made up; try it on a real one with --schedule"
  }
}

/// Somebody made up, and what an event type would need to know, to try words on.
enum SampleOccasion {
  static var user: Carillon_V1_SampleUser {
    .with {
      $0.displayName = "Ada Example"
      $0.givenName = "Ada"
      $0.timeZone = "Europe/London"
      $0.dates = ["birth": "1990-12-10", "wedding": "2015-06-20"]
    }
  }

  /// A definition, as JSON, whose next occurrence is soon.
  /// - Parameter now: milliseconds since 1970.
  static func of(_ eventType: String, now: Int64) -> String? {
    switch eventType {
    case "birthday": #"{"at": "09:00"}"#
    case "anniversary": #"{"of": "wedding", "at": "09:00"}"#
    case "reminder": #"{"title": "Stand-up", "start": "2026-01-05T09:30", "repeat": "FREQ=WEEKLY;BYDAY=MO,TU"}"#
    case "notification":
      #"{"title": "Hello", "text": "This is a notification.", "at": ""#
        + Timestamps.rfc3339(milliseconds: now + 3_600_000) + #""}"#
    default: nil
    }
  }
}
