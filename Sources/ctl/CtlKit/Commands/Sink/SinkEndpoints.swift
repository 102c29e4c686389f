import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl sink endpoints`
struct SinkEndpoints: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoints", abstract: "Users' addresses that a sink gave up.",
    discussion: "Example:\n  ctl sink endpoints partner")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the sink.") var id: String

  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    let name = try session.name(.sinks, id)
    try await length.list(session) { size, token throws(CtlError) in
      let request = Carillon_V1_ListGoneEndpointsRequest.with {
        $0.name = name
        $0.pageSize = size
        $0.pageToken = token
      }
      let page = try await session.client.call {
        try await session.client.sinks.listGoneEndpoints(request, options: $0)
      }
      return Page(items: page.endpoints, next: page.nextPageToken)
    }
  }
}

extension Carillon_V1_GoneEndpoint: TableRow {
  static let columns: [Table.Column] = [.init("USER"), .init("REASON"), .init("SINCE")]

  /// There is no other.
  var name: String { user }

  func cells(_ show: ValueText) -> [Table.Cell] {
    [.init(show.id(user)), .init(reason), .init(show.time(since, isSet: hasSince))]
  }
}
