import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct EventNotify: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify", abstract: "Send a notification, now or later.",
    discussion: """
      Examples:
        ctl event notify --title "Backup done" --text "All 214 files."
        ctl event notify --user ada --title "Stand-up" --at 2026-05-04T09:00:00+02:00 --id standup-2026-05-04
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "Title.") var title: String
  @Option(help: "Text.") var text: String?
  @OptionGroup var fields: EventFields

  func perform(_ session: Session) async throws {
    var definition = Google_Protobuf_Struct()
    definition.fields["title"] = .init(stringValue: title)
    if let text { definition.fields["text"] = .init(stringValue: text) }
    try session.printer.one(try await fields.create(session, type: "notification", definition: definition))
  }
}
