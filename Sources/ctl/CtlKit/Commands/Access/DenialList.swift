import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct DenialList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List denials.", discussion: "Example:\n  ctl denial list")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    try await length.list(session) { size, token throws(CtlError) in
      let request = Carillon_V1_ListDenialsRequest.with {
        $0.pageSize = size
        $0.pageToken = token
      }
      let answer = try await session.client.call { try await session.client.access.listDenials(request, options: $0) }
      return Page(items: answer.denials, next: answer.nextPageToken)
    }
  }
}
