import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// The words of a template on the command line.
struct TemplateParts: ParsableArguments {
  /// What the API takes of one part.
  static let maxBytes = 16 * 1_024

  @Option(help: "Title (Mustache), or @FILE.") var title: String?
  @Option(help: "Text (Mustache), or @FILE.") var text: String?
  @Option(help: "HTML (Mustache), or @FILE.") var html: String?

  /// Sets what was given; an empty part becomes the event type's own.
  func apply(
    to template: inout Carillon_V1_Template, _ around: Surroundings, _ fields: inout FieldPaths
  ) throws(CtlError) {
    try fields.set("title", try read(title, "--title", around)) { template.title = $0 }
    try fields.set("text", try read(text, "--text", around)) { template.text = $0 }
    try fields.set("html", try read(html, "--html", around)) { template.html = $0 }
  }

  private func read(_ part: String?, _ field: String, _ around: Surroundings) throws(CtlError) -> String? {
    try TextArgument.read(part, field: field, maxBytes: Self.maxBytes, surroundings: around)
  }
}

/// What a template is for.
struct TemplateScope: ParsableArguments {
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type such as birthday.")
  var type: String?
  @Option(help: "For this language, such as de or pt-BR (default: any).") var locale: String?
  @Option(help: "For this sink (default: any).") var sink: String?

  func apply(
    to template: inout Carillon_V1_Template, _ session: Session, _ fields: inout FieldPaths
  ) throws(CtlError) {
    try fields.set("event_type", type) { template.eventType = $0 }
    try fields.set("locale", locale) { template.locale = $0 }
    try fields.set("sink", sink) { id throws(CtlError) in
      template.sink = try ResourceKind.sinks.optionalName(id, namespace: session.namespace)
    }
  }
}

struct TemplateCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a template.",
    discussion: """
      Example:
        ctl template create birthday-de --event-type birthday --locale de \\
          --title "Alles Gute, {{user.name}}!" --text @birthday-de.txt
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new template's id.") var id: String
  @OptionGroup var scope: TemplateScope
  @OptionGroup var parts: TemplateParts
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func validate() throws {
    if scope.type == nil { throw ValidationError("--event-type is needed") }
    if parts.title == nil, parts.text == nil, parts.html == nil {
      throw ValidationError("a template needs words: give --title, --text or --html")
    }
  }

  func perform(_ session: Session) async throws {
    var template = Carillon_V1_Template()
    var fields = FieldPaths()
    try scope.apply(to: &template, session, &fields)
    try parts.apply(to: &template, session.around, &fields)
    let complete = template
    let request = Carillon_V1_CreateTemplateRequest.with {
      $0.parent = session.parent(.templates)
      $0.templateID = id
      $0.template = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call {
      try await session.client.templates.createTemplate(request, options: $0)
    }
    try session.printer.one(answer)
  }
}

struct TemplateUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a template. An empty part becomes the event type's own.",
    discussion: "Example:\n  ctl template update birthday-de --title \"Alles Gute!\"")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .templates)) var id: String
  @OptionGroup var scope: TemplateScope
  @OptionGroup var parts: TemplateParts
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    var template = Carillon_V1_Template()
    var fields = FieldPaths()
    template.name = try session.name(.templates, id)
    template.etag = etag
    try scope.apply(to: &template, session, &fields)
    try parts.apply(to: &template, session.around, &fields)
    let complete = template
    let mask = try fields.mask()
    let request = Carillon_V1_UpdateTemplateRequest.with {
      $0.template = complete
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    let answer = try await session.client.call {
      try await session.client.templates.updateTemplate(request, options: $0)
    }
    try session.printer.one(answer)
  }
}
