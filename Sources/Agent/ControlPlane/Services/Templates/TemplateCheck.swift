import EventModel
import Logging
import Store

/// Tries a template's words: renders a sample occurrence of its event type with them. Only the event type knows what its
/// templates can say, so that nothing but rendering tells whether they can.
struct TemplateCheck {
  let environment: Environment
  let path: FieldPath

  /// Adds a fault for each part that cannot be rendered. An event type of which no sample can be made is let through, and
  /// the log says so.
  func check(_ template: MessageTemplate, _ violations: inout Violations) async throws {
    guard let sample = try await sample(for: template) else {
      environment.logger.warning(
        "a template was taken untried: no sample of its event type can be made",
        metadata: ["template": "\(template.id)", "event_type": "\(template.eventType)"])
      return
    }
    guard let whole = try await problem(of: sample, with: template) else { return }
    let before = violations.found.count
    for (field, part) in template.parts {
      if let problem = try await problem(of: sample, with: part) { violations.add(path.field(field), problem) }
    }
    // Each part by itself is right.
    if violations.found.count == before { violations.add(path.field(""), whole) }
  }

  /// A sample that the event type's own words can say; nil when there is none.
  private func sample(for template: MessageTemplate) async throws -> SampleSchedule? {
    let facts = await environment.plugins.plugins().first { $0.name == template.eventType }
    let now = environment.now()
    let definitions = SampleSchedule.definitions(
      schema: facts?.definitionSchemaJSON ?? "",
      tomorrow: environment.zones.localTime(of: Timestamp(seconds: now.seconds) + .hours(24), zone: "UTC") ?? "")
    for definition in definitions {
      let sample = SampleSchedule(template, definitionJSON: definition, now: now)
      do throws(PluginOperationError) {
        try await environment.plugins.validateDefinition(
          eventType: template.eventType, definitionJSON: definition)
      } catch {
        guard error.code == .invalid else { throw error }
        continue
      }
      if try await canBeRendered(sample) { return sample }
    }
    return nil
  }

  private func canBeRendered(_ sample: SampleSchedule) async throws -> Bool {
    do {
      return try await problem(of: sample, with: nil) == nil
    } catch let error as StoreError where error.code == .invalid || error.code == .notFound {
      return false
    }
  }

  private func problem(of sample: SampleSchedule, with template: MessageTemplate?) async throws -> String? {
    let query = PreviewQuery(schedule: sample.schedule, user: sample.user, template: template)
    let message = try await environment.pipeline.preview(query, from: environment.now()).first?.messages.first
    guard let message else { return "the sample has no occurrence" }
    return message.problem.isEmpty ? nil : message.problem
  }
}

extension MessageTemplate {
  /// Its parts, each as a template of that part alone.
  fileprivate var parts: [(field: String, template: MessageTemplate)] {
    let all = [("title", title), ("text", text), ("html", html)]
    return all.filter { !$0.1.isEmpty }.map { field, _ in
      var part = self
      if field != "title" { part.title = "" }
      if field != "text" { part.text = "" }
      if field != "html" { part.html = "" }
      return (field, part)
    }
  }
}

extension Environment {
  /// The event type exists and words its events by templates; else tells which do.
  func checkTakesTemplates(
    _ eventType: String, field: String = "template.event_type", _ violations: inout Violations
  ) async {
    guard await checkEventType(eventType, field: field, &violations) else { return }
    let known = Set(await plugins.eventTypes())
    let taking = await plugins.plugins().filter { $0.wording.takesTemplates && known.contains($0.name) }.map(\.name)
    guard !taking.contains(eventType) else { return }
    violations.add(
      field,
      taking.isEmpty
        ? "takes no templates; no event type of this agent does"
        : "takes no templates; these event types do: \(taking.prefix(Self.shownNames).joined(separator: ", "))")
  }
}
