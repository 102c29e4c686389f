import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct DeadLetterList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List dead letters, the newest first.",
    discussion: "Example:\n  ctl dead-letter list --sink partner --since 24h")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength
  @OptionGroup var filter: DeadLetterFilter

  func perform(_ session: Session) async throws {
    let filtered = try filter.request(session)
    try await length.list(session) { size, token throws(CtlError) in
      var page = filtered
      page.pageSize = size
      page.pageToken = token
      return try await DeadLetters.page(session.client, page)
    }
  }
}
