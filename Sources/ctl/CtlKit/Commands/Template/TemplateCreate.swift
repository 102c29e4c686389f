import ArgumentParser
import ControlAPI
import SwiftProtobuf

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
