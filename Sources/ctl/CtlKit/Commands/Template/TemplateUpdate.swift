import ArgumentParser
import ControlAPI
import SwiftProtobuf

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
